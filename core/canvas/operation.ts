import * as z from "zod"
import { FlowEdge, FlowNode, FlowSettings, JsonSchema, JsonValue, NodeId } from "#core/flow/graph"
import { CommentId, Mentions, Words } from "./comment.ts"

/** Coordinates that a drawing can have; what is further away could not be found again. */
const Coordinate = z.number().min(-1e7).max(1e7)
const NodeRef = z.string().min(1).max(64)
const EdgeRef = z.string().min(1).max(200)
const Parent = NodeId.nullable()

/** How much one edit may hold: what a person pastes at once, not what a flow may grow to. */
export const mostParts = 20_000

/** Nodes and edges that come together: an edge, a node, a paste, or what an undo brings back. */
const Add = z.strictObject({
  type: z.literal("add"),
  nodes: z.array(FlowNode).max(mostParts),
  edges: z.array(FlowEdge).max(mostParts),
})

/** Takes nodes away with all that is drawn inside them and every edge that touches them, and edges. */
const Remove = z.strictObject({
  type: z.literal("remove"),
  nodes: z.array(NodeRef).max(mostParts),
  edges: z.array(EdgeRef).max(mostParts),
})

const Move = z.strictObject({
  type: z.literal("move"),
  moves: z.array(z.strictObject({ id: NodeRef, x: Coordinate, y: Coordinate })).max(mostParts),
})

/** Puts nodes into another node or out of all; positions count from the new parent's corner. */
const Nest = z.strictObject({
  type: z.literal("nest"),
  moves: z
    .array(z.strictObject({ id: NodeRef, parent_id: Parent, x: Coordinate, y: Coordinate }))
    .max(mostParts),
})

/** Writes one property of a node: `label`, `size`, or one field of its data. Without a value the property goes. */
const Set = z.strictObject({
  type: z.literal("set"),
  node: NodeRef,
  field: z.string().regex(/^(label|size|data\.[\s\S]{1,100})$/),
  value: JsonValue.optional(),
})

/** Writes one property of the flow. */
const Field = z.strictObject({
  type: z.literal("field"),
  field: z.string().regex(/^(name|description|input_schema|output_schema|settings\.[a-z_]{1,40})$/),
  value: JsonValue.optional(),
})

/** What happens to a text: characters to keep, characters to delete (below 0), and what is put in. UTF-16 units. */
export const Delta = z.array(z.union([z.int(), z.string()])).max(10_000)
export type Delta = z.infer<typeof Delta>

/**
 * A change of a long text that is edited together: a Yjs update of that field's own small document, which the server makes a
 * `delta` of. Those who have not opened the field need the delta only.
 */
const Text = z.strictObject({
  type: z.literal("text"),
  node: NodeRef,
  field: z.string().min(1).max(100),
  /** Which document of that field; another one is begun when the node has gone and come back. */
  epoch: z.int().min(0),
  update: z.instanceof(Uint8Array),
  delta: Delta.optional(),
})

/** Who and when, in the server's word; what a person sends of them is written over. */
const stamp = { by: z.string().max(64).default(""), at: z.string().max(40).default("") }

const Comment = z.strictObject({
  type: z.literal("comment"),
  thread: CommentId,
  id: CommentId,
  /** For a new thread: what it is about. Those that follow leave it out. */
  about: z
    .strictObject({
      node_id: NodeId.nullable(),
      position: z.strictObject({ x: Coordinate, y: Coordinate }).nullable(),
    })
    .optional(),
  text: Words,
  mentions: Mentions.default([]),
  ...stamp,
})

/** Writes one's own comment anew; without a text it goes, and the thread with its last one. */
const Reword = z.strictObject({
  type: z.literal("reword"),
  thread: CommentId,
  id: CommentId,
  text: Words.optional(),
  mentions: Mentions.default([]),
  ...stamp,
})

const Resolve = z.strictObject({
  type: z.literal("resolve"),
  thread: CommentId,
  resolved: z.boolean(),
  ...stamp,
})

const single = [Add, Remove, Move, Nest, Set, Field, Text, Comment, Reword, Resolve] as const

export const SingleOperation = z.discriminatedUnion("type", [...single])
export type SingleOperation = z.infer<typeof SingleOperation>

/** Several as one step: everybody sees all of it or nothing, and it is undone together. */
const Batch = z.strictObject({
  type: z.literal("batch"),
  operations: z.array(SingleOperation).min(1).max(mostParts),
})

/** What a person does to a canvas. */
export const Operation = z.discriminatedUnion("type", [...single, Batch])
export type Operation = z.infer<typeof Operation>
export type OperationOf<T extends Operation["type"]> = Extract<Operation, { type: T }>

/** What a property of a node or of the flow may hold, by its name; others are checked as JSON alone. */
const values: Record<string, z.ZodType> = {
  label: FlowNode.shape.label,
  size: FlowNode.shape.size,
  name: z.string().trim().min(1).max(200),
  description: z.string().max(4_000),
  input_schema: JsonSchema.optional(),
  output_schema: JsonSchema.optional(),
}

/** Whether a property can hold a value. */
export function fits(field: string, value: unknown): boolean {
  if (field.startsWith("data.")) return !unsafe.has(field.slice(5))
  if (!field.startsWith("settings.")) return values[field]?.safeParse(value).success ?? false
  const name = field.slice(9)
  return Object.hasOwn(FlowSettings.shape, name) && FlowSettings.safeParse({ [name]: value }).success
}

const unsafe: ReadonlySet<string> = new globalThis.Set(["__proto__", "constructor", "prototype"])

/** The single operations of one, in their order. */
export const partsOf = (operation: Operation): readonly SingleOperation[] =>
  operation.type === "batch" ? operation.operations : [operation]

/** Several operations as one; undefined of none. */
export function together(operations: readonly Operation[]): Operation | undefined {
  const parts = operations.flatMap(partsOf)
  return parts.length > 1 ? { type: "batch", operations: parts } : parts[0]
}

/** A text's change as a window sends it: what its update does to the text is the server's word. */
export function withoutDelta<O extends Operation>(operation: O): O {
  if (operation.type !== "text") return operation
  const { delta: _, ...rest } = operation
  return rest as O
}

/** Whether two edits write the same places, so that the later one may stand for both. */
export function writesSame(one: Operation, other: Operation): boolean {
  if (one.type === "move" && other.type === "move") {
    const { moves } = other
    return one.moves.length === moves.length && one.moves.every(({ id }, i) => id === moves[i]!.id)
  }
  return one.type === "set" && other.type === "set" && one.node === other.node && one.field === other.field
}
