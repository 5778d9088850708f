import { beforeAll, describe, expect, it, vi } from "vitest"
import { approvalsApi } from "#core/contract/approvals"
import { authApi } from "#core/contract/auth"
import { executionsApi } from "#core/contract/executions"
import { membersApi } from "#core/contract/members"
import { formsApi, triggersApi } from "#core/contract/triggers"
import { waitingDraft } from "#test/kit/asking"
import { ask, call, problemOf } from "#test/kit/api"
import { github, HookWorld, send, type HookConfig } from "#test/kit/hooks"
import { Operator, refused, restingDraft } from "#test/kit/suspension"
import { newTenant, password } from "#test/kit/tenants"
import { TriggerWorld } from "#test/kit/triggers"
import { endOf, newQuestion } from "#test/kit/world"
import { inviteDraft } from "#test/kit/world-people"

let operator: Operator
beforeAll(async () => {
  operator = await Operator.make()
})

/** Whoever finds a tenant by its address is remembered for 5 s. */
const remembered = { timeout: 7_000, interval: 250 }
const soon = { timeout: 10_000, interval: 20 }

describe("what a suspended tenant has given out to strangers", () => {
  it("[SU5] a form is neither shown nor taken, and says why", async () => {
    const world = await TriggerWorld.make()
    const { trigger } = await world.create({ kind: "form", flow_id: world.flow, name: "Ask us" })
    const token = trigger.address!.split("/").at(-1)!
    await operator.suspend(world.tenant)
    const shown = await ask(formsApi.get, { params: { token } })
    expect(problemOf(shown)).toEqual(refused)
    expect(shown.text).toContain("This workspace is suspended")
    const sent = () => ask(formsApi.submit, { params: { token }, body: { inputs: { name: "Ana" } } })
    expect(problemOf(await sent())).toEqual(refused)
    // Whoever guesses learns nothing of the tenant.
    const guessed = `${token.slice(0, -4)}AAAA`
    expect(problemOf(await ask(formsApi.get, { params: { token: guessed } })).code).toBe("form.not_found")
    expect(await world.deliveries(trigger)).toEqual([])
    await operator.letGoOn(world.tenant)
    await expect.poll(async () => (await sent()).status, remembered).toBeLessThan(300)
    expect(await world.deliveries(trigger)).toMatchObject([{ outcome: "accepted" }])
  })

  it("[SU6] a link to an approval and a callback's address wait, and are good again afterwards", async () => {
    const own = await newTenant("asked")
    const question = await newQuestion(own.token, waitingDraft())
    const { execution_id, approval_id } = question
    const at = { token: own.token, params: { execution_id, approval_id } }
    const link = await call(approvalsApi.link, { ...at, body: {} })
    const step = { token: own.token, params: { execution_id }, query: { step: "hold" } }
    const { url } = await vi.waitFor(() => call(approvalsApi.callbackAddress, step), { timeout: 10_000 })
    const [byLink, called] = [link.url, url].map((one) => one.split("/").at(-1)!) as [string, string]
    const look = () => ask(approvalsApi.byLink, { params: { token: byLink } })
    const answer = () =>
      ask(approvalsApi.answerByLink, { params: { token: byLink }, body: { button: "yes" } })
    const callBack = () =>
      ask(approvalsApi.callback, { params: { execution_id, token: called }, body: { paid: true } })
    const ways = [look, answer, callBack]
    await operator.suspend(own)
    for (const way of ways) {
      const said = await way()
      expect(problemOf(said)).toEqual(refused)
      expect(said.text).toContain("This workspace is suspended")
    }
    expect(problemOf(await ask(approvalsApi.answer, { ...at, body: { button: "yes" } }))).toEqual(refused)
    // Its people see that it is still asked, and that nothing was said.
    expect((await call(approvalsApi.get, at)).approval).toMatchObject({ status: "open", answered_by: null })
    const { nodes } = await call(executionsApi.get, { token: own.token, params: { execution_id } })
    expect(nodes.find(({ node_id }) => node_id === "hold")?.waiting_for).toBe("callback")
    await operator.letGoOn(own)
    for (const way of ways) expect((await way()).status).toBeLessThan(300)
    expect(await endOf(own.token, execution_id)).toMatchObject({ status: "succeeded" })
  })

  it("[SU7] an invitation lets nobody in, and is good again afterwards", async () => {
    const own = await newTenant("inviting")
    const { invite_url } = await call(membersApi.invite, { token: own.token, body: inviteDraft() })
    const token = invite_url.slice(invite_url.indexOf("#") + 1)
    const accept = () => ask(authApi.acceptInvite, { body: { token, name: "Bo", password } })
    await operator.suspend(own)
    for (const said of [await ask(authApi.invitation, { body: { token } }), await accept()]) {
      expect(problemOf(said)).toEqual(refused)
      expect(said.text).toContain("nobody can join it for now")
    }
    expect((await call(membersApi.list, { token: own.token })).total).toBe(1)
    await operator.letGoOn(own)
    expect((await accept()).status).toBeLessThan(300)
    expect((await call(membersApi.list, { token: own.token })).total).toBe(2)
  })
})

