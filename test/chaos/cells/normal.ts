import type { Entry } from "../kit/client.ts"

/** What differs between two executions of the same: numbers, times, and where one of them was to die. */
const accidental = new Set([
  "crash",
  "latency_ms",
  "first_token_ms",
  "due",
  "until",
  "deadline",
  "at",
  "answered_at",
  "started_at",
  "date",
  "connection",
  "keep-alive",
])

const interruption = "step.interrupted"

const keyOf = ({ node_id = "", scope = "" }: Entry): string => `${scope}/${node_id}`

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !accidental.has(name))
      .map(([name, one]) => [name, plain(one)]),
  )
}

const isInterruption = ({ type, data }: Entry): boolean =>
  (type === "node.retrying" || type === "node.interrupted") &&
  (data as { error?: { code?: string } }).error?.code === interruption

/** The attempts of a step that were not cut off, numbered anew. */
function whole(events: readonly Entry[]): Entry[] {
  const cut = new Set(events.filter(isInterruption).map(({ attempt }) => attempt))
  return events
    .filter((event) => event.attempt === undefined || !cut.has(event.attempt))
    .map((event) =>
      event.attempt === undefined
        ? event
        : { ...event, attempt: event.attempt - [...cut].filter((one) => (one ?? 0) < event.attempt!).length },
    )
}

/** What was streamed, as one: where it was cut is chance. */
function joined(events: readonly Entry[]): Entry[] {
  const made: Entry[] = []
  for (const event of events) {
    const last = made.at(-1)
    if (event.type === "model.delta" && last?.type === "model.delta" && last.attempt === event.attempt) {
      const text = (last.data as { text: string }).text + (event.data as { text: string }).text
      made[made.length - 1] = { ...last, data: { text } }
    } else made.push(event)
  }
  return made
}

const isScope = ({ type }: Entry): boolean => type.startsWith("scope.")

const pathOf = ({ data, type }: Entry): string => `${(data as { path: string }).path} ${type}`

/**
 * What a journal says, less what differs by chance: times, ids, attempts that a crash cut off, the order of what happens side by
 * side. For each step what happened to it, in order; what was opened and closed, by place.
 */
export function normal(journal: readonly Entry[], id: string, cell: string): unknown {
  const steps = new Map<string, Entry[]>()
  const flow: string[] = []
  for (const event of journal) {
    if (event.type.startsWith("execution.")) {
      // How often it came to rest depends on when it was woken.
      if (event.type !== "execution.waiting") flow.push(event.type)
      continue
    }
    steps.set(keyOf(event), [...(steps.get(keyOf(event)) ?? []), event])
  }
  const told = [...steps].map(([key, events]): [string, unknown] => {
    const kept = joined(whole(events))
    const inOrder = kept.filter((event) => !isScope(event))
    const scopes = kept.filter(isScope).toSorted((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1))
    return [
      key,
      [...inOrder, ...scopes].map(({ type, attempt, data }) => ({ type, attempt, data: plain(data) })),
    ]
  })
  const inOrder = told.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return renamed({ flow, steps: Object.fromEntries(inOrder) }, id, cell)
}

/** What an execution came to, less what differs by chance. */
export const normalOutputs = (outputs: unknown, id: string, cell: string): unknown =>
  renamed(plain(outputs), id, cell)

/** The same names for what is called anew in each execution. */
function renamed(value: unknown, id: string, cell: string): unknown {
  const same = JSON.stringify(value)
    .replaceAll(id, "EXECUTION")
    .replaceAll(new RegExp(`\\b${cell}\\b`, "g"), "CELL")
    .replaceAll(/appr_\w+/g, "APPROVAL")
    .replaceAll(/callbacks\/[\w.-]+/g, "callbacks/TOKEN")
  return JSON.parse(same)
}
