import { abortAllDurableObjects, runDurableObjectAlarm } from "cloudflare:test"
import { afterEach, expect, it } from "vitest"
import type { EntryLimits } from "#durable/governor/messages"
import { executionId, type ExecutionId } from "#core/ids"
import { uncounted } from "#test/kit/uncounted"
import {
  asking,
  chance,
  EXECUTION,
  freshStub,
  journal,
  laneOf,
  request,
  start,
  tenant as usualTenant,
  until,
} from "./kit.ts"
import { governed, type FakeGovernor } from "./governor-world.ts"
import { answerOf, world } from "./worker.ts"
import { env } from "cloudflare:workers"

const { GOVERNOR } = env as unknown as { GOVERNOR: DurableObjectNamespace<FakeGovernor> }
const usual: EntryLimits = { executions_per_day: 1_000, concurrent_executions: 3, waiting_executions: 1_000 }

let count = 0
let asked = 0
/** Whether the governor cannot be asked. */
let isAway = false
/** Whether what a lane says of itself does not arrive, or arrives and the answer is lost. */
let loss: "words" | "answers" | undefined
let told = 0
/** How long what a lane says of itself is on its way. */
let slowMs = 0

/** A tenant of its own, whose governor counts by these limits. */
function governedBy(limits: EntryLimits) {
  const id = GOVERNOR.idFromName(`places/${count}`)
  const own = {
    id: `tenant_01JD000000000000000000000${count++}`,
    slot: usualTenant.slot,
  }
  const before = world.entry ?? uncounted
  asked = 0
  world.entry = {
    enter: async (of, ask) => {
      if (of.id !== own.id) return before.enter(of, ask)
      asked++
      if (isAway) throw new Error("away")
      governed.now = Date.now()
      return GOVERNOR.get(id).enter(of, { ...ask, limits })
    },
    leave: async (of, count) => {
      if (of.id !== own.id) return before.leave(of, count)
      if (slowMs > 0) await new Promise((resolve) => setTimeout(resolve, slowMs))
      try {
        if (loss === "words") throw new Error("away")
        governed.now = Date.now()
        await GOVERNOR.get(id).leave(of, count.lane, count.left, count.open)
        if (loss) throw new Error("no answer")
      } finally {
        // Only now: a test that waits for it ends the loss, and this one was still lost.
        told++
      }
    },
  }
  return { tenant: own, quotaUse: () => GOVERNOR.get(id).quotaUse() }
}

/** A model that answers one question after the other, the first asked first, each when it is let. */
function paced(word: string) {
  let [asking, let_, open, most] = [0, 0, 0, 0]
  world.models.set(word, async function* (signal) {
    const turn = ++asking
    const isLet = () => turn <= let_
    most = Math.max(most, ++open)
    try {
      while (!isLet()) {
        await new Promise((resolve) => setTimeout(resolve, 2))
        signal.throwIfAborted()
      }
    } finally {
      open--
    }
    yield* answerOf("done")
  })
  return {
    most: () => most,
    /** Lets the next one answer, as soon as it is asked. */
    letOne: async () => {
      await until(() => asking > let_)
      let_++
    },
    asked: (times: number) => until(() => asking >= times),
    /** Lets all answer who have asked so far. */
    letAll: () => {
      let_ = asking
    },
  }
}

const flowNamed = (name: string) => ({ id: `flow_${name}`, name, version: 1 })
let clock = 0
/** Ids in the order in which they are asked for, as starts have them that come one after the other. */
const nextId = (lane: number | "own" = 0): ExecutionId =>
  executionId(lane, Date.now() - 100_000 + clock++, chance)

const statusOf = async (stub: Parameters<typeof laneOf>[0], id: ExecutionId) => {
  const page = await laneOf(stub).get(id)
  return page.ok ? page.value.execution.status : page.code
}

afterEach(() => {
  world.isHeld = false
  world.skew = 0
  slowMs = 0
  isAway = false
  loss = undefined
})

