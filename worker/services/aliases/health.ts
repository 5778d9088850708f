import type { ReplyOf } from "#core/contract/endpoint"
import type { aliasesApi, TargetHealth } from "#core/contract/model-aliases"
import type { ProviderId, TenantId } from "#core/ids"
import { stateOf } from "#core/llm/breaker"
import { allow, isoTime, type Ctx } from "#worker/context"
import * as aliases from "#worker/db/model-aliases"
import * as health from "#worker/db/model-health"
import { breakerOf } from "#worker/llm/breakers"

const dayMs = 86_400_000
const longestMessage = 300

/** How each model did in the last day by its spans, and whether its breaker is open as far as this isolate has seen. */
export async function modelHealth(ctx: Ctx): Promise<ReplyOf<typeof aliasesApi.health>> {
  allow(ctx.actor, "provider.read")
  const since = isoTime(ctx.now - dayMs)
  const [rows, errors, named] = await Promise.all([
    health.byTarget(ctx.db, since),
    health.newestErrors(ctx.db, since),
    aliases.all(ctx.db),
  ])
  const targets = new Map<string, { llm_provider_id: ProviderId; model: string }>()
  const add = (llm_provider_id: ProviderId, model: string) =>
    targets.set(`${llm_provider_id}/${model}`, { llm_provider_id, model })
  for (const alias of named) for (const target of alias.targets) add(target.llm_provider_id, target.model)
  for (const row of rows) add(row.provider_id, row.model)
  return { targets: [...targets.values()].map((target) => healthOf(ctx, target, rows, errors)) }
}

type Target = { llm_provider_id: ProviderId; model: string }

function healthOf(
  { tenant, now }: { tenant: { id: TenantId }; now: number },
  { llm_provider_id, model }: Target,
  rows: readonly health.HealthRow[],
  errors: readonly health.ErrorRow[],
): TargetHealth {
  const isIt = (one: { provider_id: string; model: string }) =>
    one.provider_id === llm_provider_id && one.model === model
  const row = rows.find(isIt)
  const error = errors.find(isIt)
  const breaker = breakerOf({ tenant: tenant.id, provider_id: llm_provider_id, model })
  const state = stateOf(breaker, now)
  return {
    llm_provider_id,
    model,
    breaker: state,
    until: state === "open" && breaker.until !== undefined ? isoTime(breaker.until) : null,
    calls: row?.calls ?? 0,
    failures: row?.failures ?? 0,
    p50_ms: row?.p50_ms ?? null,
    p95_ms: row?.p95_ms ?? null,
    last_error: error
      ? { code: error.code, message: shown(error.message.split("\n").at(-1) ?? ""), at: error.at }
      : lastSeen(breaker.last_error),
  }
}

/** What this isolate has seen itself and no span tells of yet. */
const lastSeen = (error: { code: string; message: string; at: number } | undefined) =>
  error ? { code: error.code, message: shown(error.message), at: isoTime(error.at) } : null

const shown = (message: string): string => message.slice(0, longestMessage)
