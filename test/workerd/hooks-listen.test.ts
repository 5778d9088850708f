import { beforeAll, describe, expect, it } from "vitest"
import { executionsApi } from "#core/contract/executions"
import { triggersApi, type Trigger } from "#core/contract/triggers"
import { ask, call, problemOf } from "#test/kit/api"
import { HookWorld, post, secret } from "#test/kit/hooks"
import { type TestTenant } from "#test/kit/tenants"

let world: HookWorld
let tenant: TestTenant
beforeAll(async () => {
  world = await HookWorld.make()
  tenant = world.tenant
})

describe("the test listener", () => {
  const as = (trigger: Trigger) => ({ token: tenant.token, params: { trigger_id: trigger.id } })

  it("captures the next delivery and shows it, and starts nothing", async () => {
    const hook = await world.newHook({ signature: { kind: "header" } })
    await call(triggersApi.listen, { ...as(hook), body: {} })
    expect(await call(triggersApi.heard, as(hook))).toMatchObject({ is_listening: true, delivery: null })
    expect((await post(hook, { forged: true })).status).toBe(401)
    expect((await call(triggersApi.heard, as(hook))).is_listening).toBe(true)
    const waiting = call(triggersApi.heard, { ...as(hook), query: { wait: 10 } })
    const answered = await post(hook, { a: 1 }, { "x-webhook-secret": secret })
    expect([answered.status, answered.body]).toEqual([202, { captured: true }])
    const heard = await waiting
    expect(heard).toMatchObject({
      is_listening: false,
      delivery: { outcome: "captured" },
      sample: { body: { a: 1 }, method: "POST", headers: { "x-webhook-secret": "(hidden)" } },
    })
    expect(await world.executionsOf(hook)).toEqual([])
    expect((await post(hook, { a: 2 }, { "x-webhook-secret": secret })).body.execution_id).toMatch(/^exec_/)
  })

  it("takes one of many at once, and starts executions beside when told to", async () => {
    const hook = await world.newHook()
    await call(triggersApi.listen, { ...as(hook), body: { start: false } })
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => post(hook, { n })))
    expect(answers.filter(({ body }) => body.captured)).toHaveLength(1)
    await call(triggersApi.listen, { ...as(hook), body: { start: true } })
    const both = await post(hook, { both: 1 })
    expect(both.body.execution_id).toMatch(/^exec_/)
    expect((await call(triggersApi.heard, as(hook))).sample?.body).toEqual({ both: 1 })
  })

  it("hears webhooks only, and while they are active", async () => {
    const paused = await world.newHook({}, { is_active: false })
    expect(problemOf(await ask(triggersApi.listen, { ...as(paused), body: {} }))).toEqual({
      status: 409,
      code: "trigger.not_listenable",
    })
  })
})

describe("delivering again", () => {
  it("starts a new execution with the same, past the check for duplicates", async () => {
    const hook = await world.newHook({ dedupe: { id_header: "X-Delivery" }, inputs: "body" })
    await post(hook, { n: 7 }, { "x-delivery": "a" })
    const [first] = await world.deliveries(hook)
    const params = { trigger_id: hook.id, delivery_id: first!.id }
    const { delivery } = await call(triggersApi.redeliver, { token: tenant.token, params })
    expect(delivery).toMatchObject({ outcome: "accepted", redelivery_of: first!.id })
    expect(delivery.execution_id).not.toBe(first!.execution_id)
    const { execution } = await call(executionsApi.get, {
      token: tenant.token,
      params: { execution_id: delivery.execution_id! },
    })
    expect(execution.inputs).toEqual({ n: 7 })
  })
})
