import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test"
import { afterEach, describe, expect, it } from "vitest"
import { freshStub, journal, laneOf, pure, start, until } from "./kit.ts"
import { world } from "./worker.ts"

const dayMs = 86_400_000

afterEach(() => {
  world.skew = 0
})

describe("journals that are out of use", () => {
  it("[AR1] move to the archive after their time and stay readable, also after a restart", async () => {
    const stub = freshStub()
    const { execution_id: id } = await start(stub, pure, { text: "old" })
    await until(() => world.rows.get(id)?.status === "succeeded")
    const before = await journal(stub, id)
    world.skew = 29 * dayMs
    await runDurableObjectAlarm(stub)
    expect([...world.archive.keys()].some((name) => name.includes(id))).toBe(false)
    const young = await start(stub, pure, { text: "young" })
    world.skew = 30.5 * dayMs
    await runDurableObjectAlarm(stub)
    await until(() => [...world.archive.keys()].some((name) => name.includes(id)))
    expect([...world.archive.keys()].some((name) => name.includes(young.execution_id))).toBe(false)
    await evictDurableObject(stub)
    expect(await journal(stub, id)).toEqual(before)
    const page = await laneOf(stub).get(id)
    expect(page).toMatchObject({ ok: true, value: { execution: { status: "succeeded", outputs: "OLD" } } })
    const stream = await laneOf(stub).fetch(new Request(`https://execution/${id}?after=2`))
    expect((await stream.text()).match(/^id: \d+$/gm)).toEqual(before.slice(2).map((one) => `id: ${one.seq}`))
    expect(await laneOf(stub).recall(id)).toMatchObject({ ok: true, value: { inputs: { text: "old" } } })
    expect(await laneOf(stub).cancel(id, "user_x")).toMatchObject({ code: "execution.settled" })
  })
})
