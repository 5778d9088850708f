import type { VisitorMessage } from "#core/contract/widget"
import type { Conversation } from "./conversation.ts"
import { element, icon } from "./element.ts"
import type { Options } from "./options.ts"
import { style } from "./style.ts"
import { Written } from "./written.ts"

const drawings = {
  chat: ["M21 11.5a8.4 8.4 0 0 1-9 8.4 9 9 0 0 1-3.6-.8L3 21l1.9-5.1A8.4 8.4 0 1 1 21 11.5z"],
  close: ["M18 6 6 18", "m6 6 12 12"],
  send: ["m5 12 7-7 7 7", "M12 19V5"],
  stop: ["M7 7h10v10H7z"],
}

type Shown = { root: HTMLElement; written: Written | null; state: HTMLElement }

/** A reader this near to the end is at the end, and stays there. */
const nearPx = 40

/** The bubble, and the panel that it opens. */
export class View {
  readonly host: HTMLElement
  readonly #bubble = element("button", { class: "bubble", type: "button", "aria-expanded": "false" })
  readonly #panel = element("section", {
    class: "panel",
    role: "dialog",
    "aria-modal": "false",
    hidden: true,
  })
  readonly #title = element("h2")
  readonly #log = element("div", { class: "log", role: "log", "aria-live": "polite", tabindex: "0" })
  readonly #error = element("p", { class: "error", role: "alert", hidden: true })
  readonly #box: HTMLTextAreaElement
  readonly #send: HTMLButtonElement
  readonly #stop: HTMLButtonElement
  readonly #shown = new Map<string, Shown>()
  readonly #dirty = new Set<string>()
  readonly #options: Options
  readonly #greeting: HTMLElement
  #conversation: Conversation | null = null
  #isDrawing = false

  constructor(options: Options) {
    this.#options = options
    this.host = element("edgecrew-chat" as "div", { "data-side": options.side, "data-theme": options.theme })
    this.#box = element("textarea", {
      rows: "1",
      maxlength: "10000",
      placeholder: options.placeholder,
      "aria-label": options.placeholder,
    })
    this.#send = element("button", {
      class: "round send",
      type: "submit",
      "aria-label": "Send",
      disabled: true,
    })
    this.#stop = element("button", { class: "round", type: "button", "aria-label": "Stop", hidden: true })
    this.#greeting = element("div", { class: "message" }, element("p", {}, options.greeting))
    this.#build()
    this.name(options.title ?? "Chat")
  }

  attach(conversation: Conversation): void {
    this.#conversation = conversation
    if (this.#options.isOpen) this.open()
  }

  /** Names the panel and the bubble. */
  name(name: string): void {
    const said = this.#options.title ?? name
    this.#title.textContent = said
    this.#panel.setAttribute("aria-label", said)
    this.#bubble.setAttribute("aria-label", `Open the chat: ${said}`)
  }

  open(): void {
    this.#panel.hidden = false
    this.host.dataset["open"] = ""
    this.#bubble.setAttribute("aria-expanded", "true")
    this.#conversation?.open()
    this.#box.focus()
    this.#toEnd()
  }

  close(): void {
    this.#panel.hidden = true
    delete this.host.dataset["open"]
    this.#bubble.setAttribute("aria-expanded", "false")
    this.#conversation?.close()
    this.#bubble.focus()
  }

  /** Shows what changed, once a frame. */
  changed(ids: readonly string[]): void {
    for (const id of ids) this.#dirty.add(id)
    if (this.#isDrawing) return
    this.#isDrawing = true
    requestAnimationFrame(() => this.#draw())
  }

  #build(): void {
    const root = this.host.attachShadow({ mode: "open" })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(style)
    root.adoptedStyleSheets = [sheet]
    const close = element("button", { class: "round", type: "button", "aria-label": "Close the chat" })
    const form = element("form", {}, this.#box, this.#stop, this.#send)
    close.append(icon(...drawings.close))
    this.#bubble.append(icon(...drawings.chat))
    this.#send.append(icon(...drawings.send))
    this.#stop.append(icon(...drawings.stop))
    this.#log.append(this.#greeting)
    this.#panel.append(element("header", {}, this.#title, close), this.#log, this.#error, form)
    root.append(this.#panel, this.#bubble)
    this.#bubble.addEventListener("click", () => (this.#panel.hidden ? this.open() : this.close()))
    close.addEventListener("click", () => this.close())
    this.#stop.addEventListener("click", () => void this.#try(() => this.#conversation!.stop()))
    this.#box.addEventListener("input", () => this.#weigh())
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      void this.#submit()
    })
    this.#panel.addEventListener("keydown", (event) => this.#onKey(event))
  }

  #onKey(event: KeyboardEvent): void {
    // The site's own shortcuts must not take what is typed here.
    event.stopPropagation()
    if (event.key === "Escape") this.close()
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.target !== this.#box) return
    event.preventDefault()
    void this.#submit()
  }

  async #submit(): Promise<void> {
    const content = this.#box.value.trim()
    if (content === "" || this.#box.readOnly) return
    // It stays in the box until the server has taken it.
    this.#box.readOnly = true
    const taken = await this.#try(() => this.#conversation!.send(content))
    this.#box.readOnly = false
    if (taken) this.#box.value = ""
    this.#weigh()
    this.#box.focus()
  }

  async #try(act: () => Promise<void>): Promise<boolean> {
    this.#error.hidden = true
    try {
      await act()
      return true
    } catch (error) {
      const isOffline = error instanceof TypeError
      this.#error.textContent = isOffline
        ? "The server cannot be reached. Check your connection."
        : error instanceof Error
          ? error.message
          : "This did not work. Try again."
      this.#error.hidden = false
      return false
    }
  }

  #weigh(): void {
    this.#send.disabled = this.#box.value.trim() === ""
    const isIdle = this.#conversation?.isBusy !== true
    // Whoever stopped an answer by key goes on in the box: a button that is gone would leave them nowhere.
    if (isIdle && !this.#stop.hidden && this.host.shadowRoot?.activeElement === this.#stop) this.#box.focus()
    this.#stop.hidden = isIdle
  }

  #draw(): void {
    this.#isDrawing = false
    const log = this.#log
    const wasAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < nearPx
    const messages = this.#conversation?.messages ?? new Map<string, VisitorMessage>()
    for (const [id, { root }] of this.#shown) {
      if (messages.has(id)) continue
      root.remove()
      this.#shown.delete(id)
    }
    for (const id of this.#dirty) {
      const message = messages.get(id)
      if (message) this.#drawMessage(message)
    }
    this.#dirty.clear()
    this.#weigh()
    if (wasAtEnd) this.#toEnd()
  }

  #drawMessage(message: VisitorMessage): void {
    let shown = this.#shown.get(message.id)
    if (!shown) {
      shown = makeMessage(message)
      this.#shown.set(message.id, shown)
      this.#log.append(shown.root)
    }
    const { root, written, state } = shown
    const isWriting = message.status === "answering" || message.status === "queued"
    // Read out when it is whole, not at every word.
    root.setAttribute("aria-busy", String(isWriting))
    if (written) written.show(message.content)
    else root.textContent = message.content
    state.textContent = says[message.status]
    state.classList.toggle("dots", isWriting)
    state.hidden = says[message.status] === "" || (message.status === "answering" && message.content !== "")
  }

  #toEnd(): void {
    this.#log.scrollTop = this.#log.scrollHeight
  }
}

const says: Record<VisitorMessage["status"], string> = {
  queued: "Waiting",
  answering: "Thinking",
  waiting: "A person has to look at this first",
  done: "",
  failed: "No answer came of this. Try again.",
  stopped: "Stopped",
}

function makeMessage({ role }: VisitorMessage): Shown {
  const state = element("p", { class: "state" })
  if (role === "user") return { root: element("div", { class: "message user" }), written: null, state }
  const words = element("div", { class: "words" })
  return { root: element("div", { class: "message" }, words, state), written: new Written(words), state }
}
