import { evictDurableObject } from "cloudflare:test"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { FlowEdge, FlowGraph, FlowNode } from "#core/flow/graph"
import type { ExecutionId } from "#core/ids"
import {
  chain,
  counted,
  doneIn,
  fork,
  graph,
  inside,
  pageOf,
  put,
  recalled,
  settled,
  statusOf,
} from "./debugging-kit.ts"
import { edge, freshStub, laneOf, node, start, until } from "./kit.ts"

describe("a fork", () => {
  const three = chain(
    node("one", "transform", { value: "input.n + 1" }),
    put("send", "/fork", "{{ nodes.one }}"),
    node("two", "transform", { value: "nodes.send.body * 10" }),
  )

  it("[DB1] takes over what comes before its step, does the step and what follows anew", async () => {
    const sent = counted("/fork")
    const stub = freshStub()
    const first = await start(stub, three, { n: 1 })
    const again = await fork(stub, three, first.execution_id, "two")
    expect([first.outputs, again.outputs]).toEqual([20, 20])
    expect(sent.get("2")).toBe(1)
    expect(await doneIn(stub, again.execution_id)).toEqual(["two", "out"])
    const anew = await fork(stub, three, first.execution_id, "send")
    expect(anew.outputs).toBe(20)
    expect(sent.get("2")).toBe(2)
  })

  it("[DB2] goes on with the data that a person gives, and sends nothing for it", async () => {
    const sent = counted("/fork")
    const stub = freshStub()
    const first = await start(stub, three, { n: 4 })
    const given = await fork(stub, three, first.execution_id, "send", { body: 7 })
    expect(given.outputs).toBe(70)
    expect(sent.get("5")).toBe(1)
    expect((await pageOf(stub, given.execution_id)).execution.fork_of).toBe(first.execution_id)
  })

  it("[DB3] inside a map in a loop goes its own way in that iteration, and in those that follow", async () => {
    const nested = graph(
      [
        node("in", "input"),
        node("rounds", "loop", { state: [1, 2], max_iterations: 3 }),
        inside("rounds", node("each", "map", { items: "state" })),
        inside("each", put("send", "/nested", "{{ $string(item) & '#' & $string(index) }}")),
        inside("each", node("add", "transform", { value: "item + 10" })),
        node("out", "output"),
      ],
      [edge("in", "rounds"), edge("rounds", "out"), edge("send", "add")],
    )
    const sent = counted("/nested")
    const stub = freshStub()
    const first = await start(stub, nested)
    expect(first.outputs).toEqual([31, 32])
    const before = new Map(sent)
    const given = await fork(stub, nested, first.execution_id, "rounds[1]/each[0]/add", 100)
    // The other item of that round is kept, the round after is done anew with the state that came of it.
    expect(given.outputs).toEqual([110, 32])
    const more = [...sent].filter(([key, times]) => times !== before.get(key)).map(([key]) => key)
    expect(more.toSorted()).toEqual(['"100#0"', '"22#1"'])
    expect((await doneIn(stub, given.execution_id)).filter((key) => key.endsWith("/add"))).toEqual([
      "rounds[2]/each[0]/add",
      "rounds[2]/each[1]/add",
    ])
  })

  it("[DB4] inside a called flow", async () => {
    const flow_id = "flow_01JD0000000000000000000001"
    const called = chain(
      node("a", "transform", { value: "input.n + 1" }),
      node("b", "transform", { value: "nodes.a * 2" }),
    )
    const calling = {
      ...chain(node("call", "subflow", { flow_id, inputs: { n: "{{ input.n }}" } })),
      callees: { [flow_id]: { flow_id, name: "Called", version: 1, graph: called } },
    }
    const stub = freshStub()
    const first = await start(stub, calling, { n: 1 })
    expect(first.outputs).toBe(4)
    const { execution } = await pageOf(stub, first.execution_id)
    expect(execution.graph.callees?.[flow_id]).toEqual({
      flow_id,
      name: "Called",
      version: 1,
      graph: { nodes: called.nodes, edges: called.edges },
    })
    expect((await fork(stub, calling, first.execution_id, "call/a", 50)).outputs).toBe(100)
    expect((await fork(stub, calling, first.execution_id, "call/b")).outputs).toBe(4)
  })

  it("[DB5] of an execution that has not ended asks its own question, and leaves the other's open", async () => {
    const buttons = [
      { id: "yes", label: "Yes" },
      { id: "no", label: "No" },
    ]
    const asking = graph(
      [
        node("in", "input"),
        node("n", "transform", { value: "input.n" }),
        node("ask", "approval", { title: "{{ nodes.n }}?", buttons }),
        node("out", "output", { value: "{{ nodes.ask.button }}" }),
      ],
      [edge("in", "n"), edge("n", "ask"), edge("ask", "out", "yes")],
    )
    const stub = freshStub()
    const { execution_id: first } = await start(stub, asking, { n: 1 }, { wait_ms: 0 })
    await until(async () => (await statusOf(stub, first)) === "waiting")
    const other = await fork(stub, asking, first, "n", 2, { wait_ms: 0 })
    await until(async () => (await statusOf(stub, other.execution_id)) === "waiting")
    const question = async (id: ExecutionId) => {
      const asked = await laneOf(stub).asked(id, "ask")
      if (!asked.ok) throw new Error(asked.code)
      return asked.value
    }
    expect([(await question(first)).title, (await question(other.execution_id)).title]).toEqual(["1?", "2?"])
    const { id } = await question(other.execution_id)
    const by = { actor: "user_a", names: ["user_a"] }
    await laneOf(stub).answerApproval(other.execution_id, id, { button: "yes", by })
    expect((await settled(stub, other.execution_id)).outputs).toBe("yes")
    expect((await question(first)).status).toBe("open")
    // An answer can be given in advance, too: the route is that of the button which the data names.
    const answered = await fork(stub, asking, first, "ask", { button: "yes" })
    expect(answered.outputs).toBe("yes")
  })

  it("[DB6] that must wait for its place takes over what it was to take over, however large", async () => {
    const sent = counted("/turn", () => "x".repeat(900_000))
    const limited: FlowGraph = {
      ...chain(
        put("one", "/turn", "1"),
        put("two", "/turn", "2"),
        put("three", "/turn", "3"),
        node("hold", "wait", { callback: true }),
      ),
      settings: { max_concurrency: 1 },
    }
    const stub = freshStub()
    const { execution_id: first } = await start(stub, limited, {}, { wait_ms: 0 })
    await until(async () => (await statusOf(stub, first)) === "waiting")
    const queued = await fork(stub, limited, first, "hold", "done", { wait_ms: 0 })
    expect(queued.status).toBe("queued")
    await evictDurableObject(stub)
    await laneOf(stub).callback(first, "hold", null)
    expect((await settled(stub, queued.execution_id)).outputs).toBe("done")
    expect([...sent.values()]).toEqual([1, 1, 1])
  })
})

