import type { Role } from "#core/access/roles"
import { Failure } from "#core/errors"
import type { Facts } from "#core/evidence/facts"
import type { TenantId } from "#core/ids"
import { isoTime, type Ctx } from "#worker/context"
import * as evidence from "#worker/db/evidence"
import type { Env } from "#worker/env"
import { rulesOf } from "#worker/services/privacy/settings"
import { sealerStub } from "#worker/stubs"

const dayMs = 86_400_000
const daysSince = (at: string | null, now: number): number =>
  at === null ? 0 : Math.max(0, Math.floor((now - Date.parse(at)) / dayMs))

const earliest = (...times: (string | null)[]): string | null =>
  times.filter((at) => at !== null).toSorted()[0] ?? null
const latest = (...times: (string | null)[]): string | null =>
  times
    .filter((at) => at !== null)
    .toSorted()
    .at(-1) ?? null

/** What this workspace's data says of itself now. */
export async function factsOf(
  env: Env,
  ctx: Pick<Ctx, "db" | "control" | "tenant" | "now">,
  since: string,
): Promise<Facts> {
  const [control, own, rules, checkpoints] = await Promise.all([
    evidence.controlFacts(await ctx.control(), ctx.tenant.id, since, isoTime(ctx.now)),
    evidence.tenantFacts(ctx.db, since),
    rulesOf(ctx.db),
    checkpointsOf(env, ctx.tenant.id),
  ])
  const { sessions, keys } = control
  const { holds, exports, done, open, longest } = own.privacy
  return {
    ...peopleOf(control.members),
    sessions: { alive: sessions.alive, oldest_days: daysSince(sessions.oldest, ctx.now) },
    keys: {
      total: keys.total,
      without_expiry: keys.without_expiry,
      unused_90_days: keys.unused,
      oldest_days: daysSince(keys.oldest, ctx.now),
      restricted: keys.restricted,
    },
    secrets: { ...own.secrets, ...ringOf(control.data_key, ctx.now) },
    audit: {
      entries: control.audit.entries + own.audit.entries,
      since_entries: control.audit.since_entries + own.audit.since_entries,
      first_at: earliest(control.audit.first_at, own.audit.first_at),
      last_at: latest(control.audit.last_at, own.audit.last_at),
      checkpoints,
    },
    retention: rules.retention,
    redaction: rules.redaction,
    holds,
    exports,
    erasures: { done, open, longest_days: longest === null ? null : Math.ceil(longest) },
    changes: { review_required: own.review_required, ...own.done },
    executions: { ...own.executions, answered_questions: own.answered },
    budgets: own.budgets,
  }
}

const mostCheckpoints = 500

/** How many signed checkpoints the log has. What cannot be looked up is not said to be missing: the report is refused. */
async function checkpointsOf(env: Env, tenant: TenantId): Promise<number> {
  const sealer = sealerStub(env, tenant)
  try {
    for (let [count, last] = [0, 0]; ;) {
      const page = await sealer.checkpointsAfter(last, mostCheckpoints)
      count += page.length
      last = page.at(-1)?.size ?? last
      if (page.length < mostCheckpoints) return count
    }
  } catch {
    throw new Failure("audit.unavailable", { retryAfterSeconds: 2 })
  }
}

type Members = Awaited<ReturnType<typeof evidence.controlFacts>>["members"]

function peopleOf(rows: Members): Pick<Facts, "members" | "passwords"> {
  const roles: Record<Role, number> = { admin: 0, editor: 0, viewer: 0, executor: 0 }
  const active = rows.filter(({ status }) => status === "active")
  for (const { role, n } of active) roles[role] += n
  const sum = (some: Members) => some.reduce((all, { n }) => all + n, 0)
  return {
    members: { active: sum(active), disabled: sum(rows) - sum(active), roles },
    passwords: { kept: sum(active), hashed: active.reduce((all, { hashed }) => all + hashed, 0) },
  }
}

/** A ring of wrapped keys, the newest first; an older one says after `@` since when it seals no more. */
function ringOf(ring: string, now: number): { data_keys: number; newest_key_days: number | null } {
  const keys = ring.split(" ")
  const retired = Number(keys[1]?.split("@")[1])
  const newest_key_days = Number.isFinite(retired) ? Math.max(0, Math.floor((now - retired) / dayMs)) : null
  return { data_keys: keys.length, newest_key_days }
}