describe("a suspended tenant's webhooks", () => {
  const outputs = { mode: "outputs", wait_seconds: 2 } as const
  const kinds: [string, HookConfig, Parameters<typeof send>[1]][] = [
    ["answers at once", { reply: { mode: "accepted" } }, { body: "{}" }],
    ["answers with the outputs", { reply: outputs }, { body: "{}" }],
    ["says that it took too long", { reply: { ...outputs, on_timeout: "problem" } }, { body: "{}" }],
    ["checks who sent it", { signature: { kind: "github" } }, { body: "{}", headers: github("{}") }],
    ["is sent by nobody that it knows", { signature: { kind: "github" } }, { body: "{}" }],
    ["is asked by its address alone", { methods: ["GET"] }, { method: "GET" }],
  ]

  it("[SU8] take nothing, however they answer, and note nothing", async () => {
    const world = await HookWorld.make()
    const hooks = await Promise.all(kinds.map(([, config]) => world.newHook(config)))
    const [first] = hooks
    const listening = { token: world.tenant.token, params: { trigger_id: first!.id } }
    await call(triggersApi.listen, { ...listening, body: {} })
    await operator.suspend(world.tenant)
    for (const [i, [name, , sent]] of kinds.entries()) {
      const { status, body } = await send(hooks[i]!, sent)
      expect([name, status, body]).toMatchObject([name, 403, { code: "tenant.suspended" }])
      expect([name, await world.deliveries(hooks[i]!)]).toEqual([name, []])
      expect([name, await world.executionsOf(hooks[i]!)]).toEqual([name, []])
    }
    expect(await call(triggersApi.heard, listening)).toMatchObject({ is_listening: true, delivery: null })
    await operator.letGoOn(world.tenant)
    await expect.poll(async () => (await send(hooks[1]!, { body: "{}" })).status, remembered).toBe(200)
    // It listens still.
    expect((await send(first!, { body: "{}" })).body).toMatchObject({ captured: true })
    expect(await world.deliveries(hooks[1]!)).toMatchObject([{ outcome: "accepted" }])
  })

  it("[SU9] answer whoever waits for outputs when the time is up; the execution is paused, and goes on", async () => {
    const world = await HookWorld.make()
    const flow_id = await world.newFlow(restingDraft())
    const hook = await world.newHook({ reply: outputs, inputs: "body" }, { flow_id })
    const waiting = send(hook, { body: JSON.stringify({ name: "Ada" }) })
    await expect.poll(async () => (await world.executionsOf(hook)).length, soon).toBe(1)
    await operator.suspend(world.tenant)
    const { status, body } = await waiting
    expect([status, typeof body.execution_id]).toEqual([202, "string"])
    const { execution } = await call(executionsApi.get, {
      token: world.tenant.token,
      params: { execution_id: body.execution_id! },
    })
    expect(execution.status).toBe("waiting")
    await operator.letGoOn(world.tenant)
    expect(await endOf(world.tenant.token, body.execution_id!)).toMatchObject({ outputs: "Hello Ada" })
  })
})
