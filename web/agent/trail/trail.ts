import { earlyEndOf, type EarlyEnd } from "#core/agent/early-end"
import { delegateNode } from "#core/agent/tools"
import { callAnswer, type CallAnswer } from "#core/agent/turn"
import { nodeKey, type ExecutionState, type NodeState } from "#core/execution/state"
import type { NodeStatus } from "#core/execution/status"
import { isJsonObject, type Json } from "#core/json"
import type { ToolCall } from "#core/llm/call"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { partsOf } from "#web/flow/scope-path.ts"

/** The steps that a body of an agent is made of; see core/agent/body.ts. */
const think = "think"
const calls = "calls"

/** The key of a turn's thought, and of the map over the calls that it asks for. */
export const thoughtKey = (turn: string): string => nodeKey(think, turn)
export const callsKey = (turn: string): string => nodeKey(calls, turn)
export const callPath = (turn: string, index: number): string => `${callsKey(turn)}[${index}]`

/** The key of the question whether a call may be made. */
export const askKey = (path: string): string => nodeKey("ask", path)

/** The agent in whose turn a thought was had; undefined for any other step. */
export function agentOfThought({ node_id, scope }: Pick<NodeState, "node_id" | "scope">): string | undefined {
  const last = node_id === think ? partsOf(scope).at(-1) : undefined
  return last?.index === undefined ? undefined : last.holder
}

/** Whether an agent works for another, which has handed it a piece of work. */
const isDelegated = (key: string): boolean => /\/calls\[\d+\]\//.test(key)

/** The agents of an execution that nobody handed their work to, in the order in which they began; only those at or within a place. */
export function agentsIn({ nodes }: ExecutionState, under = ""): string[] {
  const found = new Set<string>()
  for (const key in nodes) {
    const agent = agentOfThought(nodes[key]!)
    if (agent === undefined || isDelegated(agent)) continue
    if (under === "" || agent === under || agent.startsWith(`${under}/`)) found.add(agent)
  }
  return [...found]
}

/** Everybody who has begun to work, colleagues included. */
export function workersIn({ nodes }: ExecutionState): string[] {
  const found = new Set<string>()
  for (const key in nodes) {
    const agent = agentOfThought(nodes[key]!)
    if (agent !== undefined) found.add(agent)
  }
  return [...found]
}

/** What an agent said in one turn, as far as it is known. */
export type Thought = {
  text: string
  calls: readonly ToolCall[]
  /** The final answer, if this was the last turn. */
  answer: Json | undefined
  /** What is wrong with the answer that it gave: it is asked to mend it. */
  fault: string | undefined
  /** Why it was asked for its answer without tools. */
  ended: EarlyEnd | undefined
}

export function thoughtOf(run: NodeState): Thought {
  const output = isJsonObject(run.output) ? run.output : {}
  const { text, tool_calls, answer, fault, ended } = output
  return {
    text: typeof text === "string" ? text : run.text,
    calls: Array.isArray(tool_calls) ? tool_calls.filter(isCall) : [],
    answer,
    fault: typeof fault === "string" ? fault : undefined,
    ended: earlyEndOf(ended),
  }
}

/** What a journal holds was checked when it was written; what is shown of it has to be there all the same. */
const isCall = (one: unknown): one is ToolCall =>
  typeof one === "object" && one !== null && "name" in one && typeof one.name === "string"

const handsOver = "delegate_to_"

/** The position of the colleague whom a call hands work to; undefined for a call of a tool. */
export const colleagueOf = ({ name }: ToolCall): string | undefined =>
  name.startsWith(handsOver) ? name.slice(handsOver.length) : undefined

/** The key of the colleague's own work on a call. */
export const colleagueKey = (path: string, position: string): string => nodeKey(delegateNode(position), path)

/** The position that an agent has by its key, where it was handed its work. */
export const positionOf = (key: string): string | undefined => /\/to_([a-z][a-z0-9_]*)$/.exec(key)?.[1]

/** How one call stands, and what came of it. */
export type CallState = { status: NodeStatus; answer: CallAnswer | undefined }

const open: NodeStatus = "running"

/** Reads a call from its steps: checked, asked about, made, answered. */
export function callStateAt(live: LiveExecution, path: string): CallState {
  const scope = live.state.scopes[path]
  const isAsked = live.node(askKey(path))?.status === "waiting"
  if (!scope) return { status: "ready", answer: undefined }
  if (scope.status === "open") {
    const { finished_at } = live.state
    const status = finished_at !== undefined ? "cancelled" : isAsked ? "waiting" : open
    return { status, answer: undefined }
  }
  if (scope.status === "failed") {
    const content = scope.error?.message ?? "It failed."
    return { status: "failed", answer: { content, is_error: true } }
  }
  const answer = callAnswer(scope.output ?? null)
  return { status: answer.is_error ? "failed" : "succeeded", answer }
}

/** What says that a call stands differently, as one value to compare. */
export const callVersion = (live: LiveExecution, path: string): string => {
  const scope = live.state.scopes[path]
  const asked = live.node(askKey(path))
  return `${scope?.status} ${asked?.status} ${asked?.approval?.approval_id} ${live.state.finished_at}`
}

/** The arguments in one line: `city: "Ghent", days: 3`. */
export function brief(value: Json, most = 90): string {
  const line = isJsonObject(value)
    ? Object.entries(value)
        .map(([name, one]) => `${name}: ${JSON.stringify(one)}`)
        .join(", ")
    : JSON.stringify(value)
  return line.length > most ? `${line.slice(0, most - 1)}…` : line
}
