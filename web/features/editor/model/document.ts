import type * as z from "zod"
import type { FlowDraft } from "#core/contract/flows"
import type { FlowEdge, FlowNode } from "#core/flow/graph"
import { sourceHandle } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import type { Json, JsonObject } from "#core/json"
import { freeName } from "./names.ts"

/**
 * What a person does to a flow's draft, as pure steps from one draft to the next. Parts that a step leaves alone stay the
 * same objects, which is how nodes on the canvas know that they need not render again.
 */
export type Point = { x: number; y: number }
export type Connection = {
  source: string
  target: string
  source_handle?: string | undefined
}

const idsOf = (list: readonly { id: string }[]): Set<string> => new Set(list.map((one) => one.id))

export const nodeIdsOf = (draft: FlowDraft): Set<string> => idsOf(draft.nodes)

/** Fields that a kind's schema gives a default, and empty texts where it wants one, so that a new node says what is missing. */
function startingData(type: string): JsonObject {
  const data: JsonObject = {}
  const shape: Record<string, z.ZodType> = kindOf(type)?.data.shape ?? {}
  for (const [key, field] of Object.entries(shape)) {
    const absent = field.safeParse(undefined)
    if (absent.success) {
      if (absent.data !== undefined) data[key] = absent.data as Json
      continue
    }
    const blank = field.safeParse("")
    if (blank.success || blank.error.issues.every((issue) => issue.code === "too_small")) data[key] = ""
  }
  if (type === "condition") data["branches"] = [{ id: "yes", when: "" }]
  return data
}

export function addNode(draft: FlowDraft, type: string, position: Point): { draft: FlowDraft; id: string } {
  const id = freeName(type, nodeIdsOf(draft))
  const node: FlowNode = { id, type, position, data: startingData(type) }
  return { draft: { ...draft, nodes: [...draft.nodes, node] }, id }
}

/** Edges of a removed node go with it. */
export function removeElements(
  draft: FlowDraft,
  nodeIds: ReadonlySet<string>,
  edgeIds: ReadonlySet<string>,
): FlowDraft {
  const nodes = draft.nodes.filter((node) => !nodeIds.has(node.id))
  const edges = draft.edges.filter(
    (edge) => !edgeIds.has(edge.id) && !nodeIds.has(edge.source) && !nodeIds.has(edge.target),
  )
  if (nodes.length === draft.nodes.length && edges.length === draft.edges.length) return draft
  return { ...draft, nodes, edges }
}

export function moveNodes(draft: FlowDraft, to: ReadonlyMap<string, Point>): FlowDraft {
  let moved = false
  const nodes = draft.nodes.map((node) => {
    const position = to.get(node.id)
    if (!position || (position.x === node.position.x && position.y === node.position.y)) return node
    moved = true
    return { ...node, position: { x: position.x, y: position.y } }
  })
  return moved ? { ...draft, nodes } : draft
}

/** Why two nodes cannot be joined, in words; null when they can. */
export function whyNotConnect(draft: FlowDraft, wanted: Connection): string | null {
  if (wanted.source === wanted.target) return "A node cannot lead to itself."
  const target = draft.nodes.find((node) => node.id === wanted.target)
  if (!target) return "The node to lead to is gone."
  if (kindOf(target.type)?.takesInput === false) return "Nothing can lead to an input."
  const handle = wanted.source_handle ?? "out"
  const twin = draft.edges.some(
    (edge) => edge.source === wanted.source && edge.target === wanted.target && sourceHandle(edge) === handle,
  )
  return twin ? "These two are connected already." : null
}

/** An edge from the error handle also says that errors take it. */
export function connect(draft: FlowDraft, wanted: Connection): FlowDraft {
  if (whyNotConnect(draft, wanted) !== null) return draft
  const handle = wanted.source_handle ?? "out"
  const id = freeName(`${wanted.source}-${wanted.target}`, idsOf(draft.edges))
  const edge: FlowEdge = {
    id,
    source: wanted.source,
    target: wanted.target,
    ...(handle === "out" ? {} : { source_handle: handle }),
  }
  const joined = { ...draft, edges: [...draft.edges, edge] }
  return handle === "error" ? setField(joined, wanted.source, "on_error", "route") : joined
}

function changeNode(draft: FlowDraft, id: string, by: (node: FlowNode) => FlowNode): FlowDraft {
  let changed = false
  const nodes = draft.nodes.map((node) => {
    if (node.id !== id) return node
    const next = by(node)
    changed = next !== node
    return next
  })
  return changed ? { ...draft, nodes } : draft
}

/** Sets one field of a node's data by its dotted path; `undefined` takes the field away. */
export function setField(draft: FlowDraft, id: string, path: string, value: Json | undefined): FlowDraft {
  return changeNode(draft, id, (node) => {
    const data = setIn(node.data, path.split("."), value) as FlowNode["data"]
    return data === node.data ? node : { ...node, data }
  })
}

export function setLabel(draft: FlowDraft, id: string, label: string): FlowDraft {
  return changeNode(draft, id, (node) => {
    const { label: was, ...rest } = node
    if ((was ?? "") === label) return node
    return label === "" ? rest : { ...rest, label }
  })
}

function setIn(value: Json | undefined, path: readonly string[], to: Json | undefined): Json | undefined {
  const [key, ...rest] = path
  if (key === undefined) return to
  if (Array.isArray(value)) {
    const index = Number(key)
    const item = setIn(value[index], rest, to)
    if (Object.is(item, value[index])) return value
    return item === undefined ? value.filter((_, i) => i !== index) : value.with(index, item)
  }
  const object: JsonObject = typeof value === "object" && value !== null ? value : {}
  const was = Object.hasOwn(object, key) ? object[key] : undefined
  const now = setIn(was, rest, to)
  if (Object.is(was, now)) return value
  const { [key]: _gone, ...others } = object
  return now === undefined ? others : { ...object, [key]: now }
}

export type Branch = { id: string; when: string }

/**
 * Replaces a condition's branches. `renamed` maps a branch's old name to its new one: its edges follow, and edges of branches
 * that are gone go too.
 */
export function setBranches(
  draft: FlowDraft,
  id: string,
  branches: readonly Branch[],
  renamed: ReadonlyMap<string, string> = new Map(),
): FlowDraft {
  const next = setField(
    draft,
    id,
    "branches",
    branches.map(({ id: name, when }) => ({ id: name, when })),
  )
  const handles = new Set([...branches.map((branch) => branch.id), "else", "error"])
  const edges = draft.edges.flatMap((edge) => {
    if (edge.source !== id) return [edge]
    const handle = renamed.get(sourceHandle(edge)) ?? sourceHandle(edge)
    if (!handles.has(handle)) return []
    return handle === sourceHandle(edge) ? [edge] : [{ ...edge, source_handle: handle }]
  })
  return { ...next, edges }
}
