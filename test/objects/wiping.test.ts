import { runInDurableObject } from "cloudflare:test"
import { env } from "cloudflare:workers"
import { describe, expect, it } from "vitest"
import type { TenantId } from "#core/ids"
import type { Wipeable } from "#worker/stubs"
import { wipeAll } from "#worker/services/tenants/wipe"
import { Desk } from "./canvas-kit.ts"
import { room } from "./chat-kit.ts"
import { asking, freshStub, gated, laneOf, start } from "./kit.ts"
import { world } from "./worker.ts"

type Named = Record<"EXECUTION" | "CHAT" | "CANVAS" | "GOVERNOR" | "SEALER", DurableObjectNamespace>
const { EXECUTION, CHAT, CANVAS, GOVERNOR, SEALER } = env as unknown as Named
const tenant = { id: "tenant_01JD0000000000000000000009" as TenantId, slot: "TENANT_DB_000" }

const left = (stub: DurableObjectStub) =>
  runInDurableObject(stub, async (_, { storage }) => ({
    alarm: await storage.getAlarm(),
    tables: storage.sql
      .exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'")
      .toArray()
      .map(({ name }) => name),
  }))

const blank = { alarm: null, tables: [] }

/** Wipes an object that has something, and rings an alarm that comes late. */
async function gone({ id }: DurableObjectStub, namespace: DurableObjectNamespace): Promise<void> {
  // A stub is broken once its object has broken off.
  const anew = () => namespace.get(id)
  expect((await left(anew())).tables).not.toEqual([])
  await wipeAll([() => anew() as unknown as Wipeable])
  expect(await left(anew())).toEqual(blank)
  await runInDurableObject(anew(), (object) => (object as unknown as { alarm(): Promise<void> }).alarm())
  expect(await left(anew())).toEqual(blank)
}

describe("an object whose tenant is erased", () => {
  it("of executions forgets those under way too", async () => {
    const gate = gated("never")
    world.models.set("wiped", gate.model)
    const stub = freshStub()
    await start(stub, asking("wiped"), {}, { wait_ms: 0 })
    await gone(stub, EXECUTION)
    gate.open()
    await new Promise((resolve) => setTimeout(resolve, 700))
    const anew = EXECUTION.get(stub.id)
    expect(await left(anew)).toEqual(blank)
    expect(await laneOf(anew as never).get("exec_0001JD0000000000000000000000" as never)).toMatchObject({
      code: "execution.not_found",
    })
  })

  it("of a chat", async () => {
    await gone((await room()).stub, CHAT)
  })

  it("of a canvas", async () => {
    const desk = new Desk()
    await desk.room.namedVersions()
    await desk.room.remark(
      { tenant: desk.tenant, flow: desk.flow },
      {
        type: "comment",
        thread: "thread_1",
        id: "comment_1",
        text: "Look",
        mentions: [],
        at: new Date().toISOString(),
      } as never,
      "user_1",
    )
    await gone(desk.stub, CANVAS)
  })

  it("of a governor and a sealer", async () => {
    const governor = GOVERNOR.get(GOVERNOR.idFromName(tenant.id))
    await (governor as unknown as { lease(...of: unknown[]): Promise<unknown> }).lease(tenant, [])
    await gone(governor, GOVERNOR)
    const sealer = SEALER.get(SEALER.idFromName(tenant.id))
    await (sealer as unknown as { lease(...of: unknown[]): Promise<unknown> }).lease(tenant.id, true)
    await gone(sealer, SEALER)
  })
})
