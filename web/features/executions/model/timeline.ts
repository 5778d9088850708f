import type { ExecutionEvent } from "#core/execution/event"
import { nodeKey } from "#core/execution/state"
import type { NodeStatus } from "#core/execution/status"

/** One try at a step, on the clock. Times are milliseconds since 1970. */
export type Attempt = {
  number: number
  /** Undefined for steps that the journal implies: they take no time worth a bar. */
  began: number | undefined
  ended: number | undefined
  status: NodeStatus
  /** When the model's first words came. */
  firstToken: number | undefined
}

export type TimelineRow = {
  key: string
  node_id: string
  scope: string
  /** How many scopes it stands in. */
  depth: number
  attempts: Attempt[]
}

/** The waterfall of an execution: a row for each node under each scope, in the order in which they were reached. */
export type Timeline = {
  rows: TimelineRow[]
  began: number | undefined
  ended: number | undefined
  /** The number of the last event taken in. */
  seq: number
}

export const emptyTimeline = (): Timeline => ({ rows: [], began: undefined, ended: undefined, seq: 0 })

const ends: Partial<Record<ExecutionEvent["type"], NodeStatus>> = {
  "node.succeeded": "succeeded",
  "node.failed": "failed",
  "node.skipped": "skipped",
}

/** Takes further events in; a new timeline when something changed, with the rows that did not change as they were. */
export function extendTimeline(timeline: Timeline, events: readonly ExecutionEvent[]): Timeline {
  const fresh = eventsAfter(events, timeline.seq)
  if (fresh.length === 0) return timeline
  const next: Timeline = { ...timeline, rows: [...timeline.rows] }
  const places = new Map(next.rows.map((row, i) => [row.key, i]))
  for (const event of fresh) {
    next.seq = event.seq
    if (event.type.startsWith("execution.")) takeExecution(next, event)
    else takeNode(next, places, event)
  }
  return next
}

/** The journal counts without a gap, so the tail is found by counting. */
function eventsAfter(events: readonly ExecutionEvent[], seq: number): readonly ExecutionEvent[] {
  const first = events[0]?.seq
  return first === undefined ? [] : events.slice(Math.max(0, seq - first + 1))
}

function takeExecution(timeline: Timeline, event: ExecutionEvent): void {
  const at = Date.parse(event.at)
  if (event.type === "execution.queued" || event.type === "execution.started") timeline.began ??= at
  if (event.type === "execution.started") timeline.began = at
  const isEnd = [
    "execution.succeeded",
    "execution.failed",
    "execution.cancelled",
    "execution.timed_out",
  ].includes(event.type)
  if (!isEnd) return
  timeline.ended = at
  // What was under way when the execution ended was cancelled with it.
  timeline.rows = timeline.rows.map((row) => {
    const last = row.attempts.at(-1)
    if (!last || (last.status !== "running" && last.status !== "retrying" && last.status !== "ready"))
      return row
    return {
      ...row,
      attempts: row.attempts.with(row.attempts.length - 1, {
        ...last,
        status: "cancelled",
        ended: last.ended ?? at,
      }),
    }
  })
}

function takeNode(timeline: Timeline, places: Map<string, number>, event: ExecutionEvent): void {
  if (!("node_id" in event) || event.node_id === undefined) return
  const change = changeOf(event)
  if (change === null) return
  const key = nodeKey(event.node_id, event.scope)
  let place = places.get(key)
  if (place === undefined) {
    place = timeline.rows.length
    places.set(key, place)
    const scope = event.scope ?? ""
    const depth = scope === "" ? 0 : scope.split("/").length
    timeline.rows.push({ key, node_id: event.node_id, scope, depth, attempts: [] })
  }
  const row = timeline.rows[place]!
  timeline.rows[place] = { ...row, attempts: withAttempt(row.attempts, event.attempt ?? 1, change) }
}

/** What an event says about its attempt; null when it says nothing that the waterfall shows. */
function changeOf(event: ExecutionEvent): Partial<Attempt> | null {
  const at = Date.parse(event.at)
  const end = ends[event.type]
  if (end !== undefined) return { status: end, ended: at }
  switch (event.type) {
    case "node.ready":
      return { status: "ready" }
    case "node.started":
      return { status: "running", began: at }
    case "node.retrying":
      return { status: "retrying", ended: at }
    case "model.finished":
      return event.data.first_token_ms === undefined
        ? null
        : { firstToken: at - event.data.latency_ms + event.data.first_token_ms }
    default:
      return null
  }
}

function withAttempt(attempts: readonly Attempt[], number: number, change: Partial<Attempt>): Attempt[] {
  const at = attempts.findIndex((one) => one.number === number)
  if (at >= 0) return attempts.with(at, { ...attempts[at]!, ...change })
  const fresh: Attempt = {
    number,
    began: undefined,
    ended: undefined,
    status: "ready",
    firstToken: undefined,
  }
  return [...attempts, { ...fresh, ...change }]
}

/** A bar's place on the axis, in percent. A step without a duration is a mark where it ended. */
export function placeOf(
  attempt: Attempt,
  from: number,
  until: number,
): { left: number; width: number; firstToken: number | undefined } | null {
  const span = Math.max(1, until - from)
  const percent = (at: number) => Math.min(100, Math.max(0, ((at - from) / span) * 100))
  const began = attempt.began ?? attempt.ended
  if (began === undefined || attempt.status === "skipped") return null
  const ended = attempt.ended ?? until
  return {
    left: percent(began),
    width: percent(ended) - percent(began),
    firstToken: attempt.firstToken === undefined ? undefined : percent(attempt.firstToken) - percent(began),
  }
}

/** Round steps for the axis, in milliseconds, about as many as there is room for. */
export function ticksFor(span: number, room = 5): number[] {
  const rough = Math.max(1, span / room)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough
  return Array.from({ length: Math.floor(span / step) }, (_, i) => (i + 1) * step).filter(
    (at) => at < span * 0.97,
  )
}
