import type { ModelEvent } from "#core/llm/event"
import type { ModelChoice, ModelRequest } from "#durable/execution/ports"
import { controlDb, tenantDb } from "#worker/db/tenant"
import { settingsOf, type Env } from "#worker/env"
import { streamModel } from "#worker/llm/gateway"
import type { Egress } from "#worker/services/egress"
import { resolveProvider } from "./resolve.ts"
import { modelAt } from "./target.ts"

/** Asks the model that a step names, at the provider it names or the tenant's default; tells the choice before anything is sent. */
export async function* callModel(
  env: Env,
  out: Egress,
  request: ModelRequest,
  signal: AbortSignal,
  chosen: (choice: ModelChoice) => void,
): AsyncGenerator<ModelEvent, void> {
  const settings = settingsOf(env)
  const { tenant } = request
  const asking = {
    now: Date.now(),
    tenant,
    db: await tenantDb(env, tenant.slot),
    control: () => controlDb(env),
  }
  const provider = await resolveProvider(asking, settings, request.provider_id)
  const target = modelAt(provider, request.model)
  chosen({ provider_type: provider.provider_type, provider_id: provider.id, model: target.model })
  yield* streamModel(
    target,
    { ...request.call, model: target.model },
    {
      signal,
      egress: out(),
      idempotency_key: request.idempotency_key,
    },
  )
}
