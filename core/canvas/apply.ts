import type { FlowEdge, FlowNode } from "#core/flow/graph"
import { weight, type Canvas, type CanvasFields } from "./canvas.ts"
import { applyRemark } from "./apply-remark.ts"
import type { Applied } from "./applied.ts"
import { spliced, textBytesOf } from "./delta.ts"
import { isHeld } from "./well-formed.ts"
import { together, type Operation, type OperationOf, type SingleOperation } from "./operation.ts"

/**
 * Does an operation to a document, in place. Total: what it is about may be gone, and then there is less to do, or nothing, which
 * is told by undefined. Whatever comes in whatever order, the document stays a graph: edges have both ends, and parents are
 * there and form no circle. Equal documents stay equal under equal operations, which is all that keeps people's copies alike.
 */
export function apply(canvas: Canvas, operation: Operation): Applied | undefined {
  switch (operation.type) {
    case "batch":
      return applyAll(canvas, operation.operations)
    case "add":
      return add(canvas, operation)
    case "remove":
      return remove(canvas, operation)
    case "move":
      return move(canvas, operation)
    case "nest":
      return nest(canvas, operation)
    case "set":
      return set(canvas, operation)
    case "field":
      return field(canvas, operation)
    case "text":
      return text(canvas, operation)
    case "comment":
    case "reword":
    case "resolve":
      return applyRemark(canvas.threads, operation)
    default:
      return operation satisfies never
  }
}

function applyAll(canvas: Canvas, operations: readonly SingleOperation[]): Applied | undefined {
  const done = operations.flatMap((one) => apply(canvas, one) ?? []).toReversed()
  if (done.length === 0) return undefined
  return {
    inverse: together(done.flatMap(({ inverse }) => inverse ?? [])),
    revert: () => done.forEach(({ revert }) => revert()),
  }
}

function add(canvas: Canvas, operation: OperationOf<"add">): Applied | undefined {
  const { nodes, edges } = canvas
  const before = canvas.bytes
  const newNodes = new Map<string, FlowNode>()
  for (const node of operation.nodes) if (!nodes.has(node.id)) newNodes.set(node.id, node)
  for (const node of newNodes.values()) nodes.set(node.id, node)
  for (const node of newNodes.values()) {
    if (isHeld(nodes, node)) continue
    const { parent_id: _, ...free } = node
    nodes.set(node.id, free)
  }
  const newEdges = operation.edges.filter((edge) => {
    if (edges.has(edge.id) || !nodes.has(edge.source) || !nodes.has(edge.target)) return false
    edges.set(edge.id, edge)
    return true
  })
  if (newNodes.size === 0 && newEdges.length === 0) return undefined
  for (const id of newNodes.keys()) canvas.bytes += weight(nodes.get(id))
  for (const edge of newEdges) canvas.bytes += weight(edge)
  return {
    inverse: { type: "remove", nodes: [...newNodes.keys()], edges: newEdges.map(({ id }) => id) },
    revert: () => {
      for (const id of newNodes.keys()) nodes.delete(id)
      for (const { id } of newEdges) edges.delete(id)
      canvas.bytes = before
    },
  }
}

function remove(canvas: Canvas, operation: OperationOf<"remove">): Applied | undefined {
  const { nodes, edges } = canvas
  const before = canvas.bytes
  const gone = withInside(nodes, operation.nodes)
  const goneNodes = gone.size === 0 ? [] : [...nodes.values()].filter(({ id }) => gone.has(id))
  const named = new Set(operation.edges)
  const goneEdges: FlowEdge[] = []
  for (const edge of edges.values())
    if (named.has(edge.id) || gone.has(edge.source) || gone.has(edge.target)) goneEdges.push(edge)
  if (goneNodes.length === 0 && goneEdges.length === 0) return undefined
  for (const edge of goneEdges) {
    edges.delete(edge.id)
    canvas.bytes -= weight(edge)
  }
  for (const node of goneNodes) {
    nodes.delete(node.id)
    canvas.bytes -= weight(node)
  }
  return {
    inverse: { type: "add", nodes: goneNodes, edges: goneEdges },
    revert: () => {
      for (const node of goneNodes) nodes.set(node.id, node)
      for (const edge of goneEdges) edges.set(edge.id, edge)
      canvas.bytes = before
    },
  }
}

