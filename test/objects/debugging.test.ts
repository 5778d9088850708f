import { evictDurableObject } from "cloudflare:test"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type { FlowEdge, FlowGraph, FlowNode } from "#core/flow/graph"
import type { ExecutionId } from "#core/ids"
import type { JsonObject } from "#core/json"
import type { Recorded } from "#durable/execution/messages"
import {
  chain,
  doneIn,
  fork,
  graph,
  inside,
  pageOf,
  recalled,
  retry,
  settled,
  statusOf,
} from "./debugging-kit.ts"
import { edge, freshStub, journal, laneOf, node, start, until, type Stub } from "./kit.ts"
import { world } from "./worker.ts"

/** How often an address was asked, by what was sent to it. */
function counted(path: string, answer: (body: unknown, times: number) => unknown = (body) => body) {
  const sent = new Map<string, number>()
  world.addresses.set(path, (asked) => {
    const key = JSON.stringify(asked.body ?? null)
    const times = (sent.get(key) ?? 0) + 1
    sent.set(key, times)
    const body = answer(asked.body, times) as null
    return Promise.resolve({ status: 200, headers: {}, body, duration_ms: 1, final_url: asked.url })
  })
  return sent
}
const put = (id: string, path: string, body: string, more: JsonObject = {}) =>
  node(id, "http", { method: "PUT", url: `https://x.test${path}`, body, ...more })

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

  it("[DB6] that must wait for its place takes over what it was to take over", async () => {
    const sent = counted("/turn")
    const limited: FlowGraph = {
      ...chain(put("send", "/turn", "x"), node("hold", "wait", { callback: true })),
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
    expect(sent.get('"x"')).toBe(1)
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

describe("a retry from the failed step", () => {
  it("[DB8] does no finished item of a map again, nor what was done of the item that failed", async () => {
    const sent = counted("/pay")
    let isDown = true
    world.addresses.set("/ship", ({ body, url }) => {
      if (isDown && body === 2) return Promise.reject(new Error("down"))
      return Promise.resolve({ status: 200, headers: {}, body: body ?? null, duration_ms: 1, final_url: url })
    })
    const paying = graph(
      [
        node("in", "input"),
        put("head", "/pay", "head"),
        node("each", "map", { items: "[0..4]", concurrency: 1 }),
        inside("each", put("pay", "/pay", "{{ item }}")),
        inside("each", put("ship", "/ship", "{{ item }}")),
        node("out", "output", { value: "{{ nodes.each.body }}" }),
      ],
      [edge("in", "head"), edge("head", "each"), edge("each", "out"), edge("pay", "ship")],
    )
    const stub = freshStub()
    const first = await start(stub, paying)
    expect(first.status).toBe("failed")
    expect([...sent.keys()]).toEqual(['"head"', "0", "1", "2"])
    isDown = false
    const again = await retry(stub, paying, first.execution_id)
    expect(again).toMatchObject({ status: "succeeded", outputs: [0, 1, 2, 3, 4] })
    expect([...sent]).toEqual(['"head"', "0", "1", "2", "3", "4"].map((key) => [key, 1]))
    expect((await doneIn(stub, again.execution_id)).slice(0, 1)).toEqual(["each[2]/ship"])
  })

  it("[DB9] goes on in the iteration of a loop that failed, with the state that it had", async () => {
    let isDown = true
    const sent = counted("/round", () => ({ down: isDown }))
    const looping = graph(
      [
        node("in", "input"),
        node("again", "loop", { state: 0, max_iterations: 4 }),
        inside("again", put("round", "/round", "{{ state }}")),
        inside(
          "again",
          node("check", "transform", {
            value: "state = 2 and nodes.round.body.down ? $error('down') : state + 1",
          }),
        ),
        node("out", "output"),
      ],
      [edge("in", "again"), edge("again", "out"), edge("round", "check")],
    )
    const stub = freshStub()
    const first = await start(stub, looping)
    expect(first).toMatchObject({ status: "failed", error: { node_id: "check" } })
    isDown = false
    // What was done of that iteration is kept, so the check fails again; the round before it is not asked again.
    const kept = await retry(stub, looping, first.execution_id)
    expect(kept.status).toBe("failed")
    expect(await doneIn(stub, kept.execution_id)).toEqual([])
    expect([...sent.values()]).toEqual([1, 1, 1])
    const anew = await fork(stub, looping, first.execution_id, "again[2]/round")
    expect(anew).toMatchObject({ status: "succeeded", outputs: 4 })
    expect([...sent.values()]).toEqual([1, 1, 2, 1])
  })

  it("[DB10] keeps what went on after an error, and asks nobody again who has answered", async () => {
    let isDown = true
    world.addresses.set("/flaky", ({ url }) =>
      isDown
        ? Promise.reject(new Error("down"))
        : Promise.resolve({ status: 200, headers: {}, body: "up", duration_ms: 1, final_url: url }),
    )
    const mixed = graph(
      [
        node("in", "input"),
        node("soft", "transform", { value: "$error('soft')", on_error: "continue", error_value: "soft" }),
        node("ask", "approval", { title: "Go?", buttons: [{ id: "go", label: "Go" }] }),
        put("call", "/flaky", "x"),
        node("out", "output", { value: "{{ nodes.soft & nodes.call.body }}" }),
      ],
      [edge("in", "soft"), edge("soft", "ask"), edge("ask", "call", "go"), edge("call", "out")],
    )
    const stub = freshStub()
    const { execution_id: id } = await start(stub, mixed, {}, { wait_ms: 0 })
    await until(async () => (await statusOf(stub, id)) === "waiting")
    const asked = await laneOf(stub).asked(id, "ask")
    if (!asked.ok) throw new Error(asked.code)
    const by = { actor: "user_a", names: ["user_a"] }
    await laneOf(stub).answerApproval(id, asked.value.id, { button: "go", by })
    expect((await settled(stub, id)).status).toBe("failed")
    isDown = false
    const again = await retry(stub, mixed, id)
    expect(again).toMatchObject({ status: "succeeded", outputs: "softup" })
    expect(await doneIn(stub, again.execution_id)).toEqual(["call", "out"])
  })
})

describe("a replay", () => {
  const acting = graph(
    [
      node("in", "input"),
      put("call", "/replayed", "x", {
        retry: { max_attempts: 3, backoff_ms: 1, on: ["http"] },
        on_error: "route",
      }),
      node("ask", "llm", { prompt: "say {{ nodes.call.body }}" }),
      node("pause", "wait", { seconds: 30 }),
      node("sorry", "transform", { value: "'sorry: ' & incoming.message" }),
      node("out", "output"),
    ],
    [
      edge("in", "call"),
      edge("call", "ask"),
      edge("call", "sorry", "error"),
      edge("ask", "pause"),
      edge("pause", "out"),
      edge("sorry", "out"),
    ],
  )
  const replay = (stub: Stub, id: ExecutionId, recorded: Record<string, Recorded>) =>
    start(stub, acting, {}, { replay_of: id, recorded })
  const ok = (output: Recorded & { output: unknown }) => output
  const source = "exec_0001JD0000000000000000000000" as ExecutionId

  it("[DB11] sends nothing and waits for nobody: what was answered then is answered now", async () => {
    const sent = counted("/replayed")
    const calls = world.calls.length
    const stub = freshStub()
    const run = await replay(stub, source, {
      call: ok({ output: { body: "hello" }, handles: ["out"] }),
      ask: ok({ output: { text: "hello to you" }, handles: ["out"] }),
      pause: ok({ output: "rested", handles: ["out"] }),
    })
    expect(run).toMatchObject({ status: "succeeded", outputs: "rested" })
    expect([sent.size, world.calls.length]).toEqual([0, calls])
    const { nodes, execution } = await pageOf(stub, run.execution_id)
    expect(execution.replay_of).toBe(source)
    expect(nodes.filter((one) => one.reused).map((one) => one.node_id)).toEqual(["call", "ask", "pause"])
    expect(nodes.find((one) => one.node_id === "ask")?.input).toEqual({ prompt: "say hello" })
  })

  it("[DB12] fails where it failed, at once, and takes the same route", async () => {
    const stub = freshStub()
    const error = { code: "http.status", message: "It answered 503." }
    const run = await replay(stub, source, { call: { error } })
    expect(run).toMatchObject({ status: "succeeded", outputs: "sorry: It answered 503." })
    const types = (await journal(stub, run.execution_id)).map((event) => event.type)
    expect(types).not.toContain("node.retrying")
    expect(types).not.toContain("http.started")
  })

  it("[DB13] says so where another version does what was never done", async () => {
    const stub = freshStub()
    const run = await replay(stub, source, { call: ok({ output: { body: "hello" }, handles: ["out"] }) })
    expect(run.error).toMatchObject({ code: "replay.not_recorded", node_id: "ask" })
  })
})

describe("a step that was cut off", () => {
  const posting = chain(
    node("post", "http", { method: "POST", url: "https://x.test/cut", body: "{{ input.n }}" }),
    node("after", "transform", { value: "nodes.post.body" }),
  )
  /** An execution whose request was under way when the server stopped. */
  async function cutOff(n: number) {
    const keys: string[] = []
    let isHung = true
    world.addresses.set("/cut", ({ body, url, idempotency_key }) => {
      keys.push(String(idempotency_key))
      if (isHung) return new Promise(() => undefined)
      return Promise.resolve({ status: 200, headers: {}, body: body ?? null, duration_ms: 1, final_url: url })
    })
    const stub = freshStub()
    const { execution_id: id } = await start(stub, posting, { n }, { wait_ms: 0 })
    await until(() => keys.length === 1)
    await evictDurableObject(stub)
    await laneOf(stub).poke(id)
    await until(async () => (await statusOf(stub, id)) === "needs_attention")
    isHung = false
    return { stub, id, keys }
  }

  it("[DB14] is done again with the same key when a person says so", async () => {
    const { stub, id, keys } = await cutOff(1)
    expect(await laneOf(stub).resolve(id, { step: "post", action: "repeat" })).toMatchObject({ ok: true })
    expect(await settled(stub, id)).toMatchObject({ status: "succeeded", outputs: 1 })
    expect([keys.length, new Set(keys).size]).toEqual([2, 1])
  })

  it("[DB15] has the result that a person gives, or fails", async () => {
    const { stub, id, keys } = await cutOff(2)
    const output = { body: "paid by hand" }
    expect(await laneOf(stub).resolve(id, { step: "nowhere", action: "fail" })).toMatchObject({
      code: "execution.step_not_found",
    })
    const both = await Promise.all(
      [1, 2].map(() => laneOf(stub).resolve(id, { step: "post", action: "succeed", output })),
    )
    expect(both.map((one) => (one.ok ? "ok" : one.code)).toSorted()).toEqual([
      expect.stringMatching(/^execution\.(not_interrupted|settled)$/),
      "ok",
    ])
    expect(await settled(stub, id)).toMatchObject({ status: "succeeded", outputs: "paid by hand" })
    expect(keys).toHaveLength(1)
    const failed = await cutOff(3)
    await laneOf(failed.stub).resolve(failed.id, { step: "post", action: "fail" })
    expect(await settled(failed.stub, failed.id)).toMatchObject({
      status: "failed",
      error: { code: "step.interrupted", node_id: "post" },
    })
  })
})

describe("what is pinned", () => {
  it("[DB16] stands in for a whole body, and nothing inside is done", async () => {
    const sent = counted("/pinned")
    const mapped = chain(
      node("each", "map", { items: "[1..3]" }),
      inside("each", put("send", "/pinned", "{{ item }}")),
      node("again", "loop", { state: 0, max_iterations: 3 }),
      inside("again", put("send2", "/pinned", "{{ state }}")),
    )
    const run = await start(freshStub(), mapped, {}, { pinned: { each: [7], again: "pinned" } })
    expect(run).toMatchObject({ status: "succeeded", outputs: "pinned" })
    expect(sent.size).toBe(0)
  })

  it("[DB17] at the flow's own level does not stand in for a node of the same name inside", async () => {
    const stub = freshStub()
    const flow_id = "flow_01JD0000000000000000000001"
    const calling = {
      ...chain(node("call", "subflow", { flow_id, inputs: {} }), node("a", "transform", { value: "1" })),
      callees: {
        [flow_id]: {
          flow_id,
          name: "Called",
          version: 1,
          graph: chain(node("a", "transform", { value: "2" })),
        },
      },
    }
    const run = await start(stub, calling, {}, { pinned: { a: "pinned" } })
    expect(run.outputs).toBe("pinned")
    const { nodes } = await pageOf(stub, run.execution_id)
    expect(nodes.find((one) => one.scope === "call" && one.node_id === "a")?.output).toBe(2)
  })
})

describe("values that expressions make", () => {
  it("[DB18] cross to whoever asks, though they be the engine's own records", async () => {
    const stub = freshStub()
    const whole = chain(
      node("a", "transform", { value: "1" }),
      node("all", "transform", { value: "nodes" }),
      node("each", "map", { items: "[nodes, $]" }),
      inside("each", node("same", "transform", { value: "$" })),
    )
    const run = await start(stub, whole, { x: { y: 1 } })
    expect(run.status).toBe("succeeded")
    const { nodes } = await pageOf(stub, run.execution_id)
    expect(nodes.find((one) => one.node_id === "all")?.output).toEqual({ in: { x: { y: 1 } }, a: 1 })
    await recalled(stub, run.execution_id)
  })
})
