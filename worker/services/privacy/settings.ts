import { actorId } from "#core/access/roles"
import type { BodyOf } from "#core/contract/endpoint"
import type { privacyApi, PrivacySettings } from "#core/contract/privacy"
import { defaultRedaction } from "#core/privacy/redact"
import { defaultRetention, Retention } from "#core/privacy/retention"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit, type Db } from "#worker/db/commit"
import * as privacy from "#worker/db/privacy"
import type { Env } from "#worker/env"
import { wakeClock } from "#worker/services/triggers/clock"

/** How long things are kept and what traces may hold. Every member may know what becomes of their data. */
export async function privacySettings(ctx: Ctx): Promise<{ settings: PrivacySettings }> {
  const [kept, swept] = await Promise.all([rulesOf(ctx.db), privacy.sweeps(ctx.db)])
  return { settings: { ...kept, swept: swept.filter(({ removed }) => removed > 0).map(shown) } }
}

const shown = ({ kind, removed, last_removed, last_at }: privacy.SweepRow) => ({
  kind,
  removed,
  last_removed,
  last_at,
})

/** The rules as they stand; the product's own while nobody has changed them. A kind that is newer than the row has its default. */
export async function rulesOf(
  db: Db,
): Promise<Pick<PrivacySettings, "retention" | "redaction" | "updated_at">> {
  const row = await privacy.settings(db)
  return {
    retention: { ...defaultRetention, ...row?.retention },
    redaction: row?.redaction ?? defaultRedaction,
    updated_at: row?.updated_at ?? null,
  }
}

export async function updatePrivacy(
  env: Env,
  ctx: Ctx,
  change: BodyOf<typeof privacyApi.update>,
): Promise<{ settings: PrivacySettings }> {
  allow(ctx.actor, "workspace.edit")
  const was = await rulesOf(ctx.db)
  const retention = Retention.parse({ ...was.retention, ...change.retention })
  const redaction = change.redaction ?? was.redaction
  const updated_at = isoTime(ctx.now)
  const { settings } = await privacySettings(ctx)
  // Before it is written: should we die behind that, the clock goes round all the same.
  await wakeClock(env, ctx.tenant)
  return commit(
    ctx,
    { settings: { ...settings, retention, redaction, updated_at } },
    privacy.keep(ctx.db, { retention, redaction, updated_by: actorId(ctx.actor), updated_at }),
    audit(ctx, "privacy.update", {
      target: ctx.tenant.id,
      before: { retention: was.retention, redaction: was.redaction },
      after: { retention, redaction },
    }),
  )
}
