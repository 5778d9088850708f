import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test"
import { beforeEach, describe, expect, it } from "vitest"
import { replay } from "#core/execution/reduce"
import type { FlowGraph } from "#core/flow/graph"
import {
  asking,
  edge,
  EXECUTION,
  freshStub,
  gated,
  journal,
  laneOf,
  node,
  pure,
  start,
  until,
} from "./kit.ts"
import { answerOf, world } from "./worker.ts"

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A model that says nothing and hears nothing. */
async function* deaf() {
  yield { type: "started", model: "fake" } as const
  await new Promise(() => {})
}

beforeEach(() => {
  world.calls.length = 0
  world.failures = 0
  world.skew = 0
})

describe("after a crash", () => {
  it("[OB34] an execution goes on though the crash fell into an alarm, which had taken its appointments", async () => {
    const gate = gated("first")
    world.models.set("lost", gate.model)
    const doomed = freshStub()
    const { execution_id } = await start(doomed, asking("lost"), {}, { wait_ms: 0 })
    await until(() => world.calls.length === 1)
    await runInDurableObject(doomed, async (_, state) => {
      state.storage.sql.exec("DELETE FROM appointments")
      await state.storage.deleteAlarm()
    })
    await abortAllDurableObjects()
    world.models.set("lost", () => answerOf("second"))
    const stub = EXECUTION.get(doomed.id)
    await laneOf(stub).get(execution_id)
    await until(async () => replay(await journal(stub, execution_id)).status === "succeeded")
  })

  it("[OB35] a journal that cannot be read ends its execution and not the lane", async () => {
    const gate = gated("first")
    world.models.set("broken", gate.model)
    const doomed = freshStub()
    const { execution_id } = await start(doomed, asking("broken"), {}, { wait_ms: 0 })
    await until(() => world.calls.length === 1)
    await runInDurableObject(doomed, (_, state) => {
      state.storage.sql.exec("UPDATE definitions SET graph = '{}'")
    })
    await abortAllDurableObjects()
    const stub = EXECUTION.get(doomed.id)
    expect((await start(stub, pure, { text: "x" })).status).toBe("succeeded")
    await until(() => world.rows.get(execution_id)?.status === "failed")
  })

  it("[OB36] several steps that were in flight are each begun again, once", async () => {
    const two: FlowGraph = {
      nodes: [
        node("in", "input"),
        node("a", "llm", { prompt: "left" }),
        node("b", "llm", { prompt: "right" }),
        node("out", "output"),
      ],
      edges: [edge("in", "a"), edge("in", "b"), edge("a", "out"), edge("b", "out")],
      settings: {},
    }
    world.models.set("left", gated("l").model).set("right", gated("r").model)
    const doomed = freshStub()
    const { execution_id } = await start(doomed, two, {}, { wait_ms: 0 })
    await until(() => world.calls.length === 2)
    await abortAllDurableObjects()
    world.models.set("left", () => answerOf("L")).set("right", () => answerOf("R"))
    const stub = EXECUTION.get(doomed.id)
    await until(async () => replay(await journal(stub, execution_id)).status === "succeeded")
    const { outputs, nodes } = replay(await journal(stub, execution_id))
    expect(outputs).toEqual({ a: "L", b: "R" })
    expect([nodes["a"]?.attempt, nodes["b"]?.attempt, world.calls.length]).toEqual([2, 2, 4])
  })
})

describe("while something hangs", () => {
  it("[OB37] a database that hangs keeps no retry waiting", async () => {
    let calls = 0
    world.models.set("flaky2", async function* () {
      if (++calls === 1) throw Object.assign(new Error("Busy."), { code: "model.overloaded", retry: true })
      yield* answerOf("at last")
    })
    const stuck = Promise.withResolvers<void>()
    world.hold = stuck.promise
    const stub = freshStub()
    await start(stub, pure, { text: "x" })
    await until(() => world.held > 0)
    await sleep(2_300)
    const retry = { max_attempts: 2, backoff_ms: 200, factor: 1 }
    const { status } = await start(stub, asking("flaky2", { retry }), {}, { wait_ms: 3_000 })
    stuck.resolve()
    world.hold = undefined
    expect(status).toBe("succeeded")
  }, 15_000)

  it("[OB38] the end of an execution stays its last event, however late a model answers", async () => {
    const gate = Promise.withResolvers<void>()
    world.before = gate.promise
    const stub = freshStub()
    const { execution_id } = await start(stub, asking("slowstart"), {}, { wait_ms: 0, timeout_ms: 60_000 })
    await until(() => world.calls.length === 1)
    world.skew = 61_000
    await runDurableObjectAlarm(stub)
    gate.resolve()
    world.before = undefined
    await sleep(50)
    const events = await journal(stub, execution_id)
    expect(events.at(-1)?.type).toBe("execution.timed_out")
  })

  it("[OB39] whoever cancels is not kept waiting by a call that does not end", async () => {
    world.models.set("deaf", deaf)
    const stub = freshStub()
    const { execution_id } = await start(stub, asking("deaf"), {}, { wait_ms: 0 })
    await until(() => world.calls.length === 1)
    expect(await laneOf(stub).cancel(execution_id, "user_y")).toMatchObject({
      ok: true,
      value: { status: "cancelling" },
    })
  }, 15_000)

  it("[OB40] a retry that falls due while an execution is being cancelled does not ring again and again", async () => {
    world.models.set("deaf", deaf).set("busy", async function* () {
      yield { type: "started", model: "fake" } as const
      throw Object.assign(new Error("Busy."), { code: "model.overloaded", retry: true })
    })
    const retry = { max_attempts: 2, backoff_ms: 200, factor: 1 }
    const graph: FlowGraph = {
      nodes: [
        node("in", "input"),
        node("a", "llm", { prompt: "deaf" }),
        node("b", "llm", { prompt: "busy", retry }),
      ],
      edges: [edge("in", "a"), edge("in", "b")],
      settings: {},
    }
    const stub = freshStub()
    const { execution_id } = await start(stub, graph, {}, { wait_ms: 0 })
    await until(async () => replay(await journal(stub, execution_id)).nodes["b"]?.status === "retrying")
    void laneOf(stub).cancel(execution_id, "user_y")
    await sleep(500)
    const names = await runInDurableObject(stub, (_, { storage }) =>
      storage.sql.exec("SELECT name FROM appointments WHERE name LIKE 'execution %'").toArray(),
    )
    expect(names).toEqual([])
  })
})
