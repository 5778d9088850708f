import * as fc from "fast-check"
import type { Operation } from "#core/canvas/operation"
import type { FlowNode } from "#core/flow/graph"

const kinds = ["llm", "transform", "note", "group", "map", "loop"]

export const anyNode = (ids: readonly string[]): fc.Arbitrary<FlowNode> =>
  fc.record(
    {
      id: fc.constantFrom(...ids),
      type: fc.constantFrom(...kinds),
      position: anyPoint,
      data: fc.dictionary(fc.constantFrom("prompt", "text", "value"), fc.string({ maxLength: 12 })),
      parent_id: fc.constantFrom(...ids),
      label: fc.string({ maxLength: 10 }),
    },
    { requiredKeys: ["id", "type", "position", "data"] },
  )

const coordinate = fc.oneof(
  fc.integer({ min: -2_000, max: 2_000 }),
  // JSON has no -0.
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((x) => x + 0),
)
const anyPoint = fc.record({ x: coordinate, y: coordinate })

/** Any operation on these nodes and on edges between them, sensible or not. */
export function anyOperation(ids: readonly string[]): fc.Arbitrary<Operation> {
  const id = fc.constantFrom(...ids)
  const edgeId = fc.tuple(id, id).map(([from, to]) => `${from}-${to}`)
  const edge = fc.tuple(id, id).map(([source, target]) => ({ id: `${source}-${target}`, source, target }))
  const few = { maxLength: 4 }
  const single = fc.oneof(
    fc.record({
      type: fc.constant("add" as const),
      nodes: fc.array(anyNode(ids), few),
      edges: fc.array(edge, few),
    }),
    fc.record({
      type: fc.constant("remove" as const),
      nodes: fc.array(id, { maxLength: 2 }),
      edges: fc.array(edgeId, few),
    }),
    fc.record({
      type: fc.constant("move" as const),
      moves: fc.array(
        fc.tuple(id, anyPoint).map(([one, point]) => ({ id: one, ...point })),
        few,
      ),
    }),
    fc.record({
      type: fc.constant("nest" as const),
      moves: fc.array(
        fc
          .tuple(id, fc.option(id), anyPoint)
          .map(([one, parent_id, point]) => ({ id: one, parent_id, ...point })),
        few,
      ),
    }),
    fc.record(
      {
        type: fc.constant("set" as const),
        node: id,
        field: fc.constantFrom("label", "data.prompt", "data.text"),
        value: fc.string({ maxLength: 20 }),
      },
      { requiredKeys: ["type", "node", "field"] },
    ),
    fc.record({
      type: fc.constant("field" as const),
      field: fc.constantFrom("description", "name"),
      value: fc.string({ minLength: 1, maxLength: 20 }).map((text) => `x${text.trim()}`),
    }),
  )
  return fc.oneof(
    { weight: 6, arbitrary: single },
    {
      weight: 1,
      arbitrary: fc
        .array(single, { minLength: 1, maxLength: 4 })
        .map((operations) => ({ type: "batch" as const, operations })),
    },
  )
}
