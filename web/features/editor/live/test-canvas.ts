import { apply } from "#core/canvas/apply"
import { Writer } from "#core/canvas/bytes"
import { canvasOf, draftOf, stateOf, stateOfDraft } from "#core/canvas/canvas"
import { refusal } from "#core/canvas/check"
import { readUp, writeDown, writePresence, writeTold, type Presence } from "#core/canvas/frame"
import type { CanvasDown } from "#core/canvas/messages"
import type { Operation } from "#core/canvas/operation"
import { Refs } from "#core/canvas/refs"
import type { FlowDraft } from "#core/contract/flows"
import type { Wire } from "#web/api/socket.ts"

export const ada = { client: 99, id: "user_ada", name: "Ada", may_edit: true }

type Seat = { number: number; hear: (data: string | Uint8Array) => void; gone: (code: number) => void }

/** A flow's canvas for tests of the page: it orders, checks and tells as the server does, over lines that can be cut. */
export class TestCanvas {
  private readonly canvas
  private readonly refs
  private seq = 0
  private readonly frames: Uint8Array<ArrayBuffer>[] = []
  private readonly numbers = new Map<string, number>()
  private readonly seen = new Map<number, number>()
  private seat: Seat | undefined
  /** Windows that came, by their names. */
  readonly came: { client: string; since: number | undefined }[] = []
  /** What it was asked in words, and how many nodes it knew then. */
  readonly asked: [string, number][] = []
  /** Where the window said that it is. */
  readonly whereabouts: Presence[] = []
  isReachable = true
  mayEdit = true
  /** While it is deaf, what it is told gets lost. */
  isDeaf = false

  constructor(draft: FlowDraft) {
    this.canvas = canvasOf(structuredClone(stateOfDraft(draft)))
    this.refs = new Refs(draft.nodes.map(({ id }) => id))
  }

  get draft(): FlowDraft {
    return draftOf(this.canvas)
  }

  open({ client, since }: { client: string; since?: number }): Promise<Wire> {
    if (!this.isReachable) return Promise.reject(new Error("nobody answers"))
    this.came.push({ client, since })
    const number = this.numbers.get(client) ?? this.numbers.size + 1
    this.numbers.set(client, number)
    const seat: Seat = { number, hear: () => undefined, gone: () => undefined }
    this.seat = seat
    return Promise.resolve({
      send: (data) => {
        if (typeof data === "string") this.asked.push([data, stateOf(this.canvas).nodes.length])
        else if (this.seat === seat && !this.isDeaf) this.hear(seat, data)
      },
      close: () => {
        if (this.seat === seat) this.seat = undefined
      },
      onMessage: (hear) => {
        seat.hear = hear
        this.welcome(seat, since)
      },
      onClose: (gone) => (seat.gone = gone),
    })
  }

  /** The line breaks, or is closed by the server with a code. */
  cut(code = 1006): void {
    const { seat } = this
    this.seat = undefined
    seat?.gone(code)
  }

  /** Somebody else does something. */
  edit(operation: Operation): void {
    this.place(operation, 99, 0)
  }

  /** Somebody else is somewhere. */
  move(client: number, presence: Presence): void {
    const bytes = new Writer()
    writePresence(bytes, presence, this.refs)
    this.seat?.hear(writeDown(0, 0, new Uint8Array(), [{ client, bytes: [bytes.done()] }]))
  }

  say(message: CanvasDown): void {
    this.seat?.hear(JSON.stringify(message))
  }

  private welcome(seat: Seat, since: number | undefined): void {
    const seen = this.seen.get(seat.number) ?? 0
    const say = (message: CanvasDown): void => seat.hear(JSON.stringify(message))
    const may_edit = this.mayEdit
    const is_resumed = since !== undefined
    say({ type: "welcome", protocol: 1, client: seat.number, may_edit, seen, refused: [], is_resumed })
    if (since === undefined) {
      const text = JSON.stringify({ seq: this.seq, ids: this.refs.ids, state: stateOf(this.canvas) })
      say({ type: "state", part: 0, parts: 1, text })
    } else for (const frame of this.frames.slice(since)) seat.hear(frame)
    say({ type: "caught_up", seq: this.seq })
    const me = { client: seat.number, id: "user_me", name: "Me", may_edit }
    say({ type: "people", came: [me, ada], left: [] })
  }

  private hear(seat: Seat, bytes: Uint8Array): void {
    const { edits, presence } = readUp(bytes, this.refs)
    if (presence) this.whereabouts.push(presence.value)
    for (const { counter, operation } of edits) {
      if (counter <= (this.seen.get(seat.number) ?? 0)) continue
      this.seen.set(seat.number, counter)
      // What these windows say was made by our own writer.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      const one = operation as Operation
      const fault = refusal(this.canvas, one)
      if (fault) this.say({ type: "refused", counter, ...fault })
      else this.place(one, seat.number, counter)
    }
  }

  private place(operation: Operation, client: number, counter: number): void {
    const told = new Writer()
    writeTold(told, { client, counter, operation }, this.refs)
    this.refs.note(operation)
    apply(this.canvas, operation)
    this.seq++
    const frame = writeDown(this.seq, 1, told.done(), [])
    this.frames.push(frame)
    this.seat?.hear(frame)
  }
}
