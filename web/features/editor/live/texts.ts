import { Malformed, Reader, Writer } from "#core/canvas/bytes"
import type { Presence } from "#core/canvas/frame"
import type { CanvasDown, CanvasUp } from "#core/canvas/messages"
import type { Operation, OperationOf } from "#core/canvas/operation"
import type * as CoTextCode from "./co-text.ts"
import type { CoText, Mark } from "./co-text.ts"

/** Where somebody writes: from where to where their selection goes, as places in the text. */
export type Caret = { client: number; anchor: Mark; head: Mark }

type Place = { node: string; field: string }

export type TextsSetting = {
  /** Asks the server; false while there is no line. */
  ask(words: CanvasUp): boolean
  tell(operation: Operation): string | undefined
  /** Whether this field was written as a whole and the server has not heard it yet. */
  isWritten(node: string, field: string): boolean
  present(presence: Presence): void
  onStep(text: CoText): void
  onRefused(message: string): void
}

type Session = Place & {
  text: CoText | undefined
  isWanted: boolean
  version: number
  watchers: Set<() => void>
}

const keyOf = ({ node, field }: Place): string => `${node} ${field}`
const nowhere = new Uint8Array()

/** The long texts that are open here. What writes and merges them is fetched when the first is opened. */
export class Texts {
  private readonly sessions = new Map<string, Session>()
  private readonly carets = new Map<number, Place & Caret>()
  private readonly setting: TextsSetting
  private code: Promise<typeof CoTextCode> | undefined

  constructor(setting: TextsSetting) {
    this.setting = setting
  }

  private session(place: Place): Session {
    const known = this.sessions.get(keyOf(place))
    if (known) return known
    const made: Session = { ...place, text: undefined, isWanted: false, version: 0, watchers: new Set() }
    this.sessions.set(keyOf(place), made)
    return made
  }

  /** Whether a text is open on the page: what is shown of the draft must not lag behind it. */
  get isOpen(): boolean {
    for (const { isWanted, watchers } of this.sessions.values())
      if (isWanted && watchers.size > 0) return true
    return false
  }

  /** The text of a field, once it is open. */
  textOf(place: Place): CoText | undefined {
    return this.sessions.get(keyOf(place))?.text
  }

  /** Others who write in a field. */
  caretsIn({ node, field }: Place): Caret[] {
    return [...this.carets.values()].filter((one) => one.node === node && one.field === field)
  }

  /** Rises with each change of what a field shows. */
  versionOf = (place: Place): number => this.sessions.get(keyOf(place))?.version ?? 0

  /** Answers how to stop. */
  watch(place: Place, watcher: () => void): () => void {
    const { watchers } = this.session(place)
    watchers.add(watcher)
    return () => void watchers.delete(watcher)
  }

  private changed(session: Session | undefined): void {
    if (!session) return
    session.version++
    for (const watcher of session.watchers) watcher()
  }

  /** Asks for a field's text, to write in it with others. One that is open is asked for too: it may be another one by now. */
  open(place: Place): void {
    const session = this.session(place)
    session.isWanted = true
    this.code ??= import("./co-text.ts")
    this.code.then(
      () => this.setting.ask({ type: "open", node: place.node, field: place.field }),
      // Without it the field is written as a whole, as it was.
      () => (this.code = undefined),
    )
  }

  /** The line is back: what others wrote meanwhile may have been told only as a whole. */
  ready(): void {
    for (const session of this.sessions.values()) if (session.isWanted) this.open(session)
  }

  /** The server has opened a text. */
  opened({ node, field, epoch, state }: Extract<CanvasDown, { type: "text" }>): void {
    const session = this.session({ node, field })
    // What was typed while the text was on its way is not in it yet.
    if (this.setting.isWritten(node, field)) return this.open(session)
    const bytes = Uint8Array.from(atob(state), (sign) => sign.codePointAt(0) ?? 0)
    if (session.text?.epoch === epoch) return session.text.take(bytes)
    void this.code?.then(({ CoText }) => {
      session.text?.destroy()
      const text: CoText = new CoText(
        epoch,
        bytes,
        (update, delta) => this.told(session, { type: "text", node, field, epoch, update, delta }),
        () => this.setting.onStep(text),
      )
      text.follow(() => this.changed(session))
      session.text = text
      this.changed(session)
    })
  }

  private told(session: Session, operation: OperationOf<"text">): void {
    const fault = this.setting.tell(operation)
    if (fault === undefined) return
    // After the present change has come to its end: then it is fetched as the server has it.
    queueMicrotask(() => this.anew(session))
    this.setting.onRefused(fault)
  }

  private anew(session: Session): void {
    session.text?.destroy()
    session.text = undefined
    this.changed(session)
    this.open(session)
  }

  /** A change of a text was placed. */
  wrote({ node, field, epoch, update }: OperationOf<"text">): void {
    const text = this.sessions.get(keyOf({ node, field }))?.text
    if (text?.epoch === epoch) text.take(update)
  }

  /** The server has refused an edit: a text that it was in is no longer what the server has. */
  refused(code: string): void {
    if (code !== "canvas.text_stale" && code !== "canvas.too_large" && code !== "canvas.malformed") return
    for (const session of this.sessions.values()) if (session.text) this.anew(session)
  }

  /** Somebody else's caret. */
  presence(client: number, caret: Uint8Array | undefined): void {
    if (caret === undefined) return
    const before = this.carets.get(client)
    const now = caretOf(client, caret)
    if (now) this.carets.set(client, now)
    else this.carets.delete(client)
    for (const place of [before, now]) if (place) this.changed(this.sessions.get(keyOf(place)))
  }

  /** These are here; the carets of others have gone with them. */
  here(clients: ReadonlySet<number>): void {
    for (const [client, place] of this.carets) {
      if (clients.has(client)) continue
      this.carets.delete(client)
      this.changed(this.sessions.get(keyOf(place)))
    }
  }

  /** Tells others where this person writes, or that they have left. */
  present(place: Place | undefined, anchor = 0, head = anchor): void {
    const text = place && this.textOf(place)
    if (!place || !text) return this.setting.present({ caret: nowhere })
    const to = new Writer()
    to.text(place.node).text(place.field).blob(text.markAt(anchor)).blob(text.markAt(head))
    this.setting.present({ caret: to.done() })
  }
}

function caretOf(client: number, bytes: Uint8Array): (Place & Caret) | undefined {
  if (bytes.length === 0) return undefined
  try {
    const from = new Reader(bytes)
    const [node, field, anchor, head] = [from.text(), from.text(), from.blob().slice(), from.blob().slice()]
    return { client, node, field, anchor, head }
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}