describe("a fork at any step", () => {
  type Drawn = { nodes: FlowNode[]; edges: FlowEdge[] }
  const text = "$length($string(incoming))"

  /** Nodes one after the other, each with an edge or two from those before it; some hold bodies of their own. */
  const body = (prefix: string, depth: number, first: FlowNode | undefined): fc.Arbitrary<Drawn> =>
    fc
      .array(
        fc.record({
          kind: fc.constantFrom(
            "transform",
            "transform",
            "condition",
            "merge",
            ...(depth > 0 ? ["map", "loop"] : []),
          ),
          from: fc.array(fc.nat(), { minLength: 1, maxLength: 2 }),
          odd: fc.boolean(),
          k: fc.integer({ min: 0, max: 3 }),
          within: depth > 0 ? body(`${prefix}i`, depth - 1, undefined) : fc.constant(undefined),
        }),
        { minLength: 1, maxLength: depth === 2 ? 5 : 3 },
      )
      .map((drawn) => {
        const own: FlowNode[] = first ? [first] : []
        const nodes: FlowNode[] = [...own]
        const edges: FlowEdge[] = []
        drawn.forEach(({ kind, from, odd, k, within }, i) => {
          const id = `${prefix}${i}`
          const made = madeOf(id, kind, k)
          for (const source of new Set(from.map((at) => own[at % Math.max(own.length, 1)]))) {
            if (!source) continue
            const handle = source.type === "condition" ? (odd ? "odd" : "else") : undefined
            edges.push(edge(source.id, id, handle))
          }
          own.push(made)
          nodes.push(made)
          if (within && (kind === "map" || kind === "loop")) {
            const named = renamed(within, `${id}_`)
            nodes.push(...named.nodes.map((one) => ({ ...one, parent_id: one.parent_id ?? id })))
            edges.push(...named.edges)
          }
        })
        return { nodes, edges }
      })

  const renamed = ({ nodes, edges }: Drawn, stem: string): Drawn => ({
    nodes: nodes.map((one) => ({
      ...one,
      id: stem + one.id,
      ...(one.parent_id === undefined ? {} : { parent_id: stem + one.parent_id }),
    })),
    edges: edges.map((one) => ({
      ...one,
      id: stem + one.id,
      source: stem + one.source,
      target: stem + one.target,
    })),
  })

  function madeOf(id: string, kind: string, k: number): FlowNode {
    if (kind === "condition") return node(id, kind, { branches: [{ id: "odd", when: `${text} % 2 = 1` }] })
    if (kind === "map") return node(id, kind, { items: `[1..${k}]`, concurrency: 2 })
    if (kind === "loop") return node(id, kind, { state: `{{ ${text} }}`, max_iterations: k + 1 })
    return node(id, kind, kind === "merge" ? {} : { value: `${text} + ${k}` })
  }

  const flow = body("n", 2, node("in", "input")).map(({ nodes, edges }): FlowGraph => {
    const top = nodes.filter((one) => !one.parent_id && one.type !== "input")
    const ends = top.map((one) => edge(one.id, "out", one.type === "condition" ? "odd" : undefined))
    return graph([...nodes, node("out", "output")], [...edges, ...ends])
  })

  it("[DB7] of a finished execution of pure steps comes to the same outputs, with and without its own data", async () => {
    const stub = freshStub()
    let forks = 0
    await fc.assert(
      fc.asyncProperty(flow, fc.array(fc.nat(), { minLength: 2, maxLength: 4 }), async (of, picks) => {
        const first = await start(stub, of, { a: 1 })
        expect(first.status).toBe("succeeded")
        const { nodes } = await recalled(stub, first.execution_id)
        const keys = Object.keys(nodes)
        for (const pick of picks) {
          const key = keys[pick % keys.length]!
          const again = await fork(stub, of, first.execution_id, key)
          expect([key, again.status, again.outputs]).toEqual([key, "succeeded", first.outputs])
          const done = await doneIn(stub, again.execution_id)
          expect(new Set(done).size).toBe(done.length)
          forks++
          const known = nodes[key]!
          if (known.status !== "succeeded") continue
          const given = await fork(stub, of, first.execution_id, key, known.output ?? null)
          expect([key, given.status, given.outputs]).toEqual([key, "succeeded", first.outputs])
          expect(await doneIn(stub, given.execution_id)).not.toContain(key)
        }
      }),
      { numRuns: 60, seed: 20_261_121 },
    )
    expect(forks).toBeGreaterThan(100)
  }, 60_000)
})
