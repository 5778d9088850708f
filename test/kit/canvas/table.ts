import { expect } from "vitest"
import { canvasOf, stateOf, type Canvas, type CanvasState } from "#core/canvas/canvas"
import { CanvasClient } from "#core/canvas/client"
import type { Told } from "#core/canvas/frame"
import type { Operation } from "#core/canvas/operation"
import { stable } from "#core/flow/diff"

/** Three nodes, and an edge between two of them. */
export const state: CanvasState = {
  fields: { name: "Flow", description: "", settings: {} },
  nodes: ["a", "b", "c"].map((id, i) => ({ id, type: "group", position: { x: i, y: 0 }, data: {} })),
  edges: [{ id: "a-b", source: "a", target: "b" }],
  threads: [],
}
export const fresh = (): Canvas => canvasOf(structuredClone(state))

const byId = (one: { id: string }, other: { id: string }): number => (one.id < other.id ? -1 : 1)
/** Equal for documents that say the same, in whatever order. */
export const meaning = (canvas: Canvas): string => {
  const { nodes, edges, fields } = stateOf(canvas)
  return stable({ fields, nodes: nodes.toSorted(byId), edges: edges.toSorted(byId) })
}
/** People round a table: whatever one says everybody hears at once, in the order of the sayings. */
export class Table {
  readonly clients: CanvasClient[]
  private seq = 0

  constructor(many: number) {
    this.clients = Array.from({ length: many }, (_, i) => {
      const client = new CanvasClient()
      client.number = i + 1
      client.reset(structuredClone(state), ["a", "b", "c"], 0, 0)
      return client
    })
  }

  pass(): void {
    for (const { number, ...client } of this.clients.map((one) => ({
      number: one.number,
      out: one.outgoing(),
    })))
      for (const edit of client.out) this.tell({ ...edit, client: number })
  }

  private tell(told: Told): void {
    this.seq++
    for (const client of this.clients) client.receive(this.seq, [told])
  }

  do(who: number, operation: Operation): void {
    this.clients.at(who)?.edit(operation)
    this.pass()
  }

  undo(who: number): void {
    this.clients.at(who)?.undo()
    this.pass()
  }

  redo(who: number): void {
    this.clients.at(who)?.redo()
    this.pass()
  }

  get shown(): Canvas {
    expect(new Set(this.clients.map(({ canvas }) => meaning(canvas))).size).toBe(1)
    return this.clients.at(0)!.canvas
  }
}

export const move = (id: string, x: number): Operation => ({ type: "move", moves: [{ id, x, y: 0 }] })
export const label = (node: string, value: string): Operation => ({
  type: "set",
  node,
  field: "label",
  value,
})