it("[CQ4] fifty starts of two flows with three places: all are done, never more than three at once, each flow in its order, none pushed aside", async () => {
  const { tenant } = governedBy(usual)
  const { letOne, most } = paced("fifty")
  const stub = freshStub()
  const flow = new Map<ExecutionId, string>()
  for (let i = 0; i < 50; i++) {
    const execution_id = nextId()
    // Forty of the one, of which the first come before any of the other.
    flow.set(execution_id, i >= 10 && i % 4 === 0 ? "few" : "many")
    await start(
      stub,
      asking("fifty"),
      {},
      { tenant, execution_id, flow: flowNamed(flow.get(execution_id)!), wait_ms: 0 },
    )
  }
  const ids = [...flow.keys()]
  expect(await Promise.all(ids.slice(0, 4).map((id) => statusOf(stub, id)))).toEqual([
    "running",
    "running",
    "running",
    "queued",
  ])
  for (let i = 0; i < 50; i++) await letOne()
  await until(async () =>
    (await Promise.all(ids.map((id) => statusOf(stub, id)))).every((one) => one === "succeeded"),
  )
  expect(most()).toBe(3)
  const began = await Promise.all(
    ids.map(async (id) => {
      const events = await journal(stub, id)
      return {
        id,
        at: events.find(({ type }) => type === "execution.started")!.at,
        calls: world.calls.length,
      }
    }),
  )
  for (const name of ["few", "many"]) {
    const times = began.filter(({ id }) => flow.get(id) === name).map(({ at }) => at)
    expect(times).toEqual(times.toSorted())
  }
  // While both wait the places are shared: the ten of the one are not behind the forty of the other.
  const order = began.toSorted((one, other) => (one.at < other.at ? -1 : 1)).map(({ id }) => flow.get(id)!)
  expect(order.lastIndexOf("few")).toBeLessThan(35)
}, 30_000)

it("[CQ5] a restart loses nobody who waits, and their time begins when they begin", async () => {
  const { tenant } = governedBy({ ...usual, concurrent_executions: 1 })
  const { letOne, asked, letAll } = paced("restart")
  let stub = freshStub()
  const ids = [nextId(), nextId(), nextId()]
  for (const execution_id of ids)
    await start(stub, asking("restart"), {}, { tenant, execution_id, wait_ms: 0, timeout_ms: 60_000 })
  expect(await Promise.all(ids.map((id) => statusOf(stub, id)))).toEqual(["running", "queued", "queued"])
  await asked(1)
  await abortAllDurableObjects()
  // The lane is made anew by its alarm; what was in flight is asked again.
  stub = EXECUTION.get(stub.id)
  await runDurableObjectAlarm(stub)
  await asked(2)
  expect(await Promise.all(ids.map((id) => statusOf(stub, id)))).toEqual(["running", "queued", "queued"])
  // The others have waited for longer than an execution may take.
  world.skew = 3_600_000
  letAll()
  await until(async () => (await statusOf(stub, ids[1]!)) === "running")
  expect(await statusOf(stub, ids[2]!)).toBe("queued")
  const types = (await journal(stub, ids[1]!)).map(({ type }) => type)
  expect(types.slice(0, 2)).toEqual(["execution.queued", "execution.started"])
  await letOne()
  await letOne()
  await until(async () => (await statusOf(stub, ids[2]!)) === "succeeded")
  expect(await statusOf(stub, ids[1]!)).toBe("succeeded")
}, 20_000)

