import { runInDurableObject } from "cloudflare:test"
import { env } from "cloudflare:workers"
import { vi } from "vitest"
import type { BodyIn } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { triggersApi, type Trigger } from "#core/contract/triggers"
import type { FlowId } from "#core/ids"
import { call } from "./api.ts"
import { newTenant, testEnv, unique, type TestTenant } from "./tenants.ts"
import { flowDraft } from "./world.ts"

export type TriggerDraft = BodyIn<typeof triggersApi.create>
type Schedule = Extract<TriggerDraft, { kind: "schedule" }>
type Named = Pick<Trigger, "id">
/** What the tests call of an object that is theirs. */
type Ringing = { alarm(): Promise<void> }

export const hourly = { kind: "cron", cron: "0 * * * *", time_zone: "Europe/Berlin" } as const

/** A tenant with a flow that greets, triggers that start it, and its clock. */
export class TriggerWorld {
  readonly tenant: TestTenant & { slot: string }
  flow = "" as FlowId

  private constructor(tenant: TestTenant & { slot: string }) {
    this.tenant = tenant
  }

  static async make(): Promise<TriggerWorld> {
    const tenant = await newTenant("triggers")
    const row = await testEnv.CONTROL_DB.prepare("select slot from tenants where id = ?")
      .bind(tenant.id)
      .first<{ slot: string }>()
    const world = new TriggerWorld({ ...tenant, slot: row!.slot })
    world.flow = await world.newFlow()
    return world
  }

  async newFlow(draft = flowDraft()): Promise<FlowId> {
    return (await call(flowsApi.create, { token: this.tenant.token, body: draft })).flow.id
  }

  as({ id }: Named) {
    return { token: this.tenant.token, params: { trigger_id: id } }
  }

  create(body: TriggerDraft) {
    return call(triggersApi.create, { token: this.tenant.token, body })
  }

  async get(trigger: Named): Promise<Trigger> {
    return (await call(triggersApi.get, this.as(trigger))).trigger
  }

  async deliveries(trigger: Named) {
    return (await call(triggersApi.deliveries, this.as(trigger))).deliveries
  }

  async execution(execution_id: string) {
    return (await call(executionsApi.get, { token: this.tenant.token, params: { execution_id } })).execution
  }

  schedule(timing: Schedule["config"]["timing"], more: Partial<Schedule["config"]> = {}): Schedule {
    return {
      kind: "schedule",
      flow_id: this.flow,
      name: unique("schedule"),
      config: { timing, inputs: { name: "{{ input.scheduled_for }}" }, ...more },
    }
  }

  get clock() {
    const { CLOCK } = env as unknown as { CLOCK: DurableObjectNamespace }
    return CLOCK.get(CLOCK.idFromName(this.tenant.id))
  }

  /** Lets the tenant's clock ring, at a time of its own if one is given. */
  async ring(at?: string): Promise<void> {
    if (at !== undefined) vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(at) })
    try {
      await runInDurableObject(this.clock, (object) => (object as unknown as Ringing).alarm())
    } finally {
      vi.useRealTimers()
    }
  }
}
