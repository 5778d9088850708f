import { createHmac } from "node:crypto"
import type { BodyIn } from "#core/contract/endpoint"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { triggersApi, type Trigger } from "#core/contract/triggers"
import { call, fetchText, origin } from "./api.ts"
import { newTenant, unique, type TestTenant } from "./tenants.ts"

type Draft = Extract<BodyIn<typeof triggersApi.create>, { kind: "webhook" }>
export type HookConfig = NonNullable<Draft["config"]>

export const secret = "a-shared-secret-0123456789"

/** What GitHub sends with a body. */
export const github = (body: string, by = secret) => ({
  "x-hub-signature-256": `sha256=${createHmac("sha256", by).update(body).digest("hex")}`,
})

type Sent = { method?: string; headers?: Record<string, string>; body?: BodyInit | null; search?: string }

type HookAnswer = { execution_id?: string; duplicate?: boolean; outputs?: unknown; captured?: boolean }

export async function send(trigger: Trigger, { method = "POST", headers = {}, body, search = "" }: Sent) {
  const answered = await fetchText(`${origin}${trigger.address}${search}`, {
    method,
    headers: { ...(method === "GET" ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined || body === null
      ? {}
      : { body, ...(body instanceof ReadableStream ? { duplex: "half" } : {}) }),
  })
  return { ...answered, body: (answered.body ?? {}) as HookAnswer }
}

export const post = (trigger: Trigger, body: unknown, headers: Record<string, string> = {}) =>
  send(trigger, { body: JSON.stringify(body), headers })

/** A tenant with a flow that gives back its inputs, and webhooks that start it. */
export class HookWorld {
  readonly tenant: TestTenant
  flow: Draft["flow_id"] = ""

  private constructor(tenant: TestTenant) {
    this.tenant = tenant
  }

  static async make(): Promise<HookWorld> {
    const world = new HookWorld(await newTenant("hooks"))
    world.flow = await world.newFlow({})
    return world
  }

  async newFlow(more: Partial<BodyIn<typeof flowsApi.create>>): Promise<Draft["flow_id"]> {
    const made = await call(flowsApi.create, {
      token: this.tenant.token,
      body: {
        name: unique("echo"),
        nodes: [
          { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
          { id: "output", type: "output", position: { x: 280, y: 0 }, data: { value: "{{ input }}" } },
        ],
        edges: [{ id: "a", source: "input", target: "output" }],
        ...more,
      },
    })
    return made.flow.id
  }

  async newHook(config: HookConfig = {}, more: Partial<Draft> = {}): Promise<Trigger> {
    const isSigned = config.signature !== undefined && config.signature.kind !== "none"
    const body = {
      kind: "webhook" as const,
      flow_id: this.flow,
      name: unique("hook"),
      config,
      ...(isSigned ? { secret } : {}),
      ...more,
    }
    return (await call(triggersApi.create, { token: this.tenant.token, body })).trigger
  }

  async deliveries(trigger: Trigger) {
    const params = { trigger_id: trigger.id }
    const asked = { token: this.tenant.token, params, query: { limit: 200 } }
    return (await call(triggersApi.deliveries, asked)).deliveries
  }

  async executionsOf(trigger: Trigger) {
    const query = { actor: trigger.id, limit: 200 }
    return (await call(executionsApi.list, { token: this.tenant.token, query })).executions
  }
}