it("[CQ6] one that waits is cancelled at once, holds up nobody and never runs", async () => {
  const { tenant } = governedBy({ ...usual, concurrent_executions: 1 })
  const { letOne } = paced("cancelled")
  const stub = freshStub()
  const ids = [nextId(), nextId(), nextId()]
  for (const execution_id of ids)
    await start(stub, asking("cancelled"), {}, { tenant, execution_id, wait_ms: 0 })
  expect(await laneOf(stub).cancel(ids[1]!, "user_x")).toMatchObject({
    ok: true,
    value: { status: "cancelled" },
  })
  await letOne()
  await letOne()
  await until(async () => (await statusOf(stub, ids[2]!)) === "succeeded")
  expect((await journal(stub, ids[1]!)).map(({ type }) => type)).toEqual([
    "execution.queued",
    "execution.cancelling",
    "execution.cancelled",
  ])
})

it("[CQ7] beyond those that may wait a start is refused, and so is one in an object of its own; a day's are judged when they come", async () => {
  const limits = { executions_per_day: 4, concurrent_executions: 1, waiting_executions: 2 }
  const { tenant, quotaUse } = governedBy(limits)
  const { letOne, asked: questions } = paced("bounded")
  const stub = freshStub()
  const refusedFor = async (id = nextId(), at = stub) => {
    const outcome = await laneOf(at).start(
      request(asking("bounded"), {}, { tenant, execution_id: id, wait_ms: 0 }),
    )
    return outcome.ok
      ? "taken in"
      : [outcome.code, outcome.more?.more?.["quota"], outcome.more?.more?.["used"]]
  }
  expect([await refusedFor(), await refusedFor(), await refusedFor()]).toEqual([
    "taken in",
    "taken in",
    "taken in",
  ])
  expect(await refusedFor()).toEqual(["quota.exceeded", "waiting_executions", 2])
  expect(await refusedFor(nextId("own"), freshStub())).toEqual(["quota.exceeded", "concurrent_executions", 1])
  expect(await quotaUse()).toMatchObject({ executions_per_day: 3, waiting_executions: 2 })
  await letOne()
  await questions(2)
  expect([await refusedFor(), await refusedFor()]).toEqual([
    "taken in",
    ["quota.exceeded", "executions_per_day", 4],
  ])
})

it("[CQ8] a place that comes free in one lane is had by who waits in another, and while lanes wait none is passed by", async () => {
  const { tenant } = governedBy({ ...usual, concurrent_executions: 1 })
  const { letOne, asked: questions, most } = paced("lanes")
  const [here, there] = [freshStub(), freshStub()]
  const first = await start(here, asking("lanes"), {}, { tenant, execution_id: nextId(), wait_ms: 0 })
  const other = await start(there, asking("lanes"), {}, { tenant, execution_id: nextId(), wait_ms: 0 })
  const later = await start(here, asking("lanes"), {}, { tenant, execution_id: nextId(), wait_ms: 0 })
  expect([first.status, other.status, later.status]).toEqual(["running", "queued", "queued"])
  await letOne()
  await questions(2)
  // It came before the one that waits where the place came free.
  expect(await statusOf(there, other.execution_id)).toBe("running")
  expect(await statusOf(here, later.execution_id)).toBe("queued")
  await letOne()
  await letOne()
  await until(async () => (await statusOf(here, later.execution_id)) === "succeeded")
  expect(most()).toBe(1)
}, 20_000)

it("[CQ9] nobody begins while the tenant is suspended, and below the limit a start asks nobody", async () => {
  const roomy = governedBy({ ...usual, concurrent_executions: 200 })
  const stub = freshStub()
  const startOne = () => start(stub, asking("echo"), {}, { tenant: roomy.tenant })
  await startOne()
  const before = asked
  await startOne()
  await startOne()
  expect(asked).toBe(before)

  const { tenant } = governedBy({ ...usual, concurrent_executions: 1 })
  const { letOne, asked: questions } = paced("suspended")
  const held = freshStub()
  const ids = [nextId(), nextId()]
  for (const execution_id of ids)
    await start(held, asking("suspended"), {}, { tenant, execution_id, wait_ms: 0 })
  await questions(1)
  world.isHeld = true
  await letOne()
  await until(async () => (await statusOf(held, ids[0]!)) === "waiting")
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(await statusOf(held, ids[1]!)).toBe("queued")
  world.isHeld = false
  await questions(2)
  expect(await statusOf(held, ids[1]!)).toBe("running")
  await letOne()
  await until(async () => (await statusOf(held, ids[1]!)) === "succeeded")
})

