import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test"
import { afterEach, expect, it } from "vitest"
import { refused } from "#core/errors"
import { room } from "./chat-kit.ts"
import { asking, freshStub, gated, journal, laneOf, pure, start, until, type Stub } from "./kit.ts"
import { world } from "./worker.ts"

afterEach(() => {
  world.isHeld = false
  world.skew = 0
})

const hourMs = 3_600_000

/** Every appointment comes now. */
async function wake(stub: DurableObjectStub): Promise<void> {
  await runInDurableObject(stub, (_, { storage }) => {
    storage.sql.exec("UPDATE appointments SET due = 0")
  })
  await runDurableObjectAlarm(stub)
}

it("[SU4] an execution of a suspended tenant pauses between two steps, for however long, and goes on where it was", async () => {
  const gate = gated("an", "swer")
  world.models.set("paused", gate.model)
  const stub = freshStub()
  const { execution_id } = await start(stub, asking("paused"), {}, { wait_ms: 0, timeout_ms: hourMs })
  const statusNow = async () => {
    const outcome = await laneOf(stub).get(execution_id)
    return outcome.ok ? outcome.value.execution.status : undefined
  }
  const types = async () => (await journal(stub, execution_id)).map(({ type }) => type)
  await until(() => world.calls.length > 0)
  world.isHeld = true
  gate.open()
  await until(async () => (await statusNow()) === "waiting")
  // What was in flight has come to its end; nothing followed.
  expect((await types()).slice(-2)).toEqual(["node.succeeded", "execution.waiting"])
  // Looked at by the alarm and out of the journal, and longer than it may take: it is still paused, and not over its time.
  world.skew = 5 * hourMs
  await evictDurableObject(stub)
  await runDurableObjectAlarm(stub)
  await laneOf(stub).poke(execution_id)
  expect(await statusNow()).toBe("waiting")
  expect(world.calls).toHaveLength(1)
  world.isHeld = false
  await laneOf(stub).poke(execution_id)
  await until(async () => (await statusNow()) === "succeeded")
  expect((await types()).filter((type) => type === "model.started")).toHaveLength(1)
})

it("[SU15] who follows an execution is told when the tenant goes on, however often that was looked at", async () => {
  const stub: Stub = freshStub()
  world.followFailures = 1
  const { execution_id: id } = await start(stub, pure, { text: "a" }, { followed: true })
  // What was refused once is tried again, by an alarm.
  await until(() => world.followFailures < 1)
  world.isHeld = true
  const told = () => world.ends.filter((one) => one.execution_id === id)
  // More often than it would be tried.
  for (let i = 0; i < 20; i++) {
    await evictDurableObject(stub)
    await wake(stub)
  }
  expect(told()).toEqual([])
  world.isHeld = false
  await wake(stub)
  await until(() => told().length === 1)
})

it("[SU16] an answer in a chat that is not begun waits in its place, and those after it, and none has failed", async () => {
  const chat = await room()
  chat.world.refusals = Array.from({ length: 1_000 }, () => refused("tenant.suspended"))
  await chat.send("one")
  await chat.send("two")
  // More often than it would be tried.
  while (chat.world.asked < 20) {
    const { asked } = chat.world
    await evictDurableObject(chat.stub)
    await wake(chat.stub)
    await until(() => chat.world.asked > asked)
    expect((await chat.answers()).map(({ status }) => status)).toEqual(["queued", "queued"])
  }
  chat.world.refusals = []
  await wake(chat.stub)
  await chat.idle()
  expect((await chat.answers()).map(({ status }) => status)).toEqual(["done", "done"])
  expect(chat.world.begun.map(({ message }) => message)).toEqual(["one", "two"])
})
