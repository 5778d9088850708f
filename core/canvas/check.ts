import type { FlowNode } from "#core/flow/graph"
import { mostEdges, mostNodes } from "#core/flow/graph"
import { drawnKind } from "#core/flow/kinds"
import { mostBytes, weight, type Canvas } from "./canvas.ts"
import { canvasFault, type CanvasFault } from "./faults.ts"
import { takenKeys } from "./names.ts"
import { fits, partsOf, type Operation, type OperationOf, type SingleOperation } from "./operation.ts"

export const mostThreads = 1_000
export const mostComments = 500
export const mostUpdateBytes = 262_144
const mostDepth = 64

/**
 * Why an operation may not be done to a document, in words; undefined when it may. What is merely too late, because what it is
 * about has gone, may be done and does nothing. `opaque` are kinds that this flow came with and this installation lacks.
 */
export function refusal(
  canvas: Canvas,
  operation: Operation,
  opaque: ReadonlySet<string> = new Set(),
): CanvasFault | undefined {
  let more = { nodes: 0, edges: 0, bytes: 0 }
  for (const part of partsOf(operation)) {
    const fault = refusalOf(canvas, part, opaque)
    if (fault) return fault
    const grown = growth(part)
    more = {
      nodes: more.nodes + grown.nodes,
      edges: more.edges + grown.edges,
      bytes: more.bytes + grown.bytes,
    }
  }
  if (takenKeys(canvas, operation).size > 0) return canvasFault("canvas.name_taken")
  const [nodes, edges] = [canvas.nodes.size + more.nodes, canvas.edges.size + more.edges]
  if ((more.nodes > 0 && nodes > mostNodes) || (more.edges > 0 && edges > mostEdges))
    return canvasFault(
      "canvas.too_large",
      `A flow holds at most ${mostNodes} nodes and ${mostEdges} edges; with this it would have ${nodes} and ${edges}. Split it into several flows.`,
    )
  if (more.bytes > 0 && canvas.bytes + more.bytes > mostBytes)
    return canvasFault(
      "canvas.too_large",
      `A flow holds at most ${mostBytes} bytes; with this it would have ${canvas.bytes + more.bytes}. Move long texts out of its nodes, or split it into several flows.`,
    )
  return undefined
}

function growth(part: SingleOperation): { nodes: number; edges: number; bytes: number } {
  const none = { nodes: 0, edges: 0, bytes: 0 }
  switch (part.type) {
    case "add":
      return {
        nodes: part.nodes.length,
        edges: part.edges.length,
        bytes: weight(part.nodes) + weight(part.edges),
      }
    case "set":
    case "field":
      return { ...none, bytes: weight(part.value) }
    case "text":
      return { ...none, bytes: part.update.length }
    default:
      return none
  }
}

function refusalOf(
  canvas: Canvas,
  part: SingleOperation,
  opaque: ReadonlySet<string>,
): CanvasFault | undefined {
  switch (part.type) {
    case "add":
      return refusedAdd(part, opaque)
    case "nest":
      return refusedNest(canvas, part)
    case "set":
      return refusedValue(part.field, part.value)
    case "field":
      return refusedValue(part.field, part.value)
    case "text":
      return part.update.length > mostUpdateBytes
        ? canvasFault("canvas.too_large", "So much text cannot be put in at once.")
        : undefined
    case "comment":
      return refusedComment(canvas, part)
    case "reword": {
      const comment = canvas.threads.get(part.thread)?.comments.find(({ id }) => id === part.id)
      return comment && comment.by !== part.by ? canvasFault("canvas.not_yours") : undefined
    }
    default:
      return undefined
  }
}

function refusedAdd({ nodes }: OperationOf<"add">, opaque: ReadonlySet<string>): CanvasFault | undefined {
  const unknown = nodes.find(({ type }) => !drawnKind(type) && !opaque.has(type))
  if (unknown)
    return canvasFault("canvas.unknown_kind", `This installation has no node kind ${unknown.type}.`)
  const byId = new Map(nodes.map((node) => [node.id, node]))
  if (nodes.some((node) => isInside(byId, node))) return canvasFault("canvas.cyclic_parent")
  return nodes.every((node) => isSound(node.data))
    ? undefined
    : canvasFault("canvas.bad_value", `Values may be nested ${mostDepth} deep and have ordinary names.`)
}

/** Whether a node is drawn inside itself, as far as these nodes tell. */
function isInside(nodes: ReadonlyMap<string, FlowNode>, node: FlowNode): boolean {
  const seen = new Set<string>()
  for (let at: FlowNode | undefined = node; at?.parent_id !== undefined; at = nodes.get(at.parent_id)) {
    if (at.parent_id === node.id) return true
    if (seen.has(at.id)) return false
    seen.add(at.id)
  }
  return false
}

function refusedNest(canvas: Canvas, { moves }: OperationOf<"nest">): CanvasFault | undefined {
  const parents = new Map(moves.map(({ id, parent_id }) => [id, parent_id]))
  const parentOf = (id: string): string | undefined =>
    parents.has(id) ? (parents.get(id) ?? undefined) : canvas.nodes.get(id)?.parent_id
  for (const { id } of moves) {
    let steps = 0
    for (let at = parentOf(id); at !== undefined; at = parentOf(at)) {
      if (at === id || ++steps > mostNodes) return canvasFault("canvas.cyclic_parent")
    }
  }
  return undefined
}

function refusedValue(field: string, value: unknown): CanvasFault | undefined {
  if (fits(field, value) && isSound(value)) return undefined
  return canvasFault("canvas.bad_value", `The property ${field} cannot hold that value.`)
}

function refusedComment(canvas: Canvas, part: OperationOf<"comment">): CanvasFault | undefined {
  const thread = canvas.threads.get(part.thread)
  if (thread ? thread.comments.length >= mostComments : canvas.threads.size >= mostThreads)
    return canvasFault(
      "canvas.too_large",
      "There are too many comments here. Take away some that are settled.",
    )
  return undefined
}

/** Plain data that everybody reads alike: not nested too deep, no name that means something to a program, whole characters. */
export function isSound(value: unknown, depth = 0): boolean {
  if (typeof value === "string") return value.isWellFormed()
  if (typeof value !== "object" || value === null) return true
  if (depth >= mostDepth) return false
  if (Array.isArray(value)) return value.every((one) => isSound(one, depth + 1))
  return Object.entries(value).every(
    ([key, one]) => key !== "__proto__" && key.isWellFormed() && isSound(one, depth + 1),
  )
}
