import { abortAllDurableObjects } from "cloudflare:test"
import { beforeEach, describe, expect, it } from "vitest"
import { before, carryOver, given } from "#core/execution/carry-over"
import { replay } from "#core/execution/reduce"
import { planOf } from "#core/flow/plan"
import type { ExecutionId } from "#core/ids"
import { agentFlow, agentOf, answers, call, httpTool, onceCalling, says } from "./agents-kit.ts"
import { settled, stateOf } from "./flows-kit.ts"
import { EXECUTION, freshStub, journal, laneOf, start, until, type Stub } from "./kit.ts"
import { world } from "./worker.ts"

beforeEach(() => {
  world.agents = undefined
  world.calls.length = 0
  world.requests.length = 0
  world.addresses.clear()
  world.turns.clear()
})

const named = async (stub: Stub, id: ExecutionId, ...types: string[]) =>
  (await journal(stub, id)).filter((one) => types.includes(one.type))

describe("after a crash", () => {
  const hanging = () => new Promise<never>(() => {})

  async function crashed(stub: Stub, id: ExecutionId): Promise<Stub> {
    await abortAllDurableObjects()
    const again = EXECUTION.get(stub.id)
    await laneOf(again).get(id)
    return again
  }

  it("[AG14] an agent that was in mid-thought thinks again, and forgets nothing", async () => {
    const doomed = freshStub()
    const agent = agentOf({ tools: [httpTool("look")] })
    world.agents = async function* (request) {
      if (answers(request).length === 0) {
        yield* says("", call("look", { id: "a" }))
        return
      }
      yield { type: "started", model: "fake" }
      yield { type: "delta", text: "Half a tho" }
      await hanging()
    }
    const { execution_id } = await start(doomed, agentFlow(agent), { task: "Look." }, { wait_ms: 0 })
    await until(() => world.calls.length === 2)
    world.agents = onceCalling("look", { id: "a" })
    const stub = await crashed(doomed, execution_id)
    expect(await settled(stub, execution_id)).toMatchObject({ outputs: 'It said: {"ok":true}' })
    expect(world.requests).toHaveLength(1)
    const { nodes } = replay(await journal(stub, execution_id))
    expect(nodes["ana[1]/think"]).toMatchObject({ attempt: 2, text: 'It said: {"ok":true}' })
  })

  it.each([
    ["GET", "succeeded", 2],
    ["POST", "needs_attention", 1],
  ] as const)("[AG15] a tool in flight: %s %s", async (method, status, sent) => {
    const doomed = freshStub()
    world.addresses.set("/look", hanging)
    world.agents = onceCalling("look", { id: "a" })
    const agent = agentOf({ tools: [httpTool("look", { method })] })
    const { execution_id } = await start(doomed, agentFlow(agent), { task: "Look." }, { wait_ms: 0 })
    await until(() => world.requests.length === 1)
    world.addresses.clear()
    const stub = await crashed(doomed, execution_id)
    await until(async () => (await stateOf(stub, execution_id)).execution.status === status)
    expect(world.requests).toHaveLength(sent)
    expect(new Set(world.requests.map((one) => one.idempotency_key)).size).toBe(1)
    if (status !== "needs_attention") return
    await laneOf(stub).resolve(execution_id, { step: "ana[0]/calls[0]/call", action: "fail" })
    expect((await settled(stub, execution_id)).outputs).toContain("a person decided that it failed")
  })
})

