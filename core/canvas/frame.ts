import { Malformed, Reader, Writer } from "./bytes.ts"
import { readId, readOperation, writeId, writeOperation } from "./codec.ts"
import type { Operation } from "./operation.ts"
import type { Refs } from "./refs.ts"

/** An edit: an operation with its number among those of the window that made it. Numbers rise and are never used twice. */
export type Edit = { counter: number; operation: Operation }

/** An edit in its place: by which window, as a number that the server gave it. */
export type Told = Edit & { client: number }

export type Point = { x: number; y: number }

/** Where somebody is and what they have in hand. Each part stands until it is said anew; nothing of it is kept. */
export type Presence = {
  /** Null when the pointer has left the canvas. */
  cursor?: Point | null
  selection?: string[]
  /** The window that is followed; 0 for nobody. */
  follow?: number
  /** Nodes on their way, before they are put down; empty when they are. */
  drag?: ({ id: string } & Point)[]
  /** Where somebody writes, as the text editor's own bytes; empty when nowhere. */
  caret?: Uint8Array
}

const has = { edits: 1, presence: 2, ack: 4 } as const
const part = { cursor: 1, gone: 2, selection: 4, follow: 8, drag: 16, caret: 32 } as const
const mostCaret = 512
const mostSelected = 2_000

/** What a window says. */
export type UpFrame = {
  edits: readonly Edit[]
  presence?: Presence | undefined
  /** How many bytes of frames it has taken in since it came. */
  ack?: number | undefined
}

/** An edit of which only its number could be read. */
export type Unreadable = { counter: number; operation: undefined }

export function writeUp({ edits, presence, ack }: UpFrame, refs: Refs): Uint8Array<ArrayBuffer> {
  const to = new Writer()
  to.byte(
    (edits.length > 0 ? has.edits : 0) | (presence ? has.presence : 0) | (ack === undefined ? 0 : has.ack),
  )
  if (ack !== undefined) to.count(ack)
  if (edits.length > 0) {
    to.count(edits.length)
    let last = 0
    for (const { counter, operation } of edits) {
      to.count(counter - last)
      last = counter
      const one = new Writer()
      writeOperation(one, operation, refs)
      to.blob(one.done())
    }
  }
  if (presence) writePresence(to, presence, refs)
  return to.done()
}

export type ReadUp = {
  edits: (Unreadable | { counter: number; operation: unknown })[]
  presence: { value: Presence; bytes: Uint8Array } | undefined
  ack: number | undefined
}

/** Reads what a window says; throws Malformed. An edit that cannot be read spoils none beside it: each says how long it is. */
export function readUp(bytes: Uint8Array, refs: Refs): ReadUp {
  const from = new Reader(bytes)
  const flags = from.byte()
  if (flags === 0 || flags > 7) throw new Malformed("it says nothing that is known")
  const ack = flags & has.ack ? from.count() : undefined
  const edits: ReadUp["edits"] = []
  let counter = 0
  for (let left = flags & has.edits ? from.many() : 0; left > 0; left--) {
    const step = from.count()
    if (step === 0) throw new Malformed("the numbers of edits must rise")
    counter += step
    edits.push({ counter, operation: readWhole(from.blob(), refs) })
  }
  const start = from.place
  const value = flags & has.presence ? readPresence(from, refs) : undefined
  const presence = value && { value, bytes: bytes.slice(start, from.place) }
  if (!from.isDone) throw new Malformed("it goes on after its end")
  return { edits, presence, ack }
}

function readWhole(bytes: Uint8Array, refs: Refs): unknown {
  const from = new Reader(bytes)
  try {
    const operation = readOperation(from, refs)
    return from.isDone ? operation : undefined
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}

export function writePresence(to: Writer, presence: Presence, refs: Refs): void {
  const { cursor, selection, follow, drag, caret } = presence
  to.byte(
    (cursor ? part.cursor : 0) |
      (cursor === null ? part.gone : 0) |
      (selection ? part.selection : 0) |
      (follow === undefined ? 0 : part.follow) |
      (drag ? part.drag : 0) |
      (caret ? part.caret : 0),
  )
  if (cursor) to.coordinate(cursor.x).coordinate(cursor.y)
  if (selection) {
    to.count(selection.length)
    for (const id of selection) writeId(to, id, refs)
  }
  if (follow !== undefined) to.count(follow)
  if (drag) {
    to.count(drag.length)
    for (const { id, x, y } of drag) writeId(to, id, refs).coordinate(x).coordinate(y)
  }
  if (caret) to.blob(caret)
}

export function readPresence(from: Reader, refs: Refs): Presence {
  const flags = from.byte()
  const presence: Presence = {}
  if (flags & part.cursor) presence.cursor = { x: from.coordinate(), y: from.coordinate() }
  if (flags & part.gone) presence.cursor = null
  if (flags & part.selection) {
    presence.selection = []
    for (let left = few(from); left > 0; left--) presence.selection.push(readId(from, refs))
  }
  if (flags & part.follow) presence.follow = from.count()
  if (flags & part.drag) {
    presence.drag = []
    for (let left = few(from); left > 0; left--)
      presence.drag.push({ id: readId(from, refs), x: from.coordinate(), y: from.coordinate() })
  }
  if (flags & part.caret) {
    presence.caret = from.blob().slice()
    if (presence.caret.length > mostCaret) throw new Malformed("a caret takes too much room")
  }
  return presence
}

function few(from: Reader): number {
  const count = from.many()
  if (count > mostSelected) throw new Malformed("so much is not shown to others")
  return count
}

/** Writes an edit in its place; a row of the log is some of these. */
export function writeTold(to: Writer, { client, counter, operation }: Told, refs: Refs): void {
  to.count(client).count(counter)
  writeOperation(to, operation, refs)
}

/** What everybody is told at once: edits in their places, the first of them at `first`, and who is where. */
export function writeDown(
  first: number,
  count: number,
  edits: Uint8Array,
  people: readonly { client: number; bytes: readonly Uint8Array[] }[],
): Uint8Array<ArrayBuffer> {
  const to = new Writer()
  to.byte((count > 0 ? has.edits : 0) | (people.length > 0 ? has.presence : 0))
  if (count > 0) to.count(first).count(count).raw(edits)
  for (const { client, bytes } of people) for (const one of bytes) to.count(client).raw(one)
  return to.done()
}

export type DownFrame = {
  first: number
  edits: Told[]
  people: { client: number; presence: Presence }[]
}

/** Reads what everybody is told. Edits are read one after the other, each once the one before it has given its nodes numbers. */
export function readDown(bytes: Uint8Array, refs: Refs): DownFrame {
  const from = new Reader(bytes)
  const flags = from.byte()
  const frame: DownFrame = { first: 0, edits: [], people: [] }
  if (flags & has.edits) {
    frame.first = from.count()
    for (let left = from.many(); left > 0; left--) {
      const [client, counter] = [from.count(), from.count()]
      const operation = readOperation(from, refs) as Operation
      refs.note(operation)
      frame.edits.push({ client, counter, operation })
    }
  }
  while (flags & has.presence && !from.isDone) {
    const client = from.count()
    frame.people.push({ client, presence: readPresence(from, refs) })
  }
  return frame
}
