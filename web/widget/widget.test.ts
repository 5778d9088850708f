import { afterEach, beforeEach, expect, it, vi } from "vitest"
import type { VisitorEvent, VisitorMessage } from "#core/contract/widget"
import { MessageId } from "#core/ids"
import { Client } from "./client.ts"
import { Conversation } from "./conversation.ts"
import { optionsOf } from "./options.ts"
import { View } from "./view.ts"
import { Written } from "./written.ts"

const id = (n: number) => MessageId.parse(`msg_01JD${String(n).padStart(22, "0")}`)
const at = "2026-11-21T09:30:00.000Z"
const said = (n: number, change: Partial<VisitorMessage> = {}): VisitorMessage => ({
  id: id(n),
  parent_id: n === 1 ? null : id(n - 1),
  role: n % 2 === 1 ? "user" : "assistant",
  content: n % 2 === 1 ? `Question ${n}` : `Answer ${n}`,
  status: "done",
  created_at: at,
  finished_at: at,
  ...change,
})

type Asked = { method: string; path: string; bearer: string | null; body: unknown }

/** A server of one visitor's chat. */
class FakeServer {
  readonly asked: Asked[] = []
  messages: VisitorMessage[] = []
  refuse: Record<string, { status: number; detail: string }> = {}
  #line: ReadableStreamDefaultController<Uint8Array> | null = null
  #seq = 5