describe("an execution of an agent", () => {
  it("[AG16] is cancelled with everything in flight", async () => {
    const stub = freshStub()
    let aborted = false
    world.addresses.set("/look", (_, signal) => {
      const { promise, reject } = Promise.withResolvers<never>()
      signal.addEventListener("abort", () => {
        aborted = true
        reject(signal.reason)
      })
      return promise
    })
    world.agents = onceCalling("look", { id: "a" })
    const flow = agentFlow(agentOf({ tools: [httpTool("look")] }))
    const { execution_id } = await start(stub, flow, { task: "Look." }, { wait_ms: 0 })
    await until(() => world.requests.length === 1)
    await laneOf(stub).cancel(execution_id, "user_b")
    expect(await settled(stub, execution_id)).toMatchObject({ status: "cancelled" })
    expect(aborted).toBe(true)
  })

  it("[AG17] shows another target's answer, not the beginning of the one that broke", async () => {
    const stub = freshStub()
    world.failover = { text: "Broken beg", code: "model.stream_broken" }
    world.agents = () => says("Whole.")
    const run = await start(stub, agentFlow(agentOf()), { task: "Say." })
    world.failover = undefined
    expect(run.outputs).toBe("Whole.")
    const events = await named(stub, run.execution_id, "model.started", "model.failed", "model.finished")
    expect(events.map((one) => one.type)).toEqual([
      "model.started",
      "model.failed",
      "model.started",
      "model.finished",
    ])
    expect(replay(await journal(stub, run.execution_id)).nodes["ana[0]/think"]?.text).toBe("Whole.")
  })

  it("[AG19] is forked from one of its turns, with what was said and done before it", async () => {
    const stub = freshStub()
    world.agents = onceCalling("look", { id: "a" })
    const flow = agentFlow(agentOf({ tools: [httpTool("look")] }))
    const first = await start(stub, flow, { task: "Look." })
    const state = replay(await journal(stub, first.execution_id))
    const plan = planOf(flow)
    world.requests.length = 0
    world.calls.length = 0
    const again = await start(
      stub,
      flow,
      { task: "Look." },
      {
        seed: carryOver(state, plan, before(plan, { node_id: "think", scope: "ana[1]" })),
        fork_of: first.execution_id,
      },
    )
    expect(again).toMatchObject({ status: "succeeded", outputs: 'It said: {"ok":true}' })
    expect([world.calls.length, world.requests.length]).toEqual([1, 0])

    // With another answer of the tool in its place.
    const call = state.nodes["ana[0]/calls[0]/call"]!
    const other = await start(
      stub,
      flow,
      { task: "Look." },
      {
        seed: [...carryOver(state, plan, before(plan, call)), ...given(plan, call, "Something else.")],
        fork_of: first.execution_id,
      },
    )
    expect(other).toMatchObject({ status: "succeeded", outputs: "It said: Something else." })
    expect([world.calls.length, world.requests.length]).toEqual([2, 0])
  })

  it("[AG20] is begun anew by its node's word, at the turn that failed", async () => {
    const stub = freshStub()
    let failures = 1
    world.agents = (request) => {
      if (answers(request).length > 0 && failures-- > 0)
        throw Object.assign(new Error("Gone."), { code: "model.not_found", retry: false })
      return onceCalling("look", { id: "a" })(request)
    }
    const retry = { max_attempts: 2, backoff_ms: 1, factor: 1, on: ["model"] }
    const flow = agentFlow(agentOf({ tools: [httpTool("look")] }), { retry })
    const run = await start(stub, flow, { task: "Look." })
    expect(run).toMatchObject({ status: "succeeded", outputs: 'It said: {"ok":true}' })
    expect([world.calls.length, world.requests.length]).toEqual([3, 1])
  })

  it("[AG21] waits before it asks more often than it may, and is cancelled while it waits", async () => {
    const stub = freshStub()
    world.agents = onceCalling("look", { id: "a" })
    const limits = { max_calls_per_minute: 1 }
    const flow = agentFlow(agentOf({ tools: [httpTool("look")], config: { limits } }))
    const { execution_id } = await start(stub, flow, { task: "Look." }, { wait_ms: 0 })
    const thinks = async () => replay(await journal(stub, execution_id)).nodes["ana[1]/think"]
    await until(async () => (await thinks())?.status === "running")
    expect([world.calls.length, (await thinks())?.model]).toEqual([1, undefined])
    await laneOf(stub).cancel(execution_id, "user_b")
    expect(await settled(stub, execution_id)).toMatchObject({ status: "cancelled" })
    expect(world.calls).toHaveLength(1)
  })

  it("[AG22] counts its questions of a minute in all executions together", async () => {
    world.agents = () => says("Hello.")
    const flow = agentFlow(agentOf({ config: { limits: { max_calls_per_minute: 2 } } }))
    const [one, other] = [freshStub(), freshStub()]
    expect(await start(one, flow, { task: "Greet." })).toMatchObject({ status: "succeeded" })
    expect(await start(other, flow, { task: "Greet." })).toMatchObject({ status: "succeeded" })
    const third = await start(one, flow, { task: "Greet." }, { wait_ms: 0 })
    await until(async () => world.turns.get("agent_01JD0000000000000000000001")?.length === 3)
    expect(world.calls).toHaveLength(2)
    const [first, , last] = world.turns.get("agent_01JD0000000000000000000001")!
    expect(last! - first!).toBe(60_000)
    await laneOf(one).cancel(third.execution_id, "user_b")
  })
})
