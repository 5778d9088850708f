import * as Y from "yjs"
import type { Window } from "./window.ts"

/** A long text that somebody has open, as the text editor of the page has it. */
export class Writing {
  private readonly doc = new Y.Doc()
  private read = 0
  private readonly window: Window
  private readonly place: { node: string; field: string; epoch: number }

  private constructor(window: Window, place: Writing["place"], state: Uint8Array) {
    this.window = window
    this.place = place
    Y.applyUpdate(this.doc, state)
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin === "server") return
      window.client.edit({ type: "text", ...place, update: update.slice() }, { undoable: false })
      window.say()
    })
  }

  static async open(window: Window, node: string, field: string): Promise<Writing> {
    const known = window.texts.length
    window.sendRaw(JSON.stringify({ type: "open", node, field }))
    while (window.texts.length === known) await new Promise((resolve) => setTimeout(resolve, 2))
    const { state, ...opened } = window.texts.at(-1)!
    const bytes = Uint8Array.from(atob(state), (sign) => sign.charCodeAt(0))
    return new Writing(window, { node: opened.node, field: opened.field, epoch: opened.epoch }, bytes)
  }

  insert(at: number, text: string): void {
    this.doc.getText("text").insert(at, text)
  }

  /** The text as it is now, with what the window has heard. */
  get text(): string {
    for (const { node, field, epoch, update } of this.window.writings.slice(this.read)) {
      const isThis = node === this.place.node && field === this.place.field && epoch === this.place.epoch
      if (isThis) Y.applyUpdate(this.doc, update, "server")
    }
    this.read = this.window.writings.length
    return this.doc.getText("text").toJSON()
  }
}