  constructor() {
    vi.stubGlobal("fetch", (address: string, init: RequestInit) => this.#serve(address, init))
  }

  say(
    ...events: (VisitorEvent extends infer E ? (E extends VisitorEvent ? Omit<E, "seq"> : never) : never)[]
  ) {
    for (const event of events) {
      this.#seq++
      const text = `id: ${this.#seq}\ndata: ${JSON.stringify({ seq: this.#seq, ...event })}\n\n`
      this.#line?.enqueue(new TextEncoder().encode(text))
    }
  }

  async #serve(address: string, init: RequestInit): Promise<Response> {
    const { pathname, origin } = new URL(address)
    expect(origin).toBe("https://crew.example")
    expect(init.credentials).toBe("omit")
    const path = pathname.replace("/api/v1/widget", "")
    const method = init.method ?? "GET"
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined
    const bearer = new Headers(init.headers).get("authorization")
    this.asked.push({ method, path, bearer, body })
    const refusal = this.refuse[`${method} ${path}`]
    if (refusal) {
      delete this.refuse[`${method} ${path}`]
      return new Response(JSON.stringify({ detail: refusal.detail }), { status: refusal.status })
    }
    if (path === "/stream") {
      return new Response(new ReadableStream<Uint8Array>({ start: (line) => void (this.#line = line) }))
    }
    if (path === "/sessions") {
      return new Response(JSON.stringify({ token: "t1", partner: "Shop help", title: "", expires_at: at }))
    }
    if (method === "GET") {
      const messages = this.messages.toReversed()
      return new Response(JSON.stringify({ messages, has_more: false, last_seq: 5, partner: "Shop help" }))
    }
    return new Response(JSON.stringify({ message_id: id(1) }), { status: 202 })
  }
}

/** The widget of a tag, and the ways to its parts. */
function show(attributes: Record<string, string> = {}) {
  const tag = document.createElement("script")
  tag.src = "https://crew.example/widget.js"
  Object.assign(tag.dataset, { key: "eck_0123456789", ...attributes })
  const options = optionsOf(tag)!
  const view = new View(options)
  const conversation: Conversation = new Conversation(new Client(options.host, options.key), {
    changed: (ids) => view.changed(ids),
    partner: (name) => view.name(name),
  })
  document.body.append(view.host)
  view.attach(conversation)
  const root = view.host.shadowRoot!
  const part = <E extends Element>(selector: string) => root.querySelector<E>(selector)!
  const write = (text: string) => {
    const box = part<HTMLTextAreaElement>("textarea")
    box.value = text
    box.dispatchEvent(new Event("input"))
    box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }))
  }
  return { view, conversation, root, part, write }
}

let server: FakeServer
beforeEach(() => {
  server = new FakeServer()
})
afterEach(() => {
  document.body.replaceChildren()
  vi.unstubAllGlobals()
})

it("asks the server for nothing before a visitor writes, and begins a chat with the key then", async () => {
  const { part, write } = show()
  part<HTMLButtonElement>(".bubble").click()
  expect(part(".log").textContent).toBe("Hello! What can I do for you?")
  expect(server.asked).toEqual([])
  write("Do you ship to Malta?")
  await vi.waitFor(() => expect(server.asked.at(-1)?.path).toBe("/stream"), { timeout: 10_000 })
  expect(server.asked.map(({ path, bearer, body }) => [path, bearer, body])).toEqual([
    ["/sessions", "Bearer eck_0123456789", {}],
    ["/messages", "Bearer t1", { content: "Do you ship to Malta?" }],
    ["/messages", "Bearer t1", undefined],
    ["/stream", "Bearer t1", undefined],
  ])
  expect(part("h2").textContent).toBe("Shop help")
  expect(part<HTMLTextAreaElement>("textarea").value).toBe("")
})

it("shows an answer as it is written, and what it is: words, links and code, never a tag", async () => {
  const { part, write } = show({ open: "" })
  write("Hi")
  await vi.waitFor(() => expect(server.asked.at(-1)?.path).toBe("/stream"), { timeout: 10_000 })
  server.say(
    { type: "message", message: said(1) },
    { type: "message", message: said(2, { content: "", status: "answering" }) },
    { type: "delta", message_id: id(2), text: "**Yes** <img src=x onerror=alert(1)> " },
  )
  await vi.waitFor(() => expect(part(".words strong")?.textContent).toBe("Yes"), { timeout: 10_000 })
  expect(part(".words").closest(".message")?.getAttribute("aria-busy")).toBe("true")
  expect(part<HTMLElement>("[aria-label=Stop]").hidden).toBe(false)
  server.say({
    type: "delta",
    message_id: id(2),
    text: "[x](javascript:alert(1)) ![p](https://evil.example/p)",
  })
  await vi.waitFor(() => expect(part(".words").textContent).toContain(" p"), { timeout: 10_000 })
  expect(part(".words").querySelectorAll("img, script, iframe")).toHaveLength(0)
  expect([...part(".words").querySelectorAll("a")].map((one) => one.getAttribute("href"))).toEqual([
    "https://evil.example/p",
  ])
  server.say(
    { type: "reset", message_id: id(2) },
    { type: "message", message: said(2, { content: "Done." }) },
  )
  await vi.waitFor(() => expect(part(".words").textContent).toBe("Done."), { timeout: 10_000 })
  expect(part<HTMLElement>("[aria-label=Stop]").hidden).toBe(true)
})

it("keeps what was written when the server refuses it, and says why", async () => {
  const { part, write } = show({ open: "" })
  server.refuse["POST /sessions"] = { status: 403, detail: "This site may not use the key." }
  write("dear words")
  await vi.waitFor(() => expect(part("[role=alert]").textContent).toBe("This site may not use the key."), {
    timeout: 10_000,
  })
  await vi.waitFor(() => expect(part<HTMLTextAreaElement>("textarea").readOnly).toBe(false), {
    timeout: 10_000,
  })
  expect(part<HTMLTextAreaElement>("textarea").value).toBe("dear words")
})

it("goes on with the chat of the page before, and begins anew when its token is over", async () => {
  localStorage.setItem("edgecrew.widget.23456789", "old")
  server.messages = [said(1), said(2)]
  const { part, write } = show({ open: "" })
  await vi.waitFor(() => expect(part(".words")?.textContent).toBe("Answer 2"), { timeout: 10_000 })
  server.refuse["POST /messages"] = { status: 401, detail: "Over." }
  write("Still there?")
  await vi.waitFor(() => expect(localStorage.getItem("edgecrew.widget.23456789")).toBe("t1"), {
    timeout: 10_000,
  })
  const bearers = server.asked.filter(({ method, path }) => method === "POST" && path === "/messages")
  expect(bearers.map(({ bearer }) => bearer)).toEqual(["Bearer old", "Bearer t1"])
})

it("opens and closes by key, gives the focus back, and keeps its keys from the site", () => {
  const heard = vi.fn()
  document.addEventListener("keydown", heard)
  const { root, part } = show()
  const bubble = part<HTMLButtonElement>(".bubble")
  expect(bubble.getAttribute("aria-expanded")).toBe("false")
  bubble.click()
  expect(root.activeElement?.tagName).toBe("TEXTAREA")
  expect(part("[role=dialog]").getAttribute("aria-label")).toBe("Chat")
  part("textarea").dispatchEvent(
    new KeyboardEvent("keydown", { key: "Escape", bubbles: true, composed: true }),
  )
  expect(part<HTMLElement>(".panel").hidden).toBe(true)
  expect(root.activeElement).toBe(bubble)
  expect(heard).not.toHaveBeenCalled()
  document.removeEventListener("keydown", heard)
})

it("has no style element, inline style or inline handler, which a site's policy would refuse", () => {
  const { root } = show({ open: "" })
  expect(root.querySelector("style, [style]")).toBeNull()
  for (const one of root.querySelectorAll("*")) {
    expect(one.getAttributeNames().filter((name) => name.startsWith("on"))).toEqual([])
  }
})

it("draws again only what changed", () => {
  const written = new Written(document.createElement("div"))
  written.show("# one\n\ntwo\n\nthree\n\nfo")
  const [first, second] = written.root.children
  written.show("# one\n\ntwo\n\nthree\n\nfour")
  expect([written.root.children[0], written.root.children[1]]).toEqual([first, second])
  expect(written.root.textContent).toBe("onetwothreefour")
})

it("is nothing where the tag names no key", () => {
  const tag = document.createElement("script")
  tag.src = "https://crew.example/widget.js"
  expect(optionsOf(tag)).toBeNull()
})
