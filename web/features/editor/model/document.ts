import type { FlowDraft } from "#core/contract/flows"
import type { FlowEdge, FlowNode } from "#core/flow/graph"
import { sourceHandle } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import type { Json, JsonObject } from "#core/json"
import { handlesOf, lookOf, sizeOf, type Point } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { titleOf } from "#web/flow/node-card.tsx"
import { freeName, nodeName } from "./names.ts"
import { startingData } from "./starting-data.ts"

/**
 * What a person does to a flow's draft, as pure steps from one draft to the next. Parts that a step leaves alone stay the
 * same objects, which is how nodes on the canvas know that they need not render again.
 */
export type Connection = {
  source: string
  target: string
  source_handle?: string | undefined
}

const idsOf = (list: readonly { id: string }[]): Set<string> => new Set(list.map((one) => one.id))

export const nodeIdsOf = (draft: FlowDraft): Set<string> => idsOf(draft.nodes)

/** A new node, counted from its frame's corner when it is put into one. */
export function addNode(
  draft: FlowDraft,
  type: string,
  position: Point,
  frameId?: string,
): { draft: FlowDraft; id: string } {
  const id = nodeName(type, nodeIdsOf(draft))
  const node: FlowNode = {
    id,
    type,
    position: { x: position.x, y: position.y },
    data: startingData(type),
    ...(frameId === undefined ? {} : { parent_id: frameId }),
  }
  // A frame is written with its size: it grows by what is put into it.
  const sized = lookOf(node) === "step" ? node : { ...node, size: sizeOf(node) }
  return { draft: { ...draft, nodes: [...draft.nodes, sized] }, id }
}

/** Edges of a removed node go with it, and so does what is inside a removed frame. */
export function removeElements(
  draft: FlowDraft,
  chosen: ReadonlySet<string>,
  edgeIds: ReadonlySet<string>,
): FlowDraft {
  const nodeIds = nestingOf(draft.nodes).withInsides(chosen)
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

/** Why two nodes cannot be joined, in words; null when they can. `instead` is an edge that the new one takes the place of. */
export function whyNotConnect(draft: FlowDraft, wanted: Connection, instead?: string): string | null {
  if (wanted.source === wanted.target) return "A node cannot lead to itself."
  const nesting = nestingOf(draft.nodes)
  const target = nesting.node(wanted.target)
  if (!target || !nesting.node(wanted.source)) return "The node to lead to is gone."
  const [from, into] = [nesting.holder(wanted.source), nesting.holder(wanted.target)]
  if (from !== into)
    return sayBorder((nesting.isInside(wanted.target, from?.id ?? "") ? into : from) ?? into!)
  if (kindOf(target.type)?.takesInput === false) return `Nothing can lead to ${nameOfKind(target)}.`
  const handle = wanted.source_handle ?? "out"
  const twin = draft.edges.some(
    (edge) =>
      edge.id !== instead &&
      edge.source === wanted.source &&
      edge.target === wanted.target &&
      sourceHandle(edge) === handle,
  )
  return twin ? "These two are connected already." : null
}

const nameOfKind = ({ type }: FlowNode): string => {
  const word = (kindOf(type)?.title ?? type).toLowerCase()
  return `${/^[aeio]/.test(word) ? "an" : "a"} ${word}`
}

const sayBorder = (frame: FlowNode): string =>
  `An edge cannot cross the border of “${titleOf(frame)}”. Connect two nodes inside it, or the ${frame.type} itself.`

/** Plugs one or both ends of an edge somewhere else. */
export function reconnect(draft: FlowDraft, edgeId: string, wanted: Connection): FlowDraft {
  if (whyNotConnect(draft, wanted, edgeId) !== null) return draft
  const handle = wanted.source_handle ?? "out"
  const edges = draft.edges.map((edge): FlowEdge => {
    if (edge.id !== edgeId) return edge
    const { source_handle: _was, ...rest } = edge
    return {
      ...rest,
      source: wanted.source,
      target: wanted.target,
      ...(handle === "out" ? {} : { source_handle: handle }),
    }
  })
  const next = { ...draft, edges }
  return handle === "error" ? setField(next, wanted.source, "on_error", "route") : next
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

/** One of a node's named routes: a condition's branch, a classifier's class, an approval's button. */
export type Route = { id: string } & JsonObject

/**
 * Replaces the list of a node's routes. `renamed` maps a route's old name to its new one: its edges follow, and edges of routes
 * that are gone go too.
 */
export function setRoutes(
  draft: FlowDraft,
  id: string,
  field: string,
  routes: readonly Route[],
  renamed: ReadonlyMap<string, string> = new Map(),
): FlowDraft {
  const next = setField(draft, id, field, [...routes])
  const node = next.nodes.find((one) => one.id === id)
  const handles = new Set([...(node ? handlesOf(node).map((handle) => handle.id) : []), "error"])
  const edges = draft.edges.flatMap((edge) => {
    if (edge.source !== id) return [edge]
    const handle = renamed.get(sourceHandle(edge)) ?? sourceHandle(edge)
    if (!handles.has(handle)) return []
    return handle === sourceHandle(edge) ? [edge] : [{ ...edge, source_handle: handle }]
  })
  return { ...next, edges }
}
