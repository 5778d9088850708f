import type { FlowDraft } from "#core/contract/flows"
import type { FlowNode } from "#core/flow/graph"
import { ancestry } from "#core/flow/walk"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { nestingOf, type Nesting } from "#web/flow/nesting.ts"
import { titleOf } from "#web/flow/node-card.tsx"
import { asPathStep } from "./expression-tokens.ts"

export type Reference = { path: string; label: string; type: string | undefined; sample: Json | undefined }

/** Something that an expression can refer to: the inputs, a node that comes before, the item of a map, the addresses of a wait. */
export type DataSource = {
  id: string
  title: string
  /** The kind whose tile stands before it. */
  kind: string
  references: Reference[]
}

const mostFields = 40

type Graph = Pick<FlowDraft, "nodes" | "edges" | "input_schema">
/** What the last execution showed of a node: its output, and what it was given. */
export type Seen = (id: string) => { output?: Json | undefined; input?: Json | undefined } | undefined

/**
 * What a node's expressions may use: the flow's inputs, the item or state of the map or loop that it stands in, every node
 * before it or before what it stands in, and the addresses that the outside may call. Without a node, what the flow's own
 * settings may use.
 */
export function dataSources(draft: Graph, nodeId: string | null, seen: Seen): DataSource[] {
  const input = draft.nodes.find((node) => node.type === "input")
  const inputs: DataSource = {
    id: "input",
    title: "Inputs",
    kind: "input",
    references: referencesTo("input", draft.input_schema, input && seen(input.id)?.output),
  }
  if (nodeId === null) return [inputs]
  const nesting = nestingOf(draft.nodes)
  return [
    ...iterationOf(nesting, nodeId, seen),
    inputs,
    ...nodesBefore(draft, nesting, nodeId).map((node): DataSource => ({
      id: node.id,
      title: titleOf(node),
      kind: node.type,
      references: referencesTo(`nodes.${asPathStep(node.id)}`, schemaOf(node), seen(node.id)?.output),
    })),
    ...addresses(nesting, nodeId),
  ]
}

/** Nodes before a node at its own level, and before the maps and loops around it. The input's output has a name already. */
function nodesBefore({ nodes, edges }: Graph, nesting: Nesting, nodeId: string): FlowNode[] {
  const known = new Set(nodes.map((node) => node.id))
  const isBefore = ancestry(
    [...known],
    edges.filter((edge) => known.has(edge.source) && known.has(edge.target)),
  )
  const around = [nodeId, ...nesting.holders(nodeId).map((holder) => holder.id)]
  return nodes.filter(
    (node) =>
      node.type !== "input" && !around.includes(node.id) && around.some((id) => isBefore(id, node.id)),
  )
}

/** The innermost item and state count; a loop's own conditions see its state too. */
function iterationOf(nesting: Nesting, nodeId: string, seen: Seen): DataSource[] {
  const self = nesting.node(nodeId)
  const holders = [...(self?.type === "loop" ? [self] : []), ...nesting.holders(nodeId)]
  const map = holders.find((holder) => holder.type === "map")
  const loop = holders.find((holder) => holder.type === "loop")
  const sources = [map, loop].flatMap((holder): DataSource[] => {
    if (!holder) return []
    const name = holder.type === "map" ? "item" : "state"
    return [
      {
        id: `${holder.id} ${name}`,
        title: holder.type === "map" ? `Each item of ${titleOf(holder)}` : `The state of ${titleOf(holder)}`,
        kind: holder.type,
        references: [
          ...referencesTo(name, undefined, sampleOf(holder, seen)),
          ...(holder === holders[0] ? [indexOf] : []),
        ],
      },
    ]
  })
  return map && loop && holders.indexOf(loop) < holders.indexOf(map) ? sources.toReversed() : sources
}

const indexOf: Reference = { path: "index", label: "index", type: "number, from 0", sample: undefined }

function sampleOf(holder: FlowNode, seen: Seen): Json | undefined {
  const given = seen(holder.id)?.input
  if (!isJsonObject(given)) return undefined
  const { items, state } = given
  return holder.type === "map" ? (Array.isArray(items) ? items[0] : undefined) : state
}

/** Addresses of waits and approvals in the same iteration, to be sent to whoever shall answer. */
function addresses(nesting: Nesting, nodeId: string): DataSource[] {
  const own = nesting.holder(nodeId)
  const near = nesting.nodes.filter((node) => nesting.holder(node.id) === own)
  const references = near.flatMap((node): Reference[] => {
    const list =
      node.type === "approval"
        ? "approvals"
        : node.type === "wait" && node.data["callback"] === true
          ? "callbacks"
          : null
    if (list === null) return []
    const path = `execution.${list}.${asPathStep(node.id)}`
    return [{ path, label: path, type: `address of ${titleOf(node)}`, sample: undefined }]
  })
  const facts = ["execution.id", "execution.started_at", "execution.now"].map((path): Reference => ({
    path,
    label: path,
    type: "string",
    sample: undefined,
  }))
  return [
    { id: "execution", title: "This execution", kind: "subflow", references: [...references, ...facts] },
  ]
}

const object = (properties: Record<string, string>): JsonObject => ({
  type: "object",
  properties: Object.fromEntries(Object.entries(properties).map(([name, type]) => [name, { type }])),
})

/** What kinds are known to give, where no schema of the node's own says so. */
const given: Record<string, JsonObject> = {
  llm: { type: "string" },
  classify: object({ class: "string" }),
  http: object({ status: "number", headers: "object", body: "any" }),
  approval: object({ button: "string", form: "object", answered_by: "string", answered_at: "string" }),
  map: { type: "array" },
}

const schemaOf = ({ type, data }: FlowNode): Json | undefined =>
  isJsonObject(data["output_schema"]) ? data["output_schema"] : given[type]

function referencesTo(path: string, schema: Json | undefined, sample: Json | undefined): Reference[] {
  const properties = isJsonObject(schema) && isJsonObject(schema["properties"]) ? schema["properties"] : {}
  const sampled = isJsonObject(sample) ? sample : {}
  const names = [...new Set([...Object.keys(properties), ...Object.keys(sampled)])].slice(0, mostFields)
  const whole = { path, label: path, type: typeOf(schema, sample), sample }
  return [
    whole,
    ...names.map((name) => ({
      path: `${path}.${asPathStep(name)}`,
      label: name,
      type: typeOf(properties[name], sampled[name]),
      sample: sampled[name],
    })),
  ]
}

function typeOf(schema: Json | undefined, sample: Json | undefined): string | undefined {
  if (isJsonObject(schema) && typeof schema["type"] === "string") return schema["type"]
  if (sample === undefined) return undefined
  if (sample === null) return "null"
  return Array.isArray(sample) ? "array" : typeof sample
}
