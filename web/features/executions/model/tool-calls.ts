import type { ExecutionEvent, StepError } from "#core/execution/event"
import { isWithin, nodeKey, type NodeState } from "#core/execution/state"
import { isJsonObject, type Json } from "#core/json"
import { exitIn } from "#core/tool/exit"

/** One try at a call of a tool. */
export type ToolTry = {
  tool: string
  tool_id: string | undefined
  kind: string
  attempt: number
  idempotency_key: string
  began: string
  latency_ms: number | undefined
  characters: number | undefined
  error: StepError | undefined
}

/** The calls of a node that calls a tool, the first one first: its own, or, where a call is several steps, that of a step inside. */
export function toolTriesOf(events: readonly ExecutionEvent[], step: string): ToolTry[] {
  const tries: ToolTry[] = []
  for (const event of events) {
    if (!event.type.startsWith("tool.") || !("node_id" in event) || event.node_id === undefined) continue
    const scope = event.scope ?? ""
    if (nodeKey(event.node_id, scope) !== step && !isWithin(scope, step)) continue
    const last = tries.at(-1)
    if (event.type === "tool.started") {
      const { tool, tool_id, kind, idempotency_key } = event.data
      tries.push({
        tool,
        tool_id,
        kind,
        attempt: event.attempt ?? 1,
        idempotency_key,
        began: event.at,
        latency_ms: undefined,
        characters: undefined,
        error: undefined,
      })
    } else if (last && (event.type === "tool.finished" || event.type === "tool.failed"))
      tries[tries.length - 1] = { ...last, ...event.data }
  }
  return tries
}

/** The arguments of a call, as they were made of the node's inputs: before any secret was filled in. */
export function argumentsIn(run: NodeState | undefined): Json | undefined {
  if (!isJsonObject(run?.input)) return undefined
  return run.input["arguments"] ?? run.input["inputs"]
}

const limits: Record<string, string> = {
  "tool.timeout": "Time",
  "tool.cpu_limit": "Processor time",
  "tool.memory_limit": "Memory",
  "tool.output_limit": "Output",
  "step.timeout": "The step’s time limit",
}

/** Which limit a call met; undefined when none. */
export const limitMet = (error: StepError | undefined): string | undefined =>
  error && Object.hasOwn(limits, error.code) ? limits[error.code] : undefined

/** How a program ended, in a few words; undefined for what is no program, and while it goes on. */
export function sayEnd({ kind, error, latency_ms }: ToolTry): string | undefined {
  if (kind !== "container" || latency_ms === undefined) return undefined
  if (!error) return "Code 0"
  const exit = error.code === "tool.exit" ? exitIn(error.message) : undefined
  if (exit) return "code" in exit ? `Code ${exit.code}` : exit.signal
  return limitMet(error) === undefined ? undefined : "Ended by the sandbox"
}
