import { beforeAll, describe, expect, it, vi } from "vitest"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { formsApi, triggersApi, type Trigger } from "#core/contract/triggers"
import type { ExecutionId, FlowId } from "#core/ids"
import type { Ended } from "#durable/execution/ports"
import { fireFlowTriggers } from "#worker/services/triggers/ended"
import { ask, call, problemOf } from "#test/kit/api"
import { testEnv, unique } from "#test/kit/tenants"
import { TriggerWorld } from "#test/kit/triggers"
import { flowDraft } from "#test/kit/world"

let world: TriggerWorld
let tenant: TriggerWorld["tenant"]
beforeAll(async () => {
  world = await TriggerWorld.make()
  tenant = world.tenant
})

describe("a flow trigger", () => {
  const ended = (more: Partial<Ended> = {}): Ended => ({
    execution_id: `exec_00${unique("X")
      .toUpperCase()
      .replace(/[^0-9A-HJKMNP-TV-Z]/g, "0")
      .padStart(26, "0")}` as ExecutionId,
    flow_id: source,
    flow_name: "Source",
    status: "succeeded",
    inputs: {},
    outputs: { name: "Ana" },
    error: undefined,
    actor: tenant.user,
    depth: 0,
    error_flow_id: undefined,
    ...more,
  })
  let source: FlowId
  beforeAll(async () => {
    source = await world.newFlow()
  })
  const newTrigger = async (config: object = {}) =>
    (
      await world.create({
        kind: "flow",
        flow_id: world.flow,
        name: unique("follows"),
        config: { source_flow_id: source, ...config },
      })
    ).trigger
  const tell = (one: Ended) => fireFlowTriggers(testEnv, { id: tenant.id, slot: tenant.slot }, one)

  it("starts its flow with the outputs of the other, once for an execution", async () => {
    const trigger = await newTrigger()
    const one = ended()
    await Promise.all([tell(one), tell(one), tell(one)])
    await tell(one)
    const fired = await world.deliveries(trigger)
    expect(fired).toMatchObject([{ outcome: "accepted", source_execution_id: one.execution_id }])
    expect((await world.execution(fired[0]!.execution_id!)).inputs).toEqual({ name: "Ana" })
    await vi.waitFor(
      async () => {
        const { executions } = await call(executionsApi.list, {
          token: tenant.token,
          query: { actor: trigger.id },
        })
        expect(executions).toHaveLength(1)
      },
      { timeout: 10_000 },
    )
    await call(triggersApi.remove, world.as(trigger))
  })

  it("looks at how the other ended", async () => {
    const onFailure = await newTrigger({
      on: "failed",
      inputs: { mapping: { name: "{{ input.error.message }}" } },
    })
    const onAny = await newTrigger({ on: "any", inputs: { mapping: { name: "{{ input.status }}" } } })
    await tell(ended())
    await tell(ended({ status: "failed", error: { code: "x", message: "It broke" } }))
    await tell(ended({ status: "cancelled" }))
    const inputs = async (trigger: Trigger) =>
      Promise.all(
        (await world.deliveries(trigger)).map(
          async ({ execution_id }) => (await world.execution(execution_id!)).inputs,
        ),
      )
    expect(await inputs(onFailure)).toEqual([{ name: "It broke" }])
    expect((await inputs(onAny)).length).toBe(3)
    for (const one of [onFailure, onAny]) await call(triggersApi.remove, world.as(one))
  })

  it("ends a circle after eight, and says so", async () => {
    const trigger = await newTrigger()
    await tell(ended({ depth: 7 }))
    await tell(ended({ depth: 8 }))
    expect((await world.deliveries(trigger)).map(({ outcome }) => outcome).sort()).toEqual([
      "accepted",
      "failed",
    ])
    expect((await world.get(trigger)).health).toMatchObject({
      status: "failing",
      reason: expect.stringContaining("circle"),
    })
    await call(triggersApi.remove, world.as(trigger))
  })

  it("cannot wait for its own flow, or for none", async () => {
    const wrong = (source_flow_id: FlowId) =>
      ask(triggersApi.create, {
        token: tenant.token,
        body: { kind: "flow", flow_id: world.flow, name: "x", config: { source_flow_id } },
      })
    const paths = ["config.source_flow_id"]
    expect(problemOf(await wrong(world.flow))).toMatchObject({ status: 400, paths })
    expect(problemOf(await wrong("flow_01JD0000000000000000000000"))).toMatchObject({
      status: 400,
      paths,
    })
  })

  it("an execution that a trigger started and that failed counts against the trigger, once", async () => {
    const { trigger } = await world.create({ kind: "form", flow_id: world.flow, name: "Fails" })
    const { delivery } = await call(triggersApi.test, { ...world.as(trigger), body: { body: { name: "x" } } })
    const failed = ended({
      execution_id: delivery.execution_id!,
      flow_id: world.flow,
      actor: trigger.id,
      status: "failed",
      error: { code: "x", message: "It broke" },
    })
    await tell(failed)
    await tell(failed)
    expect((await world.get(trigger)).health).toMatchObject({
      status: "failing",
      failures_in_a_row: 1,
      reason: "It broke",
    })
    expect((await world.deliveries(trigger))[0]).toMatchObject({
      outcome: "accepted",
      reason: "The execution failed: It broke",
    })
    await tell({ ...failed, status: "succeeded", error: undefined })
    expect((await world.get(trigger)).health.status).toBe("ok")
  })
})

