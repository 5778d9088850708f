import { sql } from "drizzle-orm"
import type { adminApi, Check, ProviderHealth, TenantQueue } from "#core/contract/admin"
import type { ReplyOf } from "#core/contract/endpoint"
import { isoTime, type Ctx } from "#worker/context"
import * as admin from "#worker/db/admin"
import type { Db } from "#worker/db/commit"
import { allNames } from "#worker/db/llm-providers"
import * as modelHealth from "#worker/db/model-health"
import { tenantDb } from "#worker/db/tenant"
import { queueOf } from "#worker/db/usage"
import { hasSandbox, settingsOf, type Env } from "#worker/env"
import { atMost } from "./at-most.ts"
import { platformAdmin } from "./platform.ts"
import { listSlots } from "./slots.ts"

const dayMs = 86_400_000
/** So many tenants' databases are read: a Worker may make a thousand requests for one of its own. */
const mostTenants = 50
const sandboxMs = 3_000

/** Asks the runner for its health; undefined where there is none. */
type AskRunner = (signal: AbortSignal) => Promise<Response> | undefined

type Named = { id: TenantQueue["tenant"]["id"]; name: string }

/** How the installation is. What does not answer is told, and hides nothing else. */
export async function installationHealth(
  ctx: Ctx,
  env: Env,
  askRunner: AskRunner,
): Promise<ReplyOf<typeof adminApi.health>> {
  platformAdmin(ctx)
  const control = await ctx.control()
  const since = isoTime(ctx.now - dayMs)
  const looks = await atMost(
    5,
    await admin.newestTenants(control, mostTenants),
    async ({ slot, ...tenant }) => {
      try {
        const db = await tenantDb(env, slot)
        return { providers: await providersOf(db, tenant, since), queue: { tenant, ...(await queueOf(db)) } }
      } catch {
        return { lost: tenant.name }
      }
    },
  )
  const lost = looks.flatMap((one) => ("lost" in one && one.lost !== undefined ? [one.lost] : []))
  const [database, sandbox, slots] = await Promise.all([
    databaseCheck(control),
    sandboxCheck(env, askRunner),
    slotCheck(ctx, env),
  ])
  return {
    checks: [database, tenantsCheck(looks.length, lost), slots, sandbox],
    providers: looks.flatMap((one) => one.providers ?? []),
    queues: looks.flatMap(({ queue }) => (queue ? [queue] : [])),
  }
}

async function databaseCheck(control: Db): Promise<Check> {
  const begun = Date.now()
  await control.run(sql`select 1`)
  return { name: "control_database", status: "ok", detail: "It answers.", latency_ms: Date.now() - begun }
}

const tenantsCheck = (asked: number, lost: readonly string[]): Check => ({
  name: "tenant_databases",
  status: lost.length === 0 ? "ok" : lost.length === asked ? "failing" : "degraded",
  detail:
    lost.length === 0
      ? `${asked} of ${asked} answer.`
      : `${lost.length} of ${asked} do not answer: ${lost.slice(0, 5).join(", ")}${lost.length > 5 ? " and others" : ""}.`,
  latency_ms: null,
})

async function slotCheck(ctx: Ctx, env: Env): Promise<Check> {
  const { free, total, slots } = await listSlots(ctx, env)
  const unbound = slots.filter(
    ({ tenant, erased_at, is_bound }) => tenant !== null && erased_at === null && !is_bound,
  )
  if (unbound.length > 0)
    return {
      name: "slots",
      status: "failing",
      detail: `${unbound.length} tenants have a database that is no longer bound: ${unbound
        .slice(0, 5)
        .map(({ name }) => name)
        .join(", ")}.`,
      latency_ms: null,
    }
  return {
    name: "slots",
    status: free === 0 ? "degraded" : "ok",
    detail:
      free === 0
        ? "No database is free: nobody can create a workspace. Add some: `npm run tenants:add -- 8`."
        : `${free} of ${total} databases are free.`,
    latency_ms: null,
  }
}

async function sandboxCheck(env: Env, ask: AskRunner): Promise<Check> {
  const { SANDBOX_URL } = settingsOf(env)
  const check = (status: Check["status"], detail: string, latency_ms: number | null = null): Check => ({
    name: "sandbox",
    status,
    detail,
    latency_ms,
  })
  if (!hasSandbox(env)) return check("off", "There is none: programs are refused.")
  if (SANDBOX_URL === "") return check("ok", "Each tenant's machine starts when it is needed.")
  const begun = Date.now()
  try {
    const answer = await ask(AbortSignal.timeout(sandboxMs))
    await answer?.body?.cancel()
    const latency = Date.now() - begun
    return answer?.ok
      ? check("ok", "The runner serves, with real isolation.", latency)
      : check("failing", `The runner answers ${answer?.status}: see its log for why.`, latency)
  } catch {
    return check("failing", "The runner does not answer. Is it running?")
  }
}

async function providersOf(db: Db, tenant: Named, since: string): Promise<ProviderHealth[]> {
  const [rows, errors, names] = await Promise.all([
    modelHealth.byTarget(db, since),
    modelHealth.newestErrors(db, since),
    allNames(db),
  ])
  return names.flatMap(({ id, name, provider_type }) => {
    const own = rows.filter((row) => row.provider_id === id)
    const error = errors.find((one) => one.provider_id === id)
    if (own.length === 0) return []
    const slowest = own.toSorted((a, b) => b.calls - a.calls)[0]!
    return [
      {
        tenant,
        provider: { id, name, type: provider_type },
        calls: own.reduce((sum, one) => sum + one.calls, 0),
        failures: own.reduce((sum, one) => sum + one.failures, 0),
        p50_ms: slowest.p50_ms,
        p95_ms: slowest.p95_ms,
        last_error: error ? { code: error.code, at: error.at } : null,
      },
    ]
  })
}
