import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test"
import { afterEach, expect, it } from "vitest"
import { asking, freshStub, gated, journal, laneOf, start, until } from "./kit.ts"
import { world } from "./worker.ts"

afterEach(() => {
  world.isHeld = false
  world.skew = 0
})

const hourMs = 3_600_000

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
