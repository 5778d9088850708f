import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test"
import { afterEach, describe, expect, it } from "vitest"
import { unwrap } from "#core/errors"
import { newId, type MessageId } from "#core/ids"
import { Room } from "./chat-kit.ts"
import { asking, chance, freshStub, gated, laneOf, pure, start, until, type Stub } from "./kit.ts"
import { world } from "./worker.ts"

const dayMs = 86_400_000
const canary = "canary-of-the-journal"

afterEach(() => {
  world.skew = 0
})

/** Everything that an object's database holds, as one text. */
const whole = (stub: unknown): Promise<string> =>
  runInDurableObject(stub as DurableObjectStub, (_, { storage }) => {
    const tables = storage.sql
      .exec<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'",
      )
      .toArray()
    return JSON.stringify(
      tables.map(({ name }) => [name, storage.sql.exec(`SELECT * FROM "${name}"`).toArray()]),
    )
  })

const gone = async (stub: Stub, id: Parameters<ReturnType<typeof laneOf>["erase"]>[0]): Promise<void> =>
  until(async () => unwrap(await laneOf(stub).erase(id)))

describe("erasing an execution", () => {
  it("[ER1] leaves nothing of its journal in the object, also after a restart, and nothing of others is lost", async () => {
    const stub = freshStub()
    const { execution_id: id } = await start(stub, pure, { text: canary })
    const other = await start(stub, pure, { text: "other" })
    expect(await whole(stub)).toContain(canary)
    await gone(stub, id)
    expect(await whole(stub)).not.toContain(canary)
    await evictDurableObject(stub)
    expect(await laneOf(stub).get(id)).toMatchObject({ ok: false, code: "execution.not_found" })
    expect(await laneOf(stub).get(other.execution_id)).toMatchObject({ ok: true })
    expect(await laneOf(stub).erase(id)).toEqual({ ok: true, value: true })
  })

  it("[ER2] takes a journal out of the archive too", async () => {
    const stub = freshStub()
    const { execution_id: id } = await start(stub, pure, { text: canary })
    await until(() => world.rows.get(id)?.status === "succeeded")
    world.skew = 31 * dayMs
    await runDurableObjectAlarm(stub)
    const name = () => [...world.archive.keys()].find((one) => one.includes(id))
    await until(() => name() !== undefined)
    await gone(stub, id)
    expect(name()).toBeUndefined()
  })

  it("[ER3] is refused while it goes on", async () => {
    const stub = freshStub()
    const { model, open } = gated("a", "b")
    world.models.set("slow", model)
    const { execution_id: id } = await start(stub, asking("slow now"), {}, { wait_ms: 0 })
    expect(await laneOf(stub).erase(id)).toMatchObject({ ok: false, code: "execution.not_settled" })
    open()
    await until(async () => {
      const page = await laneOf(stub).get(id)
      return page.ok && page.value.execution.status === "succeeded"
    })
    await gone(stub, id)
  })

  it("[ER4] waits until its rows have arrived, which would bring it back", async () => {
    const stub = freshStub()
    const { promise, resolve } = Promise.withResolvers<void>()
    world.hold = promise
    const { execution_id: id } = await start(stub, pure, { text: canary })
    expect(await laneOf(stub).erase(id)).toEqual({ ok: true, value: false })
    world.hold = undefined
    resolve()
    await gone(stub, id)
  })
})

describe("taking somebody's words out of a chat of others", () => {
  it("[ER13] takes what they said, its answer and the title that it gave, also when it was deleted since", async () => {
    for (const isDeleted of [false, true]) {
      const room = await new Room().open()
      const first = await room.send(canary, { author: "user_gone" })
      await room.idle()
      await room.send("Colleague", { author: "user_stays" })
      await room.idle()
      const beside = { id: newId<MessageId>("msg", Date.now(), chance), author: "user_stays" }
      unwrap(await room.room.edit(first, { ...beside, content: "Said to nobody else" }))
      await room.idle()
      const told = (await room.answers()).slice(0, 2).map(({ execution_id }) => execution_id)
      if (isDeleted) unwrap(await room.room.remove())
      expect(await whole(room.stub)).toContain(canary)
      const erase = async () => unwrap(await room.room.eraseWords(["user_gone"]))
      const { erased, executions } = await erase()
      expect([erased, executions]).toEqual([2, told])
      await until(async () => (await erase()).isAll)
      // Its title begins with a capital.
      const left = (await whole(room.stub)).toLowerCase()
      expect([isDeleted, left.includes(canary), left.includes("colleague")]).toEqual([isDeleted, false, true])
      expect(JSON.stringify([...room.world.messages])).not.toContain(canary)
      expect(room.world.session?.title).toBe("New chat")
    }
  })
})

describe("emptying a chat", () => {
  it("[ER5] leaves nothing in the object once it was deleted, and is refused before", async () => {
    const room = await new Room().open()
    await room.send(canary)
    await until(async () => (await room.answers()).every((one) => one.finished_at !== null))
    expect(await room.room.purge()).toMatchObject({ ok: false, code: "chat.busy" })
    expect(await whole(room.stub)).toContain(canary)
    unwrap(await room.room.remove())
    await until(async () => unwrap(await room.room.purge()))
    expect(await whole(room.stub)).toBe("[]")
    expect(await room.room.get()).toMatchObject({ ok: false, code: "chat.not_found" })
    expect(await room.room.purge()).toEqual({ ok: true, value: true })
  })
})
