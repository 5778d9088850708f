import type { ModelEvent } from "#core/llm/event"
import type { ModelRequest } from "#durable/execution/ports"
import { controlDb, tenantDb } from "#worker/db/tenant"
import { settingsOf, type Env } from "#worker/env"
import { usualTimeouts } from "#worker/llm/watch"
import { aliasNamed } from "#worker/services/aliases/known"
import { holder } from "#worker/services/budgets/hold"
import { holdBoth, tokenHolder } from "#worker/services/quotas/tokens"
import type { Egress } from "#worker/services/egress"
import { answeredOrKept } from "./answers.ts"
import { askInTurn, type Question } from "./failover.ts"
import { resolveProvider } from "./resolve.ts"
import { aliasPlan, directPlan } from "./routes.ts"

type Told = Pick<Question, "signal" | "chosen" | "failed"> & {
  /** Keeps the settlement alive when whoever asked has gone. */
  after?: ((work: Promise<unknown>) => void) | undefined
}

/**
 * Asks the model that a step names: an alias of that name, else a model at the provider it names or the tenant's default.
 * Tells each choice before anything is sent.
 */
export async function* callModel(
  env: Env,
  out: Egress,
  request: ModelRequest,
  { signal, chosen, failed, after }: Told,
): AsyncGenerator<ModelEvent, void> {
  const settings = settingsOf(env)
  const { tenant, call, idempotency_key } = request
  const db = await tenantDb(env, tenant.slot)
  const asking = { now: Date.now(), tenant, db, control: () => controlDb(env) }
  const alias = await aliasNamed(asking, request.model)
  const plan = alias ? aliasPlan(alias) : directPlan(request.provider_id, request.model)
  const total_ms = plan.settings.total_ms ?? usualTimeouts.total_ms
  const question: Question = {
    tenant: tenant.id,
    plan,
    hold: holdBoth(
      tokenHolder({ env, tenant, db, total_ms, after }),
      holder({ env, tenant, db, path: request.path ?? {}, total_ms, after }),
    ),
    call,
    idempotency_key,
    signal,
    egress: () => out(),
    provider: (id) => resolveProvider({ ...asking, now: Date.now() }, settings, id),
    chosen,
    failed,
    now: () => Date.now(),
    chance,
  }
  const ask = (told: Question["chosen"]) => askInTurn({ ...question, chosen: told })
  yield* alias ? answeredOrKept({ ...asking, alias, call }, chosen, ask) : ask(chosen)
}

/** A number from 0 up to 1. */
const chance = (): number => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32
