import type { AgentAtWork } from "#core/agent/at-work"
import { delegateNode, filledArguments, toolNamed, verdictOn, type Verdict } from "#core/agent/tools"
import type { FlowNode } from "#core/flow/graph"
import { HttpData, mayRepeat } from "#core/flow/kinds/http"
import type { Plan } from "#core/flow/plan"
import { asText, isJsonObject, type Json, type JsonObject } from "#core/json"
import { ToolCall } from "#core/llm/call"
import { builtinTool } from "#core/tool/builtin/all"
import type { Builtin } from "#core/tool/builtin/builtin"
import type { HttpToolConfig } from "#core/tool/config"
import type { ToolDefinition } from "#core/tool/tool"
import { holdersOf, nodeKey, type ExecutionState } from "../state.ts"
import { turnOf } from "#core/agent/turn"
import { standingAt } from "./agent.ts"
import { StepFailure } from "./failure.ts"
import { httpStep, type HttpStep } from "./http.ts"

/** The call that a scope is made for: an item of the calls of a turn. */
function callAt(state: ExecutionState, path: string): { call: ToolCall; turn: string; index: number } {
  const scope = state.scopes[path]
  const calls = scope && state.nodes[nodeKey(scope.node_id, scope.parent)]
  const items = isJsonObject(calls?.input) ? calls.input["items"] : undefined
  const call = Array.isArray(items) ? items[scope?.index ?? 0] : undefined
  if (!scope || call === undefined) throw new Error(`no call is made at ${path}`)
  return { call: ToolCall.parse(call), turn: scope.parent, index: scope.index ?? 0 }
}

/** A call that was checked, and what there is to say of work that is handed on. */
export type Checked = {
  output: Json
  route: string
  delegated: { from: string; to: string; to_node: string; task: string } | undefined
}

/** Judges the call of a scope. At once, so that of several in one turn each knows of those before it. */
export function checkStep(state: ExecutionState, plan: Plan, path: string): Checked {
  const { call, turn, index } = callAt(state, path)
  const { work, turns } = standingAt(state, plan, turn)
  const asked = state.nodes[nodeKey("think", turn)]?.output
  const now = isJsonObject(asked) && Array.isArray(asked["tool_calls"]) ? asked["tool_calls"] : []
  const earlier = [
    ...turns.flatMap((one) => one.tool_calls),
    ...now.slice(0, index).map((one) => ToolCall.parse(one)),
  ]
  const verdict: Verdict = verdictOn(call, work, earlier, delegationsIn(state, path))
  if ("wrong" in verdict) return { output: { wrong: verdict.wrong }, route: "wrong", delegated: undefined }
  const to = work.delegates.find((one) => delegateNode(one.position) === verdict.route)
  return {
    output: null,
    route: verdict.route,
    delegated: to && {
      from: work.position ?? work.agent.name,
      to: to.position,
      to_node: verdict.route,
      task: isJsonObject(call.arguments) ? asText(call.arguments["task"]).slice(0, 2_000) : "",
    },
  }
}

/** How often work was handed on in the task that a scope belongs to: the outermost agent's around it. */
function delegationsIn(state: ExecutionState, path: string): number {
  const task = holdersOf(path).findLast((key) => isAgentInput(state.nodes[key]?.input))
  const inside = (scope: string): boolean => scope.startsWith(`${task}[`)
  const made = Object.values(state.nodes).filter(
    (node) =>
      node.node_id === "check" &&
      inside(node.scope) &&
      node.handles.some((handle) => handle.startsWith(delegateNode(""))),
  ).length
  // Turns that were taken over from another execution are known by what they came to, each delegation once.
  const takenOver = Object.values(state.scopes).filter(
    ({ path: turn, status }) =>
      inside(turn) && status === "closed" && state.nodes[nodeKey("think", turn)] === undefined,
  )
  return takenOver.reduce((sum, { output }) => sum + delegationsOf(output), made)
}

const delegationsOf = (output: Json | undefined): number => {
  const { tool_calls, handed_on } = turnOf(output)
  return tool_calls.filter((_, i) => handed_on[i]).length
}

const isAgentInput = (input: Json | undefined): boolean => isJsonObject(input) && isJsonObject(input["agent"])

/** One call of a tool, with everything that is sent. */
export type CallStep = {
  tool: ToolDefinition
  call_id: string
  does:
    | { is: "http"; request: HttpStep; timeout_ms: number | undefined }
    | { is: "builtin"; builtin: Builtin; args: JsonObject }
  memory_of: string | undefined
  shown: JsonObject
}

export async function callStep(state: ExecutionState, plan: Plan, path: string): Promise<CallStep> {
  const { call, turn } = callAt(state, path)
  const { work } = standingAt(state, plan, turn)
  const tool = grantedTool(work, call.name)
  const args = filledArguments(call, tool.input_schema)
  const common = {
    tool,
    call_id: call.id,
    memory_of: work.memory_of,
    shown: { tool: tool.name, arguments: args },
  }
  if (tool.kind === "http") {
    const { timeout_ms } = tool.execution_config
    const scope = { input: args, nodes: {}, execution: {}, vars: {} }
    const request = await httpStep(httpNode(tool.execution_config), scope)
    return { ...common, does: { is: "http", request, timeout_ms } }
  }
  const builtin = builtinTool(tool.id)
  if (!builtin) throw new StepFailure("tool.unknown", `This installation has no tool ${tool.name}.`)
  return { ...common, does: { is: "builtin", builtin, args } }
}

/** What was checked before may have been changed since by whoever forked the execution: it is granted here or not called. */
function grantedTool(work: AgentAtWork, name: string): ToolDefinition {
  const tool = toolNamed(work, name)
  if (!tool) throw new StepFailure("tool.not_granted", `The agent has no tool ${name}.`)
  return tool
}

/** A tool's request as an http node has it: the same expressions, credentials and rules. */
function httpNode({
  method,
  url,
  headers,
  query,
  body,
  credential_id,
  may_repeat,
}: HttpToolConfig): FlowNode {
  const data = {
    method,
    url,
    headers,
    query,
    ...(body === undefined ? {} : { body }),
    ...(may_repeat === undefined ? {} : { may_repeat }),
    ...(credential_id === undefined ? {} : { credentials: credential_id }),
  }
  return { id: "call", type: "http", position: { x: 0, y: 0 }, data }
}

/** Whether a call that was in flight when the server stopped is made again without asking. */
export function isCallRepeatable(state: ExecutionState, plan: Plan, path: string): boolean {
  const { call, turn } = callAt(state, path)
  const tool = toolNamed(standingAt(state, plan, turn).work, call.name)
  if (tool?.kind !== "http") return true
  const { method, may_repeat } = HttpData.parse(httpNode(tool.execution_config).data)
  return mayRepeat({ method, may_repeat })
}
