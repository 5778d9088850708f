import { describe, expect, it } from "vitest"
import type { FlowGraph } from "#core/flow/graph"
import type { Json, JsonObject } from "#core/json"
import { around, graph, inside, stateOf } from "./flows-kit.ts"
import { edge, freshStub, node, start } from "./kit.ts"
import { world } from "./worker.ts"

describe("a map", () => {
  const doubling = (data: JsonObject = {}) =>
    around(node("each", "map", { items: "input.numbers", ...data }), [
      node("twice", "transform", { value: "item * 2 + index * 0" }),
    ])

  it("[CF1] does what is inside for each item and keeps their order", async () => {
    const run = await start(freshStub(), doubling(), { numbers: [1, 2, 3] })
    expect(run).toMatchObject({ status: "succeeded", outputs: [2, 4, 6] })
    expect(await start(freshStub(), doubling(), { numbers: [] })).toMatchObject({ outputs: [] })
  })

  it("[CF2] has no more items under way than it may", async () => {
    const stub = freshStub()
    let most = 0
    let now = 0
    world.addresses.set("/slow", async (request) => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 5))
      now--
      return { status: 200, headers: {}, body: request.body ?? null, duration_ms: 1, final_url: request.url }
    })
    const calling = around(node("each", "map", { items: "[1..40]", concurrency: 7 }), [
      node("call", "http", { method: "PUT", url: "https://x.test/slow", body: "{{ item }}" }),
    ])
    const run = await start(stub, calling)
    expect(run.status).toBe("succeeded")
    expect((run.outputs as { body: Json }[]).map((one) => one.body)).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 1),
    )
    expect(most).toBe(7)
  })

  it.each([
    ["continue", [10, null, 5]],
    ["skip", [10, 5]],
  ])("[CF3] %s: an item that fails does not end it", async (on_item_error, outputs) => {
    const dividing = around(node("each", "map", { items: "input.numbers", on_item_error }), [
      node("part", "transform", { value: "item = 0 ? $error('no') : 10 / item" }),
    ])
    expect(await start(freshStub(), dividing, { numbers: [1, 0, 2] })).toMatchObject({ outputs })
  })

  it("[CF4] fails with its first item's error, and the others are stopped", async () => {
    const stub = freshStub()
    let aborted = 0
    world.addresses.set("/hang", (_, signal) => {
      const { promise, reject } = Promise.withResolvers<never>()
      signal.addEventListener("abort", () => {
        aborted++
        reject(signal.reason)
      })
      return promise
    })
    const failing = around(
      node("each", "map", { items: "[1,2,3]" }),
      [
        node("pick", "condition", { branches: [{ id: "bad", when: "item = 3" }] }),
        node("wrong", "transform", { value: "$error('item 3')" }),
        node("hang", "http", { url: "https://x.test/hang" }),
      ],
      [edge("pick", "wrong", "bad"), edge("pick", "hang", "else")],
    )
    const run = await start(stub, failing)
    expect(run).toMatchObject({ status: "failed", error: { node_id: "wrong" } })
    expect(aborted).toBe(2)
    const { nodes } = await stateOf(stub, run.execution_id)
    expect(nodes.find((one) => one.scope === "each[0]" && one.node_id === "hang")?.status).toBe("cancelled")
  })

  it("[CF5] refuses what is no list, and too long a list", async () => {
    expect(await start(freshStub(), doubling(), { numbers: "none" })).toMatchObject({
      error: { code: "map.not_a_list" },
    })
    const long = around(node("each", "map", { items: "[1..10001]" }), [
      node("a", "transform", { value: "1" }),
    ])
    expect((await start(freshStub(), long)).error?.code).toBe("map.too_many_items")
  })

  it("[CF6] takes a thousand items, fifty at once", async () => {
    const many = around(
      node("each", "map", { items: "[1..1000]", concurrency: 50 }),
      [node("a", "transform", { value: "item + 1" }), node("b", "transform", { value: "nodes.a * 2" })],
      [edge("a", "b")],
    )
    const begun = Date.now()
    const run = await start(freshStub(), many, {}, { wait_ms: 20_000 })
    expect(run.status).toBe("succeeded")
    expect((run.outputs as number[]).at(-1)).toBe(2002)
    console.info(`a map of 1,000 items × 2 steps: ${Date.now() - begun} ms`)
  })
})

describe("a loop", () => {
  it("[CF7] repeats until its condition holds, each iteration with the last one's state", async () => {
    const counting = around(
      node("again", "loop", { state: { n: 0 }, until: "state.n >= 5", max_iterations: 50 }),
      [node("add", "transform", { value: { n: "{{ state.n + 1 }}" } })],
    )
    expect(await start(freshStub(), counting)).toMatchObject({ outputs: { n: 5 } })
  })

  it("[CF8] asks `while` before the first iteration, and ends at the most iterations", async () => {
    const body = [node("add", "transform", { value: "state + 1" })]
    const never = around(node("again", "loop", { state: 7, while: "state < 3", max_iterations: 9 }), body)
    expect(await start(freshStub(), never)).toMatchObject({ outputs: 7 })
    const capped = around(node("again", "loop", { state: 0, while: "true", max_iterations: 9 }), body)
    expect(await start(freshStub(), capped)).toMatchObject({ outputs: 9 })
  })

  it("[CF9] nests in a map, in a loop", async () => {
    const nested = graph(
      [
        node("in", "input"),
        node("rounds", "loop", { state: [1, 2], max_iterations: 2 }),
        inside("rounds", node("each", "map", { items: "state" })),
        inside("each", node("twice", "loop", { state: "{{ item }}", max_iterations: 3 })),
        inside("twice", node("add", "transform", { value: "state + $count(nodes.in.list)" })),
        node("out", "output"),
      ],
      [edge("in", "rounds"), edge("rounds", "out")],
    )
    expect(await start(freshStub(), nested, { list: [0] })).toMatchObject({ outputs: [7, 8] })
  })
})

describe("a subflow", () => {
  const called: FlowGraph = {
    ...graph(
      [
        node("in", "input"),
        node("say", "transform", { value: "'Hello ' & input.name & index" }),
        node("out", "output"),
      ],
      [edge("in", "say"), edge("say", "out")],
    ),
    input_schema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
  }
  const flow_id = "flow_01JD0000000000000000000001"
  const calling = (inputs: JsonObject) => ({
    ...graph(
      [
        node("in", "input"),
        node("each", "map", { items: "input.names" }),
        inside("each", node("call", "subflow", { flow_id, inputs })),
        node("out", "output"),
      ],
      [edge("in", "each"), edge("each", "out")],
    ),
    callees: { [flow_id]: { flow_id, name: "Greeting", version: 1, graph: called } },
  })

  it("[CF10] is executed with inputs of its own, and sees nothing of its caller", async () => {
    const run = await start(freshStub(), calling({ name: "{{ item }}" }), { names: ["Ana", "Ben"] })
    expect(run).toMatchObject({ outputs: ["Hello Ana", "Hello Ben"] })
  })

  it("[CF11] refuses inputs that do not fit", async () => {
    const run = await start(freshStub(), calling({ name: "{{ item }}" }), { names: [7] })
    expect(run.error).toMatchObject({ code: "subflow.inputs_invalid", node_id: "call" })
  })
})
