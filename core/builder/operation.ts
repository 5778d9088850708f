import * as z from "zod"
import { JsonValue, NodeId } from "#core/flow/graph"
import { isJsonObject, type Json } from "#core/json"

/** So many changes are proposed at once: what a person can still look through one by one. */
export const mostOperations = 200

const NodeRef = z.string().min(1).max(64)
const Route = z.string().min(1).max(64).optional()
const ends = { from: NodeRef, to: NodeRef, route: Route }

/** One change of a flow, as whoever proposes it says it; `compile` makes an operation of the canvas of it. */
export const ProposedOperation = z
  .discriminatedUnion("op", [
    z.object({
      op: z.literal("add_node"),
      id: NodeId,
      kind: z.string().min(1).max(40),
      label: z.string().max(200).optional(),
      data: z.record(z.string().max(100), JsonValue).default({}),
      /** The map, loop or group that it is drawn inside. */
      inside: NodeRef.optional(),
    }),
    /** `route` is the handle that the edge leaves by; `out` without one. */
    z.object({ op: z.literal("connect"), ...ends }),
    /** Without a route every edge between the two goes. */
    z.object({ op: z.literal("disconnect"), ...ends }),
    /** Writes a field of a node's data by its dotted path; without a value the field goes. */
    z.object({
      op: z.literal("set"),
      node: NodeRef,
      field: z.string().regex(/^[^\s.]{1,100}(\.[^\s.]{1,100}){0,9}$/),
      value: JsonValue.optional(),
    }),
    z.object({ op: z.literal("rename"), node: NodeRef, label: z.string().trim().min(1).max(200) }),
    z.object({ op: z.literal("remove"), node: NodeRef }),
    z.object({
      op: z.literal("move"),
      node: NodeRef,
      x: z.number().min(-1e7).max(1e7),
      y: z.number().min(-1e7).max(1e7),
    }),
    /** Into a map, loop or group, or out of all. */
    z.object({ op: z.literal("put_inside"), node: NodeRef, inside: NodeRef.nullable() }),
    z.object({
      op: z.literal("set_flow"),
      field: z.enum(["name", "description", "input_schema", "output_schema"]),
      value: JsonValue.optional(),
    }),
  ])
  .meta({ id: "ProposedOperation" })
export type ProposedOperation = z.infer<typeof ProposedOperation>
export type ProposedOf<T extends ProposedOperation["op"]> = Extract<ProposedOperation, { op: T }>

/** A change that was proposed; one that could not be read is told by what was said. */
export const Proposed = z
  .object({
    operation: ProposedOperation.nullable(),
    said: z.string().optional(),
    /** Why it cannot be accepted, whatever else is: it could not be read, or names what this tenant does not have. */
    faults: z.array(z.string()),
  })
  .meta({ id: "Proposed" })
export type Proposed = z.infer<typeof Proposed>

const mostSaid = 300

/** Reads one change as a model said it. Models write null for what they leave out. */
export function readOperation(value: Json): Proposed {
  const kept = isJsonObject(value)
    ? Object.fromEntries(
        Object.entries(value).filter(([key, one]) => one !== null || (key === "inside" && isPutting(value))),
      )
    : value
  const read = ProposedOperation.safeParse(kept)
  if (read.success) return { operation: read.data, faults: [] }
  const [issue] = read.error.issues
  const at = issue && issue.path.length > 0 ? `${issue.path.join(".")}: ` : ""
  return {
    operation: null,
    said: JSON.stringify(value).slice(0, mostSaid),
    faults: [`This change cannot be read: ${at}${issue?.message ?? "it is no change"}.`],
  }
}

const isPutting = (value: { [key: string]: Json }): boolean => value["op"] === "put_inside"

/** The nodes that a change is about. */
export function nodesOf(operation: ProposedOperation): string[] {
  switch (operation.op) {
    case "add_node":
      return operation.inside === undefined ? [operation.id] : [operation.id, operation.inside]
    case "connect":
    case "disconnect":
      return [operation.from, operation.to]
    case "put_inside":
      return operation.inside === null ? [operation.node] : [operation.node, operation.inside]
    case "set_flow":
      return []
    default:
      return [operation.node]
  }
}
