import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { anyOperation } from "#test/kit/canvas/any"
import { fresh, label, meaning, move, state, Table } from "#test/kit/canvas/table"
import { apply } from "./apply.ts"
import { draftOf, stateOf, type Canvas } from "./canvas.ts"
import { CanvasClient } from "./client.ts"
import { deltaBetween, spliced } from "./delta.ts"
import { operationBetween } from "./diff.ts"
import type { Operation } from "./operation.ts"

const ids = ["a", "b", "c", "d", "e", "f"]

const after = (operations: readonly Operation[]): Canvas => {
  const canvas = fresh()
  for (const one of operations) apply(canvas, one)
  return canvas
}
const history = fc.array(anyOperation(ids), { maxLength: 12 })

describe("an operation", () => {
  it("[CA2] leaves a graph, whatever came before it", () => {
    fc.assert(
      fc.property(history, (operations) => {
        const { nodes, edges } = after(operations)
        for (const { source, target } of edges.values())
          expect([nodes.has(source), nodes.has(target)]).toEqual([true, true])
        for (const { id, parent_id } of nodes.values()) {
          const around = [id]
          for (let at = parent_id; at !== undefined; at = nodes.get(at)?.parent_id) {
            expect([around.includes(at), nodes.has(at)]).toEqual([false, true])
            around.push(at)
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it("[CA3] is taken back by its inverse, and to the last object by its way back", () => {
    fc.assert(
      fc.property(history, anyOperation(ids), (operations, last) => {
        const canvas = after(operations)
        const before = {
          meaning: meaning(canvas),
          nodes: new Map(canvas.nodes),
          edges: new Map(canvas.edges),
        }
        const done = apply(canvas, last)
        done?.revert()
        expect(meaning(canvas)).toBe(before.meaning)
        for (const [id, node] of before.nodes) expect(canvas.nodes.get(id)).toBe(node)
        for (const [id, edge] of before.edges) expect(canvas.edges.get(id)).toBe(edge)
        const again = apply(canvas, last)
        if (again?.inverse) apply(canvas, again.inverse)
        expect(meaning(canvas)).toBe(before.meaning)
      }),
      { numRuns: 500 },
    )
  })

  it("[CA4] is found between any two drafts, and makes one of the other", () => {
    fc.assert(
      fc.property(history, history, (one, other) => {
        const [from, to] = [after(one), after(other)]
        const operation = operationBetween(draftOf(from), draftOf(to))
        if (operation) apply(from, operation)
        expect(meaning(from)).toBe(meaning(to))
        expect(operationBetween(draftOf(from), draftOf(to))).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  it("[CA5] on a text is the shortest change that makes one of the other", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (from, to) => {
        expect(spliced(from, deltaBetween(from, to))).toBe(to)
      }),
    )
    expect(deltaBetween("Say hello", "Say a kind hello")).toEqual([4, "a kind "])
    expect(deltaBetween("a😀b", "a😁b")).toEqual([1, -2, "😁"])
  })
})

describe("undo", () => {
  it("[CA6] of one of three takes back that one's work alone", () => {
    const table = new Table(3)
    table.do(0, move("a", 10))
    table.do(1, move("b", 20))
    table.do(2, move("a", 30))
    table.do(0, label("a", "Ada's"))
    table.undo(0)
    table.undo(0)
    // Ada moved it first, Carl after her: it stays where Carl put it.
    expect(table.shown.nodes.get("a")).toEqual({ ...state.nodes[0], position: { x: 30, y: 0 } })
    table.undo(2)
    expect(table.shown.nodes.get("a")!.position.x).toBe(10)
    expect(table.shown.nodes.get("b")!.position.x).toBe(20)
    table.redo(0)
    expect(table.shown.nodes.get("a")!.label).toBe("Ada's")
  })

  it("[CA7] does not take away what others have worked on, nor what they put inside", () => {
    const table = new Table(2)
    const note = (id: string) => ({ id, type: "note", position: { x: 0, y: 0 }, data: {} })
    table.do(0, { type: "add", nodes: [note("d"), note("e"), note("f")], edges: [] })
    table.do(1, label("d", "Ben's"))
    table.do(1, { type: "nest", moves: [{ id: "b", parent_id: "e", x: 0, y: 0 }] })
    table.undo(0)
    expect([...table.shown.nodes.keys()].toSorted()).toEqual(["a", "b", "c", "d", "e"])
  })

  it("[CA8] of a removal brings the edges back with their node, and the nodes inside", () => {
    const table = new Table(2)
    table.do(1, { type: "nest", moves: [{ id: "c", parent_id: "a", x: 5, y: 5 }] })
    const before = meaning(table.shown)
    table.do(0, { type: "remove", nodes: ["a"], edges: [] })
    expect([table.shown.nodes.size, table.shown.edges.size]).toEqual([1, 0])
    table.undo(0)
    expect(meaning(table.shown)).toBe(before)
    table.redo(0)
    expect([table.shown.nodes.size, table.shown.edges.size]).toEqual([1, 0])
  })

  it("[CA9] takes a drag back as one step, to where it began", () => {
    const table = new Table(2)
    const [ada] = table.clients
    for (let x = 1; x <= 50; x++) {
      ada!.edit(move("a", x), { group: "drag" })
      if (x % 7 === 0) table.pass()
    }
    table.pass()
    table.undo(0)
    expect(table.shown.nodes.get("a")!.position.x).toBe(0)
    table.redo(0)
    expect(table.shown.nodes.get("a")!.position.x).toBe(50)
    expect(ada!.canRedo).toBe(false)
  })
})

describe("a window", () => {
  it("[CA10] that was away for a week sends what it had, once, on top of what others did", () => {
    const away = new CanvasClient()
    away.number = 1
    away.reset(structuredClone(state), ["a", "b", "c"], 0, 0)
    away.edit(move("a", 5))
    away.edit(label("b", "By the window"))
    const back = new CanvasClient(structuredClone(away.kept()))
    back.number = 1
    const meanwhile = fresh()
    apply(meanwhile, move("a", 99))
    apply(meanwhile, { type: "remove", nodes: ["c"], edges: [] })
    // The server had taken the first of the two before the line was cut.
    back.reset(stateOf(meanwhile), ["a", "b", "c"], 40, 1)
    back.caughtUp(1)
    expect(back.outgoing().map(({ counter }) => counter)).toEqual([2])
    expect(back.canvas.nodes.get("a")!.position.x).toBe(99)
    expect(back.canvas.nodes.get("b")!.label).toBe("By the window")
    expect(back.edit(move("b", 1)).fault).toBeUndefined()
    expect(back.outgoing().map(({ counter }) => counter)).toEqual([3])
  })

  it("[CA25] writes anew what it sends again only as an edit of its own: the first may have its place already", () => {
    const [client] = new Table(1).clients
    client!.edit(label("a", "x"), { group: "label" })
    const [first] = client!.outgoing()
    client!.lost()
    client!.edit(label("a", "xyz"), { group: "label" })
    client!.receive(1, [{ ...first!, client: 1 }])
    client!.caughtUp(1)
    expect(client!.outgoing().map(({ operation }) => operation)).toEqual([label("a", "xyz")])
    client!.undo()
    expect(client!.canvas.nodes.get("a")!.label).toBeUndefined()
  })

  it("[CA11] takes back what the server refused, and nothing else", () => {
    const table = new Table(1)
    const [client] = table.clients
    client!.edit(move("a", 5))
    client!.edit(label("b", "Kept"))
    client!.outgoing()
    client!.refused(1)
    expect(client!.canvas.nodes.get("a")!.position.x).toBe(0)
    expect(client!.canvas.nodes.get("b")!.label).toBe("Kept")
    expect(client!.waiting).toBe(1)
  })

  it("[CA12] is told in words what cannot be: too much, itself inside itself, an unknown kind", () => {
    const [client] = new Table(1).clients
    const note = (id: string, type = "note") => ({ id, type, position: { x: 0, y: 0 }, data: {} })
    const many = Array.from({ length: 20_000 }, (_, i) => note(`n${i}`))
    const large = { ...note("large"), data: { text: "x".repeat(10_000_000) } }
    const faults = [
      client!.edit({ type: "add", nodes: many, edges: [] }),
      client!.edit({ type: "add", nodes: [large], edges: [] }),
      client!.edit({ type: "nest", moves: [{ id: "a", parent_id: "a", x: 0, y: 0 }] }),
      client!.edit({ type: "add", nodes: [note("x", "frobnicate")], edges: [] }),
    ].map(({ fault }) => fault?.code)
    expect(faults).toEqual([
      "canvas.too_large",
      "canvas.too_large",
      "canvas.cyclic_parent",
      "canvas.unknown_kind",
    ])
    expect(client!.waiting).toBe(0)
  })
})
