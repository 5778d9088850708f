import { describe, expect, it } from "vitest"
import type { FlowNode } from "#core/flow/graph"
import { fresh, label, meaning, move, state, Table } from "#test/kit/canvas/table"
import { apply } from "./apply.ts"
import { stateOf, type Canvas } from "./canvas.ts"
import { refusal } from "./check.ts"
import { CanvasClient } from "./client.ts"
import type { Told } from "./frame.ts"
import type { Operation, OperationOf } from "./operation.ts"

describe("two who give the same name to what they add", () => {
  const drawn = (label: string, id = "draft"): FlowNode => ({
    id,
    type: "llm",
    position: { x: 0, y: 0 },
    data: {},
    label,
  })
  const add = (...nodes: FlowNode[]): Operation => ({ type: "add", nodes, edges: [] })
  const at = (canvas: Canvas): Record<string, string | undefined> =>
    Object.fromEntries([...canvas.nodes.values()].map(({ id, label }) => [id, label]))

  it("[CA13] are known by the rules, also when they add the same", () => {
    const canvas = fresh()
    apply(canvas, add(drawn("")))
    expect(refusal(canvas, add(drawn("mine")))?.code).toBe("canvas.name_taken")
    expect(refusal(canvas, add(drawn("")))?.code).toBe("canvas.name_taken")
    const anew: Operation = {
      type: "batch",
      operations: [{ type: "remove", nodes: ["draft"], edges: [] }, add(drawn("mine")) as OperationOf<"add">],
    }
    expect(refusal(canvas, anew)).toBeUndefined()
  })

  it("[CA14] both have what they added, and what each did to it next", () => {
    const [ada, ben] = new Table(2).clients as [CanvasClient, CanvasClient]
    ada.edit(add(drawn("Ada's")))
    ben.edit(add(drawn("Ben's")))
    ben.edit(label("draft", "Ben's, named"))
    ben.edit({ type: "add", nodes: [], edges: [{ id: "a-draft", source: "a", target: "draft" }] })
    ben.edit({ type: "nest", moves: [{ id: "c", parent_id: "draft", x: 0, y: 0 }] })
    ben.edit(move("b", 9))
    const [first, bens] = [ada.outgoing(), ben.outgoing()]
    // What has to do with the node waits for it, and so does what comes after.
    expect([first.length, bens.length]).toEqual([1, 1])
    for (const one of [ada, ben]) expect(one.receive(1, [{ ...first[0]!, client: 1 }]).all).toBe(false)
    expect(at(ben.canvas)).toMatchObject({ draft: "Ada's", draft_2: "Ben's, named" })
    ben.again(bens[0]!.counter)
    let seq = 1
    for (let out = ben.outgoing(); out.length > 0; out = ben.outgoing())
      for (const edit of out)
        for (const one of (seq++, [ada, ben])) one.receive(seq, [{ ...edit, client: 2 }])
    expect(meaning(ada.canvas)).toBe(meaning(ben.canvas))
    expect(at(ada.canvas)).toMatchObject({ draft: "Ada's", draft_2: "Ben's, named" })
    expect(ada.canvas.edges.get("a-draft")?.target).toBe("draft_2")
    expect(ada.canvas.nodes.get("c")?.parent_id).toBe("draft_2")
    expect(ada.canvas.nodes.get("b")?.position.x).toBe(9)
    expect(ben.waiting).toBe(0)
    for (let i = 0; i < 5; i++) ben.undo()
    expect(at(ben.canvas)).toEqual({ a: undefined, b: undefined, c: undefined, draft: "Ada's" })
  })

  it("[CA15] hear of it before they know whose it is: theirs waits until it has a name of its own", () => {
    const [, ben] = new Table(2).clients as [CanvasClient, CanvasClient]
    ben.edit(add(drawn("Ben's")))
    const [one] = ben.outgoing()
    ben.again(one!.counter)
    expect(ben.outgoing()).toEqual([])
    ben.receive(1, [{ client: 1, counter: 1, operation: add(drawn("Ada's")) }])
    expect(ben.outgoing()).toEqual([{ counter: one!.counter + 1, operation: add(drawn("Ben's", "draft_2")) }])
  })

  it("[CA16] and lose the line before they hear what became of theirs have it sent again", () => {
    const [, ben] = new Table(2).clients as [CanvasClient, CanvasClient]
    ben.edit(add(drawn("Ben's")))
    ben.edit(label("draft", "Ben's, named"))
    ben.outgoing()
    ben.lost()
    ben.receive(1, [{ client: 1, counter: 1, operation: add(drawn("Ada's")) }])
    const { renamed } = ben.caughtUp(1)
    expect([...renamed, ben.outgoing()]).toEqual([
      [{ counter: 2, operation: add(drawn("Ben's", "draft_2")) }],
    ])
    expect(at(ben.canvas)).toMatchObject({ draft: "Ada's", draft_2: "Ben's, named" })
    expect(ben.kept().pending.map(({ counter }) => counter)).toEqual([2, 3])
  })

  it("[CA17] are the one who brings a node back and the other who has its name by now", () => {
    const table = new Table(2)
    const [ada, ben] = table.clients as [CanvasClient, CanvasClient]
    table.do(0, { type: "remove", nodes: ["a", "c"], edges: [] })
    ada.undo()
    ada.edit(label("a", "Ada's"))
    const [back] = ada.outgoing()
    const c = state.nodes[2]!
    const theirs: Told = { client: 2, counter: 1, operation: add(drawn("Ben's", "a"), structuredClone(c)) }
    for (const one of [ada, ben]) one.receive(2, [theirs])
    ada.again(back!.counter)
    const [rest] = ada.outgoing()
    // What is there again just as it was is left out, and the edge is at its own node's.
    expect(rest!.operation).toMatchObject({
      nodes: [{ id: "a_2" }],
      edges: [{ id: "a-b", source: "a_2", target: "b" }],
    })
    for (const one of [ada, ben]) one.receive(3, [{ ...rest!, client: 1 }])
    expect(ada.outgoing().map(({ operation }) => operation)).toEqual([label("a_2", "Ada's")])
    expect(at(ada.canvas)).toEqual({ a: "Ben's", a_2: "Ada's", b: undefined, c: undefined })
  })

  it("[CA19] find out when one of them brings theirs back later", () => {
    const table = new Table(2)
    const [ada] = table.clients as [CanvasClient, CanvasClient]
    table.do(0, { type: "remove", nodes: ["b"], edges: [] })
    table.do(1, add(drawn("Ben's", "b")))
    const { renamed } = ada.undo()
    table.pass()
    expect([...renamed]).toEqual([["b", "b_2"]])
    expect(table.shown.edges.get("a-b")?.target).toBe("b_2")
    table.redo(0)
    expect(at(table.shown)).toEqual({ a: undefined, b: "Ben's", c: undefined })
  })

  it("[CA20] have one edge when both connect the same", () => {
    const table = new Table(2)
    const edge: Operation = { type: "add", nodes: [], edges: [{ id: "b-c", source: "b", target: "c" }] }
    for (const one of table.clients) expect(one.edit(edge).fault).toBeUndefined()
    expect(refusal(table.clients[0]!.canvas, structuredClone(edge))).toBeUndefined()
    table.pass()
    expect([...table.shown.edges.keys()]).toEqual(["a-b", "b-c"])
  })

  it("[CA21] do what they do in its order, also when the first of it is refused", () => {
    const [, ben] = new Table(2).clients as [CanvasClient, CanvasClient]
    const adding = add(drawn("Ben's")) as OperationOf<"add">
    ben.edit({ type: "batch", operations: [adding, move("b", 0) as OperationOf<"move">] })
    ben.edit(move("b", 500))
    const [first] = ben.outgoing()
    expect(ben.outgoing()).toEqual([])
    ben.receive(1, [{ client: 1, counter: 1, operation: add(drawn("Ada's")) }])
    ben.again(first!.counter)
    const [again] = ben.outgoing()
    ben.receive(2, [{ ...again!, client: 2 }])
    for (const one of ben.outgoing()) ben.receive(3, [{ ...one, client: 2 }])
    expect([ben.waiting, ben.canvas.nodes.get("b")!.position.x]).toEqual([0, 500])
  })

  it("[CA22] wait for nobody who does not come: over the next line it is tried again", () => {
    const [, ben] = new Table(2).clients as [CanvasClient, CanvasClient]
    ben.edit(add(drawn("Ben's")))
    const [one] = ben.outgoing()
    ben.again(one!.counter)
    expect(ben.outgoing()).toEqual([])
    ben.lost()
    ben.caughtUp(0)
    expect(ben.outgoing()).toHaveLength(1)
  })

  it("[CA23] are told of no other name for what an earlier window had added", () => {
    const ben = new CanvasClient({ counter: 1, pending: [{ counter: 1, operation: add(drawn("Ben's")) }] })
    const there = fresh()
    apply(there, add(drawn("Ada's")))
    expect([...ben.reset(stateOf(there), ["a", "b", "c", "draft"], 1, 0).renamed]).toEqual([])
    expect(at(ben.canvas)).toMatchObject({ draft: "Ada's", draft_2: "Ben's" })
  })

  it("[CA26] have theirs after a reload, too, when the refusal was not heard before it", () => {
    const edits = [add(drawn("Ben's")), label("draft", "Named"), move("b", 7)]
    const pending = edits.map((operation, i) => ({ counter: i + 1, operation }))
    const ben = new CanvasClient({ counter: 3, pending })
    ben.number = 2
    const there = fresh()
    apply(there, add(drawn("Ada's")))
    ben.reset(stateOf(there), ["a", "b", "c", "draft"], 9, 1, [1])
    ben.caughtUp(1)
    expect(at(ben.canvas)).toMatchObject({ draft: "Ada's", draft_2: "Named" })
    expect(ben.kept().pending).toEqual([
      { counter: 2, operation: add(drawn("Ben's", "draft_2")) },
      { counter: 3, operation: label("draft_2", "Named") },
      { counter: 4, operation: move("b", 7) },
    ])
  })

  it("[CA24] wait less where names have the window's mark, and come to names fast where there are many", () => {
    const [, ben] = new Table(2).clients as [CanvasClient, CanvasClient]
    ben.edit(add(drawn("One", "llm_w2")))
    ben.edit(label("llm_w2", "Two"))
    ben.edit(add(drawn("Three", "llm_w2_2")))
    ben.edit(add(drawn("Four", "llm_w21")))
    ben.edit(label("llm_w21", "Five"))
    expect(ben.outgoing()).toHaveLength(4)
    const many = Array.from({ length: 2_000 }, (_, i) => drawn(`${i}`, `note_${i + 2}`))
    const [ada, carl] = new Table(2).clients as [CanvasClient, CanvasClient]
    carl.edit(add(...many))
    ada.receive(1, [
      { client: 9, counter: 1, operation: add(...many.map((one) => ({ ...one, label: "A" }))) },
    ])
    carl.receive(1, [
      { client: 9, counter: 1, operation: add(...many.map((one) => ({ ...one, label: "A" }))) },
    ])
    expect(carl.canvas.nodes.size).toBe(4_003)
  })

  it("[CA18] what hangs on something that cannot be added goes with it", () => {
    const [, ben] = new Table(2).clients as [CanvasClient, CanvasClient]
    ben.edit(add(drawn("Ben's")))
    ben.edit(label("draft", "Ben's, named"))
    ben.edit(move("b", 9))
    const [one] = ben.outgoing()
    ben.refused(one!.counter)
    expect(ben.outgoing().map(({ operation }) => operation)).toEqual([move("b", 9)])
    ben.undo()
    expect([ben.canUndo, ben.canvas.nodes.get("b")!.position.x]).toEqual([false, 1])
  })
})
