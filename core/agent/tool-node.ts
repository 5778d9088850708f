import type { FrozenGraph } from "#core/flow/frozen"
import type { FlowEdge, FlowGraph, FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import type { Act } from "#core/flow/kinds/kind"
import { builtinTool } from "#core/tool/builtin/all"
import type { ToolDefinition } from "#core/tool/tool"
import { wantsOthers } from "./questions.ts"

/** The tool that a node calls, as it was frozen with its flow; undefined when it was not. */
export function toolOf(graph: FrozenGraph, node: FlowNode): ToolDefinition | undefined {
  const id = node.data["tool_id"]
  if (typeof id !== "string") return undefined
  return builtinTool(id)?.definition ?? (Object.hasOwn(graph.tools ?? {}, id) ? graph.tools?.[id] : undefined)
}

/** Whether a call of it is more than one step: a person is asked first, or it is a flow. */
const isMoreThanOne = (tool: ToolDefinition | undefined): boolean =>
  tool !== undefined && (tool.kind === "flow" || tool.needs_approval)

/** Who does a node's work: a tool may be one call, or a body of its own. */
export function actOf(graph: FrozenGraph, node: FlowNode): Act | undefined {
  const act = kindOf(node.type)?.act
  return node.type === "tool" && isMoreThanOne(toolOf(graph, node)) ? "scope" : act
}

/** The node that calls the flow which a tool is. */
export const flowNode = (id: string, tool: ToolDefinition, more: Partial<FlowNode> = {}): FlowNode => {
  if (tool.kind !== "flow") throw new Error(`${tool.name} is no flow`)
  const { flow_id, version } = tool.execution_config
  const data = { flow_id, ...(version === undefined ? {} : { version }), ...more.data }
  return { id, type: "flow", position: { x: 520, y: 0 }, label: tool.name, ...more, data }
}

/** What a person is asked before a call. `called` is an expression that makes its arguments. */
export const questionFor = (title: string, called: string, by_others: boolean): FlowNode["data"] => ({
  title,
  ...(by_others ? { by_others } : {}),
  // Fenced, since what a model wrote is no Markdown; no line of JSON can close the fence.
  message: `\`\`\`json\n{{ $string(${called}, true) }}\n\`\`\``,
  buttons: [
    { id: "allow", label: "Allow" },
    { id: "refuse", label: "Refuse" },
  ],
  form_schema: {
    type: "object",
    properties: { comment: { type: "string", title: "Comment", maxLength: 4_000 } },
  },
})

const node = (id: string, type: string, x: number, data: FlowNode["data"] = {}): FlowNode => ({
  id,
  type,
  position: { x, y: 0 },
  data,
})

const edge = (source: string, target: string, handle: string): FlowEdge => ({
  id: `${source}.${handle}-${target}`,
  source,
  target,
  source_handle: handle,
})

/** A call of a tool as a flow: a person is asked where the tool says so, and then it is done. */
export function toolGraph(tool: ToolDefinition): FlowGraph {
  const does =
    tool.kind === "flow" ? flowNode("call", tool) : { ...node("call", "call", 520), label: tool.name }
  if (!tool.needs_approval) return { nodes: [does], edges: [], settings: {} }
  const nodes = [
    node("ask", "approval", 0, questionFor(`Call ${tool.name}?`, "input", wantsOthers(tool))),
    does,
    node("refused", "refused", 520),
  ]
  const edges = [edge("ask", "call", "allow"), edge("ask", "refused", "refuse")]
  return { nodes, edges, settings: {} }
}
