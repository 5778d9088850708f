import type { ExecutionEvent } from "#core/execution/event"
import type { ExecutionId } from "#core/ids"
import type { JournalRow } from "./store.ts"

type Deps = {
  rowsAfter(id: ExecutionId, seq: number, bytes: number): JournalRow[]
  /** Resolves when everything that was written is durable. */
  synced(): Promise<void>
}

/** What follows an event, read and encoded once for all who have come as far. */
export interface Page {
  events: readonly ExecutionEvent[]
  last: number
  /** As server-sent events, each with its seq as `id`. */
  readonly stream: Uint8Array
  /** As one message of a socket. */
  readonly frame: string
  /** Resolves when all of it is durable: the output gate holds answers and sockets, not the later chunks of a body. */
  readonly durable: Promise<void>
}

const pageBytes = 65_536
/** Those who keep up ask for the last few pages; whoever is behind reads for itself. */
const mostKept = 4
const encoder = new TextEncoder()

/** Pages of journals. Any number of viewers costs one read, one parse and one encoding for each page that they all see. */
export class Pages {
  private readonly deps: Deps
  private readonly kept = new Map<string, Page>()

  constructor(deps: Deps) {
    this.deps = deps
  }

  /** What follows `seq`, as far as one page goes; undefined when nothing does. */
  after(id: ExecutionId, seq: number): Page | undefined {
    const key = `${id} ${seq}`
    const known = this.kept.get(key)
    if (known) return known
    const events = this.deps
      .rowsAfter(id, seq, pageBytes)
      .flatMap((row) => JSON.parse(row.events) as ExecutionEvent[])
      .filter((event) => event.seq > seq)
    if (events.length === 0) return undefined
    const page = pageOf(events, () => this.deps.synced())
    this.kept.set(key, page)
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= mostKept) break
      this.kept.delete(oldest)
    }
    return page
  }
}

function pageOf(events: readonly ExecutionEvent[], synced: () => Promise<void>): Page {
  let stream: Uint8Array | undefined
  let frame: string | undefined
  let durable: Promise<void> | undefined
  return {
    events,
    last: events.at(-1)!.seq,
    get stream() {
      return (stream ??= encoder.encode(
        events.map((event) => `id: ${event.seq}\ndata: ${JSON.stringify(event)}\n\n`).join(""),
      ))
    },
    get frame() {
      return (frame ??= JSON.stringify({ type: "events", events }))
    },
    get durable() {
      return (durable ??= synced())
    },
  }
}