describe("a hosted form", () => {
  const newForm = async (config: object = {}) => {
    const { trigger } = await world.create({
      kind: "form",
      flow_id: world.flow,
      name: unique("form"),
      config,
    })
    return { trigger, token: trigger.address!.replace("/form/", "") }
  }

  it("shows its questions to anybody with the link, and nothing else", async () => {
    const { token, trigger } = await newForm({ title: "Say hello", description: "**Please**" })
    expect(trigger.address).toMatch(new RegExp(`^/form/${tenant.slug}\\.[\\w-]{43}$`))
    const { form } = await call(formsApi.get, { params: { token } })
    expect(form).toEqual({
      title: "Say hello",
      description: "**Please**",
      submit_label: "Send",
      input_schema: flowDraft().input_schema,
      tenant_name: `The ${tenant.slug} company`,
    })
  })

  it("starts its flow and answers as it was told", async () => {
    const send = async (config: object, inputs: object = { name: "Ana" }) => {
      const { token, trigger } = await newForm(config)
      const answered = await ask(formsApi.submit, { params: { token }, body: { inputs } })
      expect(answered.status).toBe(202)
      expect((await world.deliveries(trigger))[0]).toMatchObject({ outcome: "accepted" })
      return answered.body.answer
    }
    expect(await send({})).toEqual({ is: "message", message: "Thank you. We have received it." })
    expect(await send({ reply: { mode: "redirect", url: "https://example.com/ok" } })).toEqual({
      is: "redirect",
      url: "https://example.com/ok",
    })
    expect(await send({ reply: { mode: "outputs" } })).toEqual({ is: "outputs", outputs: "Hello Ana" })
  })

  it("refuses answers that do not fit, at their fields", async () => {
    const { token } = await newForm()
    const answered = await ask(formsApi.submit, { params: { token }, body: { inputs: { name: 3 } } })
    expect(problemOf(answered)).toEqual({
      status: 422,
      code: "execution.inputs_invalid",
      paths: ["inputs.name"],
    })
  })

  it("is slow with those who send it in again and again", async () => {
    const { token } = await newForm()
    const answers = await Promise.all(
      Array.from({ length: 66 }, () =>
        ask(formsApi.submit, { params: { token }, body: { inputs: { name: 3 } } }),
      ),
    )
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(Number(refused[0]!.headers.get("retry-after"))).toBeGreaterThan(0)
  })

  it("is not there for a wrong link, while it is off, or when its flow is gone", async () => {
    const { token, trigger } = await newForm()
    const status = async (one: string) => problemOf(await ask(formsApi.get, { params: { token: one } }))
    const none = { status: 404, code: "form.not_found" }
    for (const wrong of [`${token}x`, token.replace(tenant.slug, "nobody"), token.split(".")[1]!, "x"])
      expect(await status(wrong)).toEqual(none)
    await call(triggersApi.update, {
      ...world.as(trigger),
      body: { kind: "form", flow_id: world.flow, name: "Off", is_active: false },
    })
    expect(await status(token)).toEqual(none)
    const doomed = await world.newFlow()
    const { trigger: other } = await world.create({ kind: "form", flow_id: doomed, name: "Doomed" })
    await call(flowsApi.remove, { token: tenant.token, params: { flow_id: doomed } })
    expect(await status(other.address!.replace("/form/", ""))).toEqual(none)
  })
})
