import type { Quota } from "#core/contract/quotas"
import { spanAt } from "#core/governor/period"
import { quotaNames, type QuotaName } from "#core/governor/quota"
import type { TenantId } from "#core/ids"
import { allow, isoTime, type Ctx } from "#worker/context"
import type { Db } from "#worker/db/commit"
import * as quotas from "#worker/db/quotas"
import { settingsOf, type Env } from "#worker/env"
import { governorStub } from "#worker/stubs"
import { usualIn } from "./limits.ts"
import { bytesUsed } from "./storage.ts"

/** Where the quotas are looked at: a tenant with its database. */
export type QuotaSite = { tenant: { id: TenantId; slot: string }; db: Db; now: number }

/** The quotas of the caller's tenant. */
export async function listQuotas(env: Env, ctx: Ctx): Promise<{ quotas: Quota[] }> {
  allow(ctx.actor, "budget.read")
  return readQuotas(env, ctx)
}

/** A tenant's quotas, with what is used of each. */
export async function readQuotas(env: Env, { tenant, db, now }: QuotaSite): Promise<{ quotas: Quota[] }> {
  const { name: day, until } = spanAt("day", now)
  const [set, counted, bytes, governed] = await Promise.all([
    quotas.limits(db),
    quotas.counted(db, day),
    bytesUsed(env, tenant, db),
    // Figures that are missing are better than no page.
    governorStub(env, tenant.id)
      .quotaUse()
      .catch(() => undefined),
  ])
  const usual = usualIn(settingsOf(env))
  const limitOf = (name: QuotaName): number | null => {
    const own = set[name]
    return own === undefined ? usual[name] : own
  }
  const used: Record<QuotaName, number | null> = {
    flows: counted.flows,
    storage_bytes: bytes,
    executions_per_day: governed?.executions_per_day ?? null,
    concurrent_executions: governed?.concurrent_executions ?? null,
    waiting_executions: governed?.waiting_executions ?? null,
    // Without a limit nobody holds tokens: then the traces say what was used.
    tokens_per_day: limitOf("tokens_per_day") === null ? counted.tokens : (governed?.tokens_per_day ?? null),
  }
  return {
    quotas: quotaNames.map((name) => ({
      name,
      limit: limitOf(name),
      used: used[name],
      resets_at: name.endsWith("_per_day") ? isoTime(until!) : null,
      source: set[name] === undefined ? "usual" : "tenant",
    })),
  }
}
