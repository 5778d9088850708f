import type { ExecutionEvent, StepError } from "#core/execution/event"
import { nodeKey } from "#core/execution/state"

/** A request to an address, and what came back. */
export type Exchange = {
  method: string
  url: string
  idempotency_key: string
  status: number | undefined
  latency_ms: number | undefined
  bytes: number | undefined
  error: StepError | undefined
}

/** One try at a step. */
export type Attempt = {
  number: number
  began: string | undefined
  ended: string | undefined
  outcome: "running" | "succeeded" | "failed" | "retrying" | "waiting" | "interrupted" | "skipped"
  /** Why it failed, also where another attempt came after it. */
  error: StepError | undefined
  /** When the next attempt was due. */
  next: string | undefined
  exchanges: readonly Exchange[]
}

type StepEvent = Exclude<ExecutionEvent, { type: `execution.${string}` }>

/** The events of one step, in order. */
export const eventsOf = (events: readonly ExecutionEvent[], key: string): StepEvent[] =>
  events.filter(
    (event): event is StepEvent =>
      "node_id" in event && event.node_id !== undefined && nodeKey(event.node_id, event.scope) === key,
  )

/** What became of each try at a step, the first one first. */
export function attemptsOf(events: readonly StepEvent[]): Attempt[] {
  const attempts: Attempt[] = []
  for (const event of events) {
    const number = event.attempt ?? attempts.at(-1)?.number ?? 1
    let place = attempts.findIndex((one) => one.number === number)
    const change = changeOf(event, attempts[place])
    if (change === null) continue
    if (place < 0) {
      place = attempts.length
      attempts.push(fresh(number))
    }
    attempts[place] = { ...attempts[place]!, ...change }
  }
  return attempts
}

const fresh = (number: number): Attempt => ({
  number,
  began: undefined,
  ended: undefined,
  outcome: "running",
  error: undefined,
  next: undefined,
  exchanges: [],
})

/** What an event says of its attempt; null when that is nothing. */
function changeOf(event: StepEvent, known: Attempt | undefined): Partial<Attempt> | null {
  const { at } = event
  switch (event.type) {
    case "node.started":
      return { began: at }
    case "node.waiting":
      return { outcome: "waiting", began: known?.began ?? at }
    case "node.interrupted":
      return { outcome: "interrupted", ended: at, error: event.data.error }
    case "node.succeeded":
      return { outcome: "succeeded", ended: at, error: undefined }
    case "node.failed":
      return { outcome: "failed", ended: at, error: event.data.error }
    case "node.skipped":
      return { outcome: "skipped", ended: at }
    case "node.retrying":
      return { outcome: "retrying", ended: at, error: event.data.error, next: event.data.due }
    case "http.started":
      return { exchanges: [...(known?.exchanges ?? []), { ...silent, ...event.data }] }
    case "http.finished":
    case "http.failed":
      return {
        exchanges: (known?.exchanges ?? []).map((one, i, all) =>
          i === all.length - 1 ? { ...one, ...event.data } : one,
        ),
      }
    default:
      return null
  }
}

const silent = { status: undefined, latency_ms: undefined, bytes: undefined, error: undefined }
