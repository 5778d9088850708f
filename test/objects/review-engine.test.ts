import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test"
import { afterEach, describe, expect, it } from "vitest"
import { before, carryOver } from "#core/execution/carry-over"
import { fold, replay } from "#core/execution/reduce"
import { planOf } from "#core/flow/plan"
import { executionId, type ExecutionId } from "#core/ids"
import { Followers } from "#durable/execution/followers"
import { isTooLarge } from "#durable/execution/step-result"
import { around, graph, inside, settled, statusOf } from "./flows-kit.ts"
import {
  chance,
  edge,
  freshStub,
  journal,
  laneOf,
  node,
  pure,
  request,
  start,
  started,
  until,
} from "./kit.ts"
import { world } from "./worker.ts"

const dayMs = 86_400_000
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const saying = (body: string, ms: number) => async (given: { url: string }) => {
  await sleep(ms)
  return { status: 200, headers: {}, body, duration_ms: 1, final_url: given.url }
}
const failing = async () => {
  await sleep(20)
  throw Object.assign(new Error("No."), { code: "http.status_404", retry: false })
}

afterEach(() => {
  world.skew = 0
})

describe("a body that is broken off", () => {
  const chain = (last: ReturnType<typeof node>) =>
    around(
      node("each", "map", { items: "[1,2]", on_error: "continue" }),
      [
        node("a", "transform", { value: "item = 2 ? $error('no') : item" }),
        node("b", "transform", { value: "item" }),
        last,
      ],
      [edge("a", "b"), edge("b", last.id)],
    )

  it("[RE1] begins nothing in the turn that breaks it off", async () => {
    const run = await start(freshStub(), chain(node("c", "http", { url: "https://x.test/review/broken" })))
    expect(run.status).toBe("succeeded")
    expect(world.requests.filter(({ url }) => url.includes("/review/broken"))).toEqual([])
    const stub = freshStub()
    const waiting = await start(stub, chain(node("c", "wait", { seconds: 3600 })), {}, { wait_ms: 1_000 })
    expect(waiting.status).toBe("succeeded")
  })

  it("[RE2] withdraws the questions inside it from the inbox", async () => {
    world.addresses.set("/review/fails", failing)
    const buttons = [{ id: "yes", label: "Yes" }]
    const asking = graph(
      [
        node("in", "input"),
        node("each", "map", {
          items: "[1]",
          on_error: "continue",
          retry: { max_attempts: 2, backoff_ms: 0, on: ["http"] },
        }),
        inside("each", node("ask", "approval", { title: "Inner", buttons })),
        inside("each", node("fails", "http", { url: "https://x.test/review/fails" })),
        node("later", "approval", { title: "Outer", buttons }),
        node("out", "output"),
      ],
      [edge("in", "each"), edge("each", "later"), edge("later", "out", "yes")],
    )
    const stub = freshStub()
    const { execution_id: id } = await start(stub, asking, {}, { wait_ms: 0 })
    await until(async () => (await statusOf(stub, id)) === "waiting")
    const mine = () => [...world.approvals.values()].filter((one) => one.execution_id === id)
    await until(() => mine().length === 3)
    await until(() => mine().filter((one) => one.status === "open").length === 1)
    expect(mine().find((one) => one.status === "open")).toMatchObject({ title: "Outer" })
  })
})

describe("what is too large for a row", () => {
  it("[RE3] fails its step or its body, and the journal stays whole", async () => {
    expect(isTooLarge("\u0001".repeat(300_000))).toBe(true)
    world.addresses.set("/review/large", saying("x".repeat(900_000), 1))
    const large = ["p", "q", "r"].map((id) => node(id, "http", { url: "https://x.test/review/large" }))
    const stub = freshStub()
    const run = await start(stub, around(node("each", "map", { items: "[1]" }), large))
    expect(run).toMatchObject({ status: "failed", error: { code: "step.output_too_large" } })
    const events = await journal(stub, run.execution_id)
    expect(events.map((one) => one.seq)).toEqual(events.map((_, i) => i + 1))
  })

  it("[RE4] counts for what a step is given, too", async () => {
    const query = Object.fromEntries(
      ["a", "b", "c", "d", "e", "f", "g", "h"].map((name) => [name, "{{ $pad('x', 250000, 'y') }}"]),
    )
    const calling = graph(
      [
        node("in", "input"),
        node("call", "http", { url: "https://x.test/review/query", query }),
        node("out", "output"),
      ],
      [edge("in", "call"), edge("call", "out")],
    )
    const stub = freshStub()
    const run = await start(stub, calling)
    expect(run).toMatchObject({ status: "failed", error: { code: "step.input_too_large" } })
    expect((await journal(stub, run.execution_id))[0]).toMatchObject({ seq: 1, type: "execution.queued" })
  })
})

/** Computes long enough for others of the lane to have their turn, then calls. */
const long = (path: string) => ({
  ...graph(
    [
      node("in", "input"),
      node("again", "loop", { state: "0", max_iterations: 40 }),
      inside("again", node("step", "transform", { value: "state + 1" })),
      node("call", "http", { url: `https://x.test${path}` }),
      node("out", "output"),
    ],
    [edge("in", "again"), edge("again", "call"), edge("call", "out")],
  ),
  settings: { max_concurrency: 1 },
})

