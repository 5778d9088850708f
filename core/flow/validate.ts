import type * as z from "zod"
import { error, warning } from "./finding.ts"
import { mostEdges, mostNodes, sourceHandle, type Finding, type FlowGraph, type FlowNode } from "./graph.ts"
import { drawnKind, kindOf } from "./kinds.ts"
import { bodyFindings } from "./validate-bodies.ts"
import { expressionFindings } from "./validate-expressions.ts"
import { pathFindings } from "./validate-paths.ts"
import type { AgentOverrides } from "#core/agent/agent"
import { guardrailFaults, schemaFaultsAt } from "#core/agent/validate"
import { AgentData } from "./kinds/agent.ts"
import { CodeData, exportsDefault } from "./kinds/code.ts"
import { CrewData } from "./kinds/crew.ts"
import { ForeignData, foreignNames } from "./kinds/foreign.ts"
import { iso } from "./kinds/wait.ts"
import { checkSchema } from "#core/json-schema"

type Graph = Pick<FlowGraph, "nodes" | "edges" | "input_schema" | "output_schema">

/**
 * Everything that is wrong with a flow, for the browser as one draws, for the Worker at save, and before each start. Never
 * throws. A flow with an `error` can be saved but neither published nor executed.
 */
export function validateFlow(graph: Graph): Finding[] {
  if (graph.nodes.length > mostNodes || graph.edges.length > mostEdges) {
    return [
      error(
        "flow.too_large",
        `A flow holds at most ${mostNodes} nodes and ${mostEdges} edges; this one has ${graph.nodes.length} and ${graph.edges.length}.`,
      ),
    ]
  }
  return [
    ...shapeFindings(graph),
    ...edgeFindings(graph),
    ...graph.nodes.flatMap((node) => nodeFindings(node)),
    ...bodyFindings(graph),
    ...pathFindings(graph),
    ...expressionFindings(graph),
    ...schemaFindings(graph),
  ]
}

function shapeFindings({ nodes }: Graph): Finding[] {
  const found: Finding[] = []
  if (nodes.length === 0) return [error("flow.empty", "The flow has no nodes. Add an input to begin.")]
  const inputs = nodes.filter((node) => node.type === "input")
  if (inputs.length === 0)
    found.push(error("flow.no_input", "The flow has no input. Add one: it is where an execution begins."))
  for (const extra of inputs.slice(1))
    found.push(error("flow.second_input", "A flow has one input. Remove this one.", { node_id: extra.id }))
  if (!nodes.some((node) => node.type === "output")) {
    found.push(warning("flow.no_output", "The flow has no output, so its executions return nothing."))
  }
  const seen = new Set<string>()
  for (const { id } of nodes) {
    if (seen.has(id))
      found.push(error("node.duplicate_id", `Two nodes are named ${id}. Rename one.`, { node_id: id }))
    seen.add(id)
  }
  return found
}

function edgeFindings({ nodes, edges }: Graph): Finding[] {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const ids = new Set<string>()
  const ways = new Set<string>()
  return edges.flatMap((edge) => {
    const at = { edge_id: edge.id }
    const found: Finding[] = []
    const source = byId.get(edge.source)
    const target = byId.get(edge.target)
    if (ids.has(edge.id)) found.push(error("edge.duplicate_id", `Two edges have the id ${edge.id}.`, at))
    ids.add(edge.id)
    if (!source)
      found.push(
        error(
          "edge.dangling",
          `This edge comes from ${edge.source}, which does not exist. Remove it or connect it again.`,
          at,
        ),
      )
    if (!target)
      found.push(
        error(
          "edge.dangling",
          `This edge leads to ${edge.target}, which does not exist. Remove it or connect it again.`,
          at,
        ),
      )
    if (!source || !target) return found
    const way = [edge.source, sourceHandle(edge), edge.target].join(" ")
    if (ways.has(way))
      found.push(
        error(
          "edge.duplicate",
          `Two edges lead from ${edge.source} to ${edge.target} by the same handle. Remove one.`,
          at,
        ),
      )
    ways.add(way)
    const handles = kindOf(source.type)?.handles(source.data)
    if (handles && !handles.some((handle) => handle.id === sourceHandle(edge))) {
      found.push(
        error(
          "edge.unknown_handle",
          `The node ${source.id} has no handle ${sourceHandle(edge)}${handles.length > 0 ? ` (it has ${handles.map((one) => one.id).join(", ")})` : ""}.`,
          at,
        ),
      )
    }
    if (kindOf(target.type)?.takesInput === false)
      found.push(error("edge.into_input", `No edge can lead into ${target.id}.`, at))
    return found
  })
}

