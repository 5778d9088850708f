import type { AgentAtWork } from "#core/agent/at-work"
import { delegateNode, filledArguments, toolNamed, verdictOn, type Verdict } from "#core/agent/tools"
import { resolveFields, resolveTemplate, type Scope } from "#core/flow/expression/template"
import type { FlowNode } from "#core/flow/graph"
import { ToolData } from "#core/flow/kinds/tool"
import type { Plan } from "#core/flow/plan"
import { asText, isJsonObject, type Json, type JsonObject } from "#core/json"
import { schemaFaults, withDefaults } from "#core/json-schema"
import { ToolCall } from "#core/llm/call"
import type { ToolDefinition } from "#core/tool/tool"
import { holderOf, holdersOf, nodeKey, type ExecutionState } from "../state.ts"
import { isHandedOn, turnOf } from "#core/agent/turn"
import { standingAt } from "./agent.ts"
import { deedOf, isToolRepeatable, type Deed } from "./deed.ts"
import { StepFailure } from "./failure.ts"

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
  return takenOver.reduce(
    (sum, { output }) => sum + delegationsOf(output),
    made + callsTakenOver(state, inside),
  )
}

/** The same of single calls: a fork in the middle of a turn takes over those before it, and what each came to. */
const callsTakenOver = (state: ExecutionState, inside: (scope: string) => boolean): number =>
  Object.values(state.scopes).filter(
    ({ path, node_id, parent, status, output }) =>
      node_id === "calls" &&
      status === "closed" &&
      inside(path) &&
      state.nodes[nodeKey("think", parent)] !== undefined &&
      state.nodes[nodeKey("check", path)] === undefined &&
      isHandedOn({ name: callAt(state, path).call.name }, output),
  ).length

const delegationsOf = (output: Json | undefined): number => {
  const { tool_calls, handed_on } = turnOf(output)
  return tool_calls.filter((_, i) => handed_on[i]).length
}

const isAgentInput = (input: Json | undefined): boolean => isJsonObject(input) && isJsonObject(input["agent"])

/** One call of a tool, with everything that is sent. */
export type CallStep = {
  tool: ToolDefinition
  call_id: string
  does: Deed
  memory_of: string | undefined
  /** Whether a model reads the answer: then it is cut where it is long. */
  isForModel: boolean
  shown: JsonObject
}

/** The call of a scope: one that an agent asks for, or the one that a tool's own body is about. */
export async function callStep(state: ExecutionState, plan: Plan, path: string): Promise<CallStep> {
  const { tool } = plan.body(path)
  if (tool) return callOf(tool, argumentsAt(state, path), holderOf(path))
  const { call, turn } = callAt(state, path)
  const { work } = standingAt(state, plan, turn)
  const granted = grantedTool(work, call.name)
  const args = filledArguments(call, granted.input_schema)
  return { ...(await callOf(granted, args, call.id)), memory_of: work.memory_of, isForModel: true }
}

/** The arguments with which the flow is called that a tool is. */
export function flowArguments(state: ExecutionState, plan: Plan, path: string): JsonObject {
  if (plan.body(path).tool) return argumentsAt(state, path)
  const { call, turn } = callAt(state, path)
  const { work } = standingAt(state, plan, turn)
  return filledArguments(call, grantedTool(work, call.name).input_schema)
}

/** What a node that calls a tool has made of its inputs. */
export async function argumentsOf(
  node: FlowNode,
  tool: ToolDefinition | undefined,
  sees: Scope,
): Promise<JsonObject> {
  if (!tool) throw new StepFailure("tool.unknown", "The tool does not exist any more.")
  const { inputs } = ToolData.parse(node.data)
  const given =
    (typeof inputs === "string" ? await resolveTemplate(inputs, sees) : await resolveFields(inputs, sees)) ??
    {}
  const whole = isJsonObject(given) ? withDefaults(tool.input_schema, given) : given
  const [fault] = schemaFaults(tool.input_schema, whole)
  if (fault || !isJsonObject(whole))
    throw new StepFailure(
      "tool.inputs_invalid",
      `The inputs do not fit ${tool.name}: ${fault?.path || "the inputs"}: ${fault?.message ?? "an object is wanted"}`,
    )
  return whole
}

/** A call that a node makes by itself. */
export async function callOf(tool: ToolDefinition, args: JsonObject, call_id: string): Promise<CallStep> {
  return {
    tool,
    call_id,
    does: await deedOf(tool, args),
    memory_of: undefined,
    isForModel: false,
    shown: { tool: tool.name, arguments: args },
  }
}

function argumentsAt(state: ExecutionState, path: string): JsonObject {
  const scope = state.scopes[path]
  const holder = scope && state.nodes[nodeKey(scope.node_id, scope.parent)]
  const inputs = isJsonObject(holder?.input) ? holder.input["inputs"] : undefined
  if (!isJsonObject(inputs)) throw new Error(`no tool is called at ${path}`)
  return inputs
}

/** What was checked before may have been changed since by whoever forked the execution: it is granted here or not called. */
function grantedTool(work: AgentAtWork, name: string): ToolDefinition {
  const tool = toolNamed(work, name)
  if (!tool) throw new StepFailure("tool.not_granted", `The agent has no tool ${name}.`)
  return tool
}

/** Whether the call of a scope is made again without asking after it was cut off. */
export function isCallRepeatable(state: ExecutionState, plan: Plan, path: string): boolean {
  const { tool } = plan.body(path)
  if (tool) return isToolRepeatable(tool)
  const { call, turn } = callAt(state, path)
  return isToolRepeatable(toolNamed(standingAt(state, plan, turn).work, call.name))
}
