import { runDurableObjectAlarm } from "cloudflare:test"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { replay } from "#core/execution/reduce"
import type { FlowGraph } from "#core/flow/graph"
import { edge, freshStub, journal, laneOf, node, start, until } from "./kit.ts"
import { world } from "./worker.ts"

const inRow = (...nodes: FlowGraph["nodes"]): FlowGraph => ({
  nodes: [node("in", "input"), ...nodes, node("out", "output")],
  edges: ["in", ...nodes.map(({ id }) => id)].map((id, i) => edge(id, nodes[i]?.id ?? "out")),
  settings: {},
})

beforeEach(() => {
  world.skew = 0
  world.requests.length = 0
})
afterEach(() => {
  globalThis.crashpoint = undefined
  world.before = undefined
})

describe("an appointment that cannot be kept", () => {
  it("[OB41] is made again, so that an execution at rest goes on after ten alarms that failed", async () => {
    const stub = freshStub()
    const graph = inRow(node("rest", "wait", { seconds: 3_600 }))
    const { execution_id } = await start(stub, graph, { text: "x" }, { wait_ms: 0, timeout_ms: 60_000_000 })
    await until(async () => replay(await journal(stub, execution_id)).status === "waiting")
    let failures = 0
    globalThis.crashpoint = (point, by) => {
      if (point !== "in-alarm" || by !== `execution ${execution_id}` || failures >= 10) return
      failures++
      throw new Error("The disk hiccups.")
    }
    for (let tries = 0; tries < 30; tries++) {
      world.skew = 3_600_000 + tries * 10_000
      await runDurableObjectAlarm(stub)
    }
    expect(failures).toBe(10)
    await until(async () => replay(await journal(stub, execution_id)).status === "succeeded")
  })
})

describe("a cancel while a step is being prepared", () => {
  it("[OB42] lets nothing be begun after it, however long another step takes to end", async () => {
    const gate = Promise.withResolvers<void>()
    world.models.set("deaf", async function* () {
      yield { type: "started", model: "fake" } as const
      await new Promise(() => {})
    })
    const ring = { method: "POST", url: "https://x.example/ring", body: "{{ execution.callbacks.rest }}" }
    const graph: FlowGraph = {
      nodes: [
        node("in", "input"),
        node("a", "llm", { prompt: "deaf" }),
        node("b", "transform", { value: "1" }),
        node("ring", "http", ring),
        node("rest", "wait", { callback: true }),
      ],
      edges: [edge("in", "a"), edge("in", "b"), edge("b", "ring"), edge("ring", "rest")],
      settings: {},
    }
    const stub = freshStub()
    world.calls.length = 0
    globalThis.crashpoint = (point) => {
      // The model has been asked; what comes now waits for its address.
      if (point === "before-effect") world.before = gate.promise
    }
    const { execution_id } = await start(stub, graph, {}, { wait_ms: 0 })
    void laneOf(stub).cancel(execution_id, "user_y")
    await until(async () => replay(await journal(stub, execution_id)).status === "cancelling")
    gate.resolve()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(world.requests).toEqual([])
  })
})