function nodeFindings(node: FlowNode): Finding[] {
  const kind = drawnKind(node.type)
  if (!kind)
    return [
      error("node.unknown_kind", `This installation has no node kind ${node.type}. Remove the node.`, {
        node_id: node.id,
      }),
    ]
  const parsed = kind.data.safeParse(node.data)
  const found = parsed.success
    ? []
    : parsed.error.issues.map((issue) =>
        error("node.data", sayIssue(issue, kind.title), { node_id: node.id, path: issue.path.join(".") }),
      )
  if (node.data["on_error"] === "route" && !kind.handles(node.data).some((handle) => handle.id === "error")) {
    found.push(
      error("node.no_error_route", `A ${kind.title.toLowerCase()} node has no error route.`, {
        node_id: node.id,
        path: "on_error",
      }),
    )
  }
  if (node.data["output_schema"] !== undefined) {
    found.push(
      ...checkSchema(node.data["output_schema"]).map((fault) =>
        error("schema.invalid", fault.message, { node_id: node.id, path: join("output_schema", fault.path) }),
      ),
    )
  }
  if (node.type === "foreign") found.push(foreignFinding(node))
  if (node.type === "wait") found.push(...waitFindings(node))
  if (node.type === "code" && parsed.success && !exportsDefault(CodeData.parse(node.data).source)) {
    const message = "The code gives nothing: begin with export default (input, context) => …"
    found.push(error("code.no_default", message, { node_id: node.id, path: "source" }))
  }
  if (parsed.success) found.push(...overrideFindings(node))
  return found
}

/** A step that came with an import and has no counterpart: it stays to be seen, and nothing can be executed around it. */
function foreignFinding({ id, data }: FlowNode): Finding {
  const { format, kind, why } = { ...ForeignData.partial().safeParse(data).data }
  const from = format === undefined ? "another product" : foreignNames[format]
  const message = `This step comes from ${from} (${(kind ?? "unknown").slice(0, 100)}) and cannot run here${why ? `: ${why}` : ""}. Put another in its place, or remove it.`
  return error("node.foreign", message.replace(/\.\. Put/, ". Put"), { node_id: id })
}

/** What a node changes of an agent, or of a crew's members, and could not work. */
function overrideFindings({ id, type, data }: FlowNode): Finding[] {
  if (data["overrides"] === undefined) return []
  const all: [string, AgentOverrides | undefined][] =
    type === "agent"
      ? [["overrides", AgentData.parse(data).overrides]]
      : type === "crew"
        ? Object.entries(CrewData.parse(data).overrides ?? {}).map(([who, one]) => [`overrides.${who}`, one])
        : []
  return all.flatMap(([path, overrides]) =>
    [
      ...schemaFaultsAt(overrides?.config?.output_schema, `${path}.config.output_schema`),
      ...guardrailFaults(overrides?.config?.guardrails ?? [], `${path}.config.guardrails`),
    ].map((fault) => error("node.data", fault.message, { node_id: id, path: fault.path })),
  )
}

/** A date that is written down and has passed. */
function waitFindings({ id, data }: FlowNode): Finding[] {
  const until = data["until"]
  if (typeof until !== "string" || until.includes("{{") || until.trim() === "") return []
  const at = { node_id: id, path: "until" }
  if (!iso.test(until.trim()) || Number.isNaN(Date.parse(until.trim()))) {
    const message =
      "Write the date as ISO 8601 with a time zone, such as 2027-01-31T09:00:00Z, or an expression."
    return [error("wait.invalid", message, at)]
  }
  return []
}

/** zod's words, where they would not tell a person what to do, in ours; always a sentence. */
function sayIssue(issue: z.core.$ZodIssue, kind: string): string {
  if (issue.code === "unrecognized_keys") {
    return `A ${kind.toLowerCase()} node has no field ${issue.keys.join(", ")}. Remove it.`
  }
  if (issue.message.endsWith("received undefined")) return `Fill in ${issue.path.join(".")}; it is needed.`
  return /[.!?]$/.test(issue.message) ? issue.message : `${issue.message}.`
}

const join = (field: string, path: string): string => (path ? `${field}.${path}` : field)

function schemaFindings({ input_schema, output_schema }: Graph): Finding[] {
  const of = (name: string, schema: unknown) =>
    schema === undefined
      ? []
      : checkSchema(schema).map((fault) =>
          error(
            "schema.invalid",
            `${name === "input_schema" ? "Input" : "Output"} schema: ${fault.message}`,
            { path: join(name, fault.path) },
          ),
        )
  return [...of("input_schema", input_schema), ...of("output_schema", output_schema)]
}
