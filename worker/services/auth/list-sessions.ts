import { isoTime, type Ctx } from "#worker/context"
import * as sessions from "#worker/db/sessions"
import { isConfined } from "./live.ts"
import { personOf } from "./me.ts"

/** The person's sessions in all their tenants, most recently used first. */
export async function listSessions(ctx: Ctx) {
  const rows = await sessions.ofIdentity(await ctx.control(), personOf(ctx), isoTime(ctx.now))
  const isHere = await isConfined(ctx)
  return {
    sessions: rows
      .filter((row) => !isHere || row.tenant_id === ctx.tenant.id)
      .map(({ id, tenant_id, user_agent, created_at, used_at }) => ({
        id,
        tenant_id,
        current: id === ctx.session,
        user_agent,
        created_at,
        used_at,
      })),
  }
}
