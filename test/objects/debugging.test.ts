import { evictDurableObject } from "cloudflare:test"
import { describe, expect, it } from "vitest"
import type { ExecutionId } from "#core/ids"
import type { Recorded } from "#durable/execution/messages"
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
  retry,
  settled,
  statusOf,
} from "./debugging-kit.ts"
import { edge, freshStub, journal, laneOf, node, start, until, type Stub } from "./kit.ts"
import { world } from "./worker.ts"

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
