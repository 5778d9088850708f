import type { FlowNode } from "#core/flow/graph"
import { partsOf, type Operation, type SingleOperation } from "./operation.ts"

/** What an operation writes: which nodes it has to do with, and which single properties. */
export type Written = { nodes: Set<string>; registers: Set<string> }

const place = (id: string): string => `${id} place`
const property = (id: string, field: string): string => `${id} ${field}`
const ofFlow = (field: string): string => ` ${field}`

/** Whoever works on a node works also on those it is drawn inside: with them it would go. */
export function writtenBy(operation: Operation, nodes: ReadonlyMap<string, FlowNode>): Written {
  const written: Written = { nodes: new Set(), registers: new Set() }
  for (const part of partsOf(operation)) note(written, part)
  for (const id of written.nodes) {
    const parent = nodes.get(id)?.parent_id
    if (parent !== undefined) written.nodes.add(parent)
  }
  return written
}

function note({ nodes, registers }: Written, part: SingleOperation): void {
  switch (part.type) {
    case "add":
      for (const { id, parent_id } of part.nodes) {
        nodes.add(id)
        if (parent_id !== undefined) nodes.add(parent_id)
      }
      for (const { source, target } of part.edges) nodes.add(source).add(target)
      return
    case "move":
      for (const { id } of part.moves) {
        nodes.add(id)
        registers.add(place(id))
      }
      return
    case "nest":
      for (const { id, parent_id } of part.moves) {
        nodes.add(id)
        registers.add(place(id))
        if (parent_id !== null) nodes.add(parent_id)
      }
      return
    case "set":
      nodes.add(part.node)
      registers.add(property(part.node, part.field))
      return
    case "text":
      nodes.add(part.node)
      registers.add(property(part.node, `data.${part.field}`))
      return
    case "field":
      registers.add(ofFlow(part.field))
      return
    case "remove":
    case "comment":
    case "reword":
    case "resolve":
      return
    default:
      part satisfies never
  }
}

/** What several operations write. */
export function joined(one: Written | undefined, other: Written): Written {
  if (!one) return other
  for (const id of other.nodes) one.nodes.add(id)
  for (const name of other.registers) one.registers.add(name)
  return one
}

/**
 * What is left of an undo when others have worked on the same: of what they have written, nothing is taken back, and what they
 * have worked on is not taken away. Undefined when nothing is left.
 */
export function spared(undo: Operation, written: Written): Operation | undefined {
  const parts = partsOf(undo)
  const left = parts.flatMap((part) => sparedPart(part, written) ?? [])
  if (left.length === parts.length && left.every((one, i) => one === parts[i])) return undo
  return left.length > 1 ? { type: "batch", operations: left } : left[0]
}

function sparedPart(part: SingleOperation, { nodes, registers }: Written): SingleOperation | undefined {
  switch (part.type) {
    case "remove": {
      const left = part.nodes.filter((id) => !nodes.has(id))
      if (left.length === part.nodes.length) return part
      // The edges of what stays stay too: they may be what the others have worked with.
      return left.length === 0 ? undefined : { ...part, nodes: left, edges: [] }
    }
    case "move":
    case "nest": {
      const keep = ({ id }: { id: string }): boolean => !registers.has(place(id))
      if (part.moves.every(keep)) return part
      if (!part.moves.some(keep)) return undefined
      return part.type === "move"
        ? { ...part, moves: part.moves.filter(keep) }
        : { ...part, moves: part.moves.filter(keep) }
    }
    case "set":
      return registers.has(property(part.node, part.field)) ? undefined : part
    case "field":
      return registers.has(ofFlow(part.field)) ? undefined : part
    default:
      return part
  }
}