describe("a lane", () => {
  it("[RE5] counts an execution that has only begun among those of its flow", async () => {
    let now = 0
    let most = 0
    world.addresses.set("/review/one", async ({ url }) => {
      most = Math.max(most, ++now)
      await sleep(20)
      now--
      return { status: 200, headers: {}, body: "", duration_ms: 1, final_url: url }
    })
    const stub = freshStub()
    const all = await Promise.all([1, 2, 3].map(() => start(stub, long("/review/one"))))
    for (const one of all) expect((await settled(stub, one.execution_id)).status).toBe("succeeded")
    expect(most).toBe(1)
  })

  it("[RE6] keeps a key with the first event of what it begins", async () => {
    const stub = freshStub()
    const idempotency = { key: "review", digest: "d" }
    const asked = request({ ...long("/review/keyed"), settings: {} }, {}, { idempotency })
    await start(stub, pure, { text: "warm" })
    const run = laneOf(stub).start(asked)
    // A crash would leave what the tables hold at that moment.
    let kept: Record<string, SqlStorageValue>[] = []
    await until(async () => {
      kept = await runInDurableObject(stub, (_, { storage }) =>
        storage.sql.exec("SELECT id FROM idempotency LEFT JOIN executions ON id = execution").toArray(),
      )
      return kept.length > 0
    })
    expect(kept).toEqual([{ id: asked.execution_id }])
    expect(started(await run).status).toBe("succeeded")
  })

  it("[RE7] does not put off moving journals out when it is made anew", async () => {
    const stub = freshStub()
    const { execution_id: id } = await start(stub, pure, { text: "old" })
    await until(() => world.rows.get(id)?.status === "succeeded")
    world.skew = 20 * dayMs
    await evictDurableObject(stub)
    const young = await start(stub, pure, { text: "young" })
    await until(() => world.rows.get(young.execution_id)?.status === "succeeded")
    world.skew = 30.5 * dayMs
    await runDurableObjectAlarm(stub)
    await until(() => [...world.archive.keys()].some((name) => name.includes(id)), 1_000)
  })

  it("[RE8] takes no answer for an execution that is being cancelled", async () => {
    world.addresses.set("/review/lingers", async (_, signal) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve))
      await sleep(150)
      throw signal.reason
    })
    const both = graph(
      [
        node("in", "input"),
        node("ask", "approval", { title: "Go?", buttons: [{ id: "yes", label: "Yes" }] }),
        node("call", "http", { url: "https://x.test/review/lingers" }),
        node("out", "output"),
      ],
      [edge("in", "ask"), edge("in", "call"), edge("ask", "out", "yes"), edge("call", "out")],
    )
    const stub = freshStub()
    const { execution_id: id } = await start(stub, both, {}, { wait_ms: 0 })
    const asked = await laneOf(stub).asked(id, "ask")
    if (!asked.ok) throw new Error(asked.code)
    const cancelled = laneOf(stub).cancel(id, "user_x")
    const answer = { button: "yes", by: { actor: "user_x", names: ["user_x"] } }
    expect(await laneOf(stub).answerApproval(id, asked.value.id, answer)).toMatchObject({
      code: "approval.closed",
    })
    expect(await cancelled).toMatchObject({ ok: true, value: { status: "cancelled" } })
  })
})

describe("those who are told of an end", () => {
  it("[RE9] are all told, however many end while one is being told", async () => {
    const rows: { execution: ExecutionId; tries: number }[] = []
    const told = new Set<string>()
    const followers = new Followers({
      departures: {
        follow: (execution: ExecutionId) => rows.push({ execution, tries: 0 }),
        toFollow: () => rows.filter((one) => !told.has(one.execution)).slice(0, 50),
        followed: (id: string) => void told.add(id),
      } as never,
      ended: (id) => ({ id, state: replay([]), plan: undefined }),
      follow: async () => void (await sleep(1)),
      isHeld: () => false,
      wakeAt: () => undefined,
      now: () => Date.now(),
    })
    for (let i = 0; i < 120; i++) followers.add(executionId(0, Date.now(), chance))
    await followers.tell()
    expect(told.size).toBe(120)
  })
})

describe("what is taken over, and what comes late", () => {
  it("[RE10] a fork does not take over what failed beside its step", async () => {
    const parallel = graph(
      [
        node("in", "input"),
        node("a", "transform", { value: "1" }),
        node("b", "transform", { value: "$error('no')" }),
        node("out", "output"),
      ],
      [edge("in", "a"), edge("in", "b"), edge("a", "out"), edge("b", "out")],
    )
    const stub = freshStub()
    const run = await start(stub, parallel)
    const plan = planOf(parallel)
    const state = replay(await journal(stub, run.execution_id))
    const seed = carryOver(state, plan, before(plan, { node_id: "a", scope: "" }))
    expect(seed.map((one) => one.type)).toEqual(["node.started", "node.succeeded"])
  })

  it("[RE11] a call that a scope has forgotten begins no step there", () => {
    const state = replay([])
    const error = { code: "http.aborted", message: "Stopped." }
    const place = { node_id: "call", scope: "each[0]", attempt: 1 }
    fold(state, {
      seq: 1,
      at: "2026-11-21T09:00:00.000Z",
      type: "http.failed",
      ...place,
      data: { error, latency_ms: 1 },
    })
    expect(state.nodes["each[0]/call"]).toBeUndefined()
  })
})
