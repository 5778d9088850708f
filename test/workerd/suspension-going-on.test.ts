import { beforeAll, describe, expect, it } from "vitest"
import { executionsApi } from "#core/contract/executions"
import { ExecutionId } from "#core/ids"
import type { Ended } from "#durable/execution/ports"
import { followExecution } from "#worker/services/executions/follow"
import { fireFlowTriggers } from "#worker/services/triggers/ended"
import { askingDraft } from "#test/kit/asking"
import { call } from "#test/kit/api"
import { Operator } from "#test/kit/suspension"
import { testEnv } from "#test/kit/tenants"
import { hourly, TriggerWorld } from "#test/kit/triggers"

let operator: Operator
beforeAll(async () => {
  operator = await Operator.make()
})

const hourMs = 3_600_000

describe("what begins by itself in a suspended tenant", () => {
  it("[SU10] a schedule does not fire; what it missed becomes what it says of missed fires, and is reported", async () => {
    const world = await TriggerWorld.make()
    const make = async (missed: "skip" | "fire_once" | "fire_all") =>
      (await world.create(world.schedule(hourly, { missed }))).trigger
    const [skips, once, all] = [await make("skip"), await make("fire_once"), await make("fire_all")]
    const first = Date.parse(skips.next_fire_at!)
    const ringAt = (ms: number) => world.ring(new Date(first + ms).toISOString())
    await operator.suspend(world.tenant)
    for (const ms of [1_000, hourMs + 1_000, 2 * hourMs + 1_000]) await ringAt(ms)
    for (const one of [skips, once, all]) {
      expect(await world.deliveries(one)).toEqual([])
      expect((await world.get(one)).health.status).toBe("never_fired")
    }
    await operator.letGoOn(world.tenant)
    await ringAt(2 * hourMs + 600_000)
    const outcomes = async (one: typeof skips) =>
      (await world.deliveries(one))
        .map(({ outcome, scheduled_for }) => `${(Date.parse(scheduled_for!) - first) / hourMs} ${outcome}`)
        .toSorted()
    expect(await outcomes(skips)).toEqual(["0 missed", "1 missed", "2 missed"])
    expect(await outcomes(once)).toEqual(["0 missed", "1 missed", "2 accepted"])
    expect(await outcomes(all)).toEqual(["0 accepted", "1 accepted", "2 accepted"])
    await ringAt(3 * hourMs + 1_000)
    expect(await outcomes(skips)).toEqual(["0 missed", "1 missed", "2 missed", "3 accepted"])
  })

  it("[SU11] a flow that follows another is not begun, which is nobody's fault, and begins when it may", async () => {
    const world = await TriggerWorld.make()
    const { tenant } = world
    const source = await world.newFlow()
    const { trigger } = await world.create({
      kind: "flow",
      flow_id: world.flow,
      name: "Follows",
      config: { source_flow_id: source, on: "any" },
    })
    const ended: Ended = {
      execution_id: ExecutionId.parse(`exec_00${"7".padStart(26, "0")}`),
      flow_id: source,
      flow_name: "Source",
      status: "failed",
      inputs: {},
      outputs: { name: "Ana" },
      error: undefined,
      actor: tenant.user,
      depth: 0,
      error_flow_id: undefined,
    }
    const told = { id: tenant.id, slot: tenant.slot }
    const failed = { ...ended, error_flow_id: await world.newFlow(askingDraft()) }
    await operator.suspend(tenant)
    const refusal = expect.objectContaining({ code: "tenant.suspended" }) as unknown
    await expect(fireFlowTriggers(testEnv, told, ended)).rejects.toEqual(refusal)
    await expect(followExecution(testEnv, told, failed)).rejects.toEqual(refusal)
    expect(await world.deliveries(trigger)).toEqual([])
    expect((await world.get(trigger)).health).toMatchObject({ status: "never_fired", failures_in_a_row: 0 })
    await operator.letGoOn(tenant)
    await fireFlowTriggers(testEnv, told, ended)
    expect(await world.deliveries(trigger)).toMatchObject([{ outcome: "accepted" }])
    await followExecution(testEnv, told, failed)
    const query = { flow_id: failed.error_flow_id }
    await expect
      .poll(async () => (await call(executionsApi.list, { token: tenant.token, query })).total)
      .toBe(1)
  })
})
