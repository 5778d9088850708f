import { beforeAll, describe, expect, it } from "vitest"
import { apiKeysApi } from "#core/contract/api-keys"
import { authApi } from "#core/contract/auth"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { privacyApi } from "#core/contract/privacy"
import { widgetApi } from "#core/contract/widget"
import { ask, call, fetchText, origin, problemOf } from "#test/kit/api"
import { HookWorld, send } from "#test/kit/hooks"
import { Operator, reason, refused, restingDraft } from "#test/kit/suspension"
import { newKey, newTenant, password } from "#test/kit/tenants"
import { endOf, flowDraft } from "#test/kit/world"

let operator: Operator
beforeAll(async () => {
  operator = await Operator.make()
})

describe("a suspended tenant", () => {
  it("[SU1] lets its people sign in and read, and says why nothing can be changed and whom to ask", async () => {
    const own = await newTenant("late")
    const { flow } = await call(flowsApi.create, { token: own.token, body: flowDraft() })
    await call(flowsApi.publish, { token: own.token, params: { flow_id: flow.id } })
    const key = await newKey(own, "flow.read", "flow.edit", "execution.start")
    const shop = await call(apiKeysApi.create, {
      token: own.token,
      body: {
        name: "Shop",
        scopes: ["chat.write"],
        restrictions: { flow_id: flow.id, origins: ["https://shop.example"] },
      },
    })
    await operator.suspend(own)
    const { access_token: token } = await call(authApi.login, { body: { email: own.email, password } })
    const { refresh_token } = await call(authApi.refresh, { body: { refresh_token: own.refresh } })
    expect(refresh_token).not.toBe(own.refresh)
    const me = await call(authApi.me, { token })
    expect(me.suspension).toEqual({ reason, since: expect.any(String), contact: operator.email })
    expect(me.capabilities).toContain("flow.read")
    expect(me.capabilities).not.toContain("flow.edit")
    for (const bearer of [own.token, token, key])
      expect((await ask(flowsApi.list, { token: bearer })).status).toBe(200)
    // What is one's own stays open: one's data, and the session.
    expect((await ask(privacyApi.export, { token, body: {} })).status).toBe(200)
    const params = { flow_id: flow.id }
    for (const bearer of [token, key]) {
      expect(problemOf(await ask(flowsApi.create, { token: bearer, body: flowDraft() }))).toEqual(refused)
      const begun = await ask(executionsApi.execute, {
        token: bearer,
        params,
        body: { inputs: { name: "A" } },
      })
      expect(problemOf(begun)).toEqual(refused)
    }
    const checked = await ask(flowsApi.validate, { token, params, body: flowDraft() })
    expect(checked.status).not.toBe(403)
    const completion = await fetchText(`${origin}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "builtin", messages: [{ role: "user", content: "Hi" }] }),
    })
    expect([completion.status, completion.text]).toEqual([403, expect.stringContaining("tenant.suspended")])
    const visit = await ask(widgetApi.begin, {
      token: shop.secret,
      body: {},
      headers: { origin: "https://shop.example" },
    })
    expect(problemOf(visit)).toEqual(refused)
    expect((await ask(authApi.logout, { token })).status).toBe(204)
    await operator.letGoOn(own)
    expect((await call(authApi.me, { token: own.token })).suspension).toBeNull()
    expect((await ask(flowsApi.create, { token: own.token, body: flowDraft() })).status).toBe(201)
  })

  it("[SU2] takes no webhooks", async () => {
    const world = await HookWorld.make()
    const hook = await world.newHook()
    await operator.suspend(world.tenant)
    const { status, body } = await send(hook, { body: "{}" })
    expect([status, body]).toMatchObject([403, { code: "tenant.suspended" }])
  })

  it("[SU3] has its executions paused, and they go on with it", async () => {
    const own = await newTenant("paused")
    const { flow } = await call(flowsApi.create, { token: own.token, body: restingDraft() })
    const params = { flow_id: flow.id }
    await call(flowsApi.publish, { token: own.token, params })
    const { body } = await ask(executionsApi.execute, {
      token: own.token,
      params,
      body: { inputs: { name: "Ada" } },
    })
    const { execution_id } = body as { execution_id: string }
    await operator.suspend(own)
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    const { execution } = await call(executionsApi.get, { token: own.token, params: { execution_id } })
    expect(execution.status).toBe("waiting")
    await operator.letGoOn(own)
    expect((await endOf(own.token, execution_id)).status).toBe("succeeded")
  })
})