/** Nodes that are there, with all that are drawn inside them. */
function withInside(nodes: ReadonlyMap<string, FlowNode>, ids: readonly string[]): Set<string> {
  const found = new Set(ids.filter((id) => nodes.has(id)))
  if (found.size === 0) return found
  for (let size = -1; size !== found.size;) {
    size = found.size
    for (const { id, parent_id } of nodes.values())
      if (parent_id !== undefined && found.has(parent_id)) found.add(id)
  }
  return found
}

/** Writes nodes in the place of those that are there; what was there is what the way back needs. */
function rewrite<P extends { id: string }>(
  { nodes }: Canvas,
  parts: readonly P[],
  anew: (node: FlowNode, part: P) => FlowNode | undefined,
): { was: FlowNode[]; revert: () => void } | undefined {
  const was: FlowNode[] = []
  for (const part of parts) {
    const node = nodes.get(part.id)
    const next = node && anew(node, part)
    if (!node || !next) continue
    was.push(node)
    nodes.set(node.id, next)
  }
  was.reverse()
  return was.length === 0 ? undefined : { was, revert: () => was.forEach((one) => nodes.set(one.id, one)) }
}

function move(canvas: Canvas, { moves }: OperationOf<"move">): Applied | undefined {
  const done = rewrite(canvas, moves, (node, { x, y }) => ({ ...node, position: { x, y } }))
  if (!done) return undefined
  const back = done.was.map(({ id, position }) => ({ id, ...position }))
  return { inverse: { type: "move", moves: back }, revert: done.revert }
}

function nest(canvas: Canvas, { moves }: OperationOf<"nest">): Applied | undefined {
  const done = rewrite(canvas, moves, (node, { parent_id, x, y }) => {
    const { parent_id: _, ...free } = node
    const next = { ...free, position: { x, y }, ...(parent_id === null ? {} : { parent_id }) }
    return isHeld(canvas.nodes, next) ? next : undefined
  })
  if (!done) return undefined
  const back = done.was.map(({ id, parent_id, position }) => ({
    id,
    parent_id: parent_id ?? null,
    ...position,
  }))
  return { inverse: { type: "nest", moves: back }, revert: done.revert }
}

function set(canvas: Canvas, { node: id, field, value }: OperationOf<"set">): Applied | undefined {
  const before = canvas.bytes
  let had: unknown
  const done = rewrite(canvas, [{ id }], (node) => {
    if (!field.startsWith("data.")) {
      const own: Record<string, unknown> = node
      had = own[field]
      return written(node, field, value)
    }
    const key = field.slice(5)
    had = Object.hasOwn(node.data, key) ? node.data[key] : undefined
    return { ...node, data: written(node.data, key, value) }
  })
  if (!done) return undefined
  canvas.bytes += weight(value) - weight(had)
  return {
    inverse: { type: "set", node: id, field, ...(had === undefined ? {} : { value: had as typeof value }) },
    revert: () => {
      done.revert()
      canvas.bytes = before
    },
  }
}

/** A copy in which a property has another value, or is left out. */
function written<T extends object>(thing: T, key: string, value: unknown): T {
  if (value !== undefined) return { ...thing, [key]: value }
  const { [key as keyof T]: _, ...rest } = thing
  return rest as T
}

function field(canvas: Canvas, { field: name, value }: OperationOf<"field">): Applied | undefined {
  const before = { fields: canvas.fields, bytes: canvas.bytes }
  const { fields } = before
  const key = name.startsWith("settings.") ? name.slice(9) : undefined
  const place: Record<string, unknown> = key === undefined ? fields : fields.settings
  const had = place[key ?? name]
  canvas.fields =
    key === undefined
      ? written<CanvasFields>(fields, name, value)
      : { ...fields, settings: written(fields.settings, key, value) }
  canvas.bytes += weight(value) - weight(had)
  return {
    inverse: { type: "field", field: name, ...(had === undefined ? {} : { value: had as typeof value }) },
    revert: () => void Object.assign(canvas, before),
  }
}

/** Without the server's delta there is nothing to do yet: until then only the open field itself shows what was written. */
function text(canvas: Canvas, { node: id, field: key, delta }: OperationOf<"text">): Applied | undefined {
  if (!delta || delta.length === 0) return undefined
  const before = canvas.bytes
  const done = rewrite(canvas, [{ id }], (node) => {
    const was = node.data[key]
    return { ...node, data: { ...node.data, [key]: spliced(typeof was === "string" ? was : "", delta) } }
  })
  if (!done) return undefined
  canvas.bytes += textBytesOf(delta)
  return {
    inverse: undefined,
    revert: () => {
      done.revert()
      canvas.bytes = before
    },
  }
}
