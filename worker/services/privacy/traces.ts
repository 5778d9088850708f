import { redactedSpan } from "#core/privacy/span"
import type { Redaction } from "#core/privacy/redact"
import type { IndexRows, TenantRef } from "#durable/execution/ports"
import { sealingOf } from "#worker/audit/sealing"
import { useEntry } from "#worker/audit/uses"
import { BoundedCache } from "#worker/cache"
import { keepIndexRows } from "#worker/db/index-rows"
import { tenantDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"
import { rulesOf } from "./settings.ts"

/** How long a change of the policy takes until the last isolate has heard of it. */
const lifeMs = 5_000
const policies = new BoundedCache<string, Redaction>(1_000)

async function policyOf(env: Env, slot: string, now: number): Promise<Redaction> {
  const known = policies.get(slot, now)
  if (known) return known
  const { redaction } = await rulesOf(await tenantDb(env, slot))
  policies.set(slot, redaction, now + lifeMs)
  return redaction
}

/**
 * The only way of spans into a tenant's database: what its policy takes out of them is never written. A policy that cannot be read
 * keeps the rows where they are, to be sent again. So does a sealer that cannot be told of audit entries among them: those are of what
 * was done already, so they are written first.
 */
export async function keepRows(
  env: Env,
  { id, slot }: TenantRef,
  rows: IndexRows,
  now = Date.now(),
): Promise<void> {
  const policy = rows.spans.length === 0 ? "full" : await policyOf(env, slot, now)
  const spans = policy === "full" ? rows.spans : rows.spans.map((span) => redactedSpan(span, policy))
  const entries = rows.uses.map((use) => useEntry(id, use))
  await keepIndexRows((await tenantDb(env, slot)).$client, { ...rows, spans, entries })
  if (entries.length === 0) return
  const sealing = sealingOf(env, (work) => void work)
  await sealing.ready(id)
  sealing.written(id)
}