it("[CQ10] what a lane says late does not free the place of one that began meanwhile", async () => {
  const { tenant, quotaUse } = governedBy(usual)
  const { letOne, asked: questions } = paced("late")
  const stub = freshStub()
  await start(stub, asking("echo"), {}, { tenant })
  slowMs = 1_500
  // A second later the lane says that nothing is under way; that is still on its way.
  await new Promise((resolve) => setTimeout(resolve, 1_400))
  const { execution_id } = await start(
    stub,
    asking("late"),
    {},
    { tenant, execution_id: nextId(), wait_ms: 0 },
  )
  await questions(1)
  await new Promise((resolve) => setTimeout(resolve, 1_600))
  expect(await statusOf(stub, execution_id)).toBe("running")
  expect((await quotaUse()).concurrent_executions).toBe(1)
  await letOne()
  await until(async () => (await statusOf(stub, execution_id)) === "succeeded")
}, 20_000)

it("[CQ11] while the governor cannot be asked nothing begins and nothing is taken in; who waits goes on when it is back", async () => {
  const { tenant, quotaUse } = governedBy({ ...usual, concurrent_executions: 1 })
  const { letOne, asked: questions } = paced("away")
  const stub = freshStub()
  const begin = (id: ExecutionId, at = stub) =>
    laneOf(at).start(request(asking("away"), {}, { tenant, execution_id: id, wait_ms: 0 }))
  const [first, waiting, refused, own] = [nextId(), nextId(), nextId(), nextId("own")]
  expect([(await begin(first)).ok, (await begin(waiting)).ok]).toEqual([true, true])
  await questions(1)
  isAway = true
  const ownStub = freshStub()
  expect(await begin(own, ownStub)).toMatchObject({ ok: false, code: "governor.unavailable" })
  await letOne()
  await until(async () => (await statusOf(stub, first)) === "succeeded")
  // Its place is free, and cannot be had.
  const before = asked
  await until(() => asked > before)
  const late = await begin(refused)
  expect(late).toMatchObject({ ok: false, code: "governor.unavailable" })
  expect(await statusOf(stub, waiting)).toBe("queued")
  expect([await statusOf(stub, refused), await statusOf(ownStub, own)]).toEqual([
    "execution.not_found",
    "execution.not_found",
  ])
  isAway = false
  await questions(2)
  await letOne()
  await until(async () => (await statusOf(stub, waiting)) === "succeeded")
  await expect.poll(quotaUse).toMatchObject({ executions_per_day: 2 })
})

it("[CQ12] what a lane was given ahead and gives back is taken back once, whatever of it is lost on the way", async () => {
  const { tenant, quotaUse } = governedBy(usual)
  const { letAll, asked: questions } = paced("ahead")
  const stub = freshStub()
  const run = async (turn: number) => {
    const id = nextId()
    await laneOf(stub).start(request(asking("ahead"), {}, { tenant, execution_id: id, wait_ms: 0 }))
    await questions(turn)
    letAll()
    await until(async () => (await statusOf(stub, id)) === "succeeded")
  }
  for (const [turn, lost] of [[1, "words"] as const, [2, "answers"] as const]) {
    loss = lost
    const before = told
    await run(turn)
    // Given ahead, and counted until it is back.
    if (lost === "words") expect((await quotaUse()).executions_per_day).toBeGreaterThan(turn)
    await until(() => told >= before + 2, 10_000)
    loss = undefined
    await until(() => told >= before + 3, 10_000)
    await expect.poll(quotaUse).toMatchObject({ executions_per_day: turn })
  }
})
