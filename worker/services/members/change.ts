import { isNarrower, managers, mayGrant } from "#core/access/grant"
import type { Role } from "#core/access/roles"
import type { BodyOf } from "#core/contract/endpoint"
import type { Member, membersApi } from "#core/contract/members"
import { Failure, found } from "#core/errors"
import type { UserId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import * as apiKeys from "#worker/db/api-keys"
import { commit, type Db } from "#worker/db/commit"
import * as invitations from "#worker/db/invitations"
import * as members from "#worker/db/members"
import * as sessions from "#worker/db/sessions"
import { forgetPerson } from "#worker/db/shares"
import { forgetAllSessions } from "#worker/services/auth/live"
import { ownerOf } from "#worker/services/owner"
import { forgetAllKeys } from "#worker/services/keys/recognise"

type Standing = { role: Role; status: "active" | "disabled" | "removed" }

/** Gives a member another role, or disables or enables them. */
export async function changeMember(
  ctx: Ctx,
  id: UserId,
  body: BodyOf<typeof membersApi.update>,
): Promise<{ user: Member }> {
  allow(ctx.actor, "user.edit")
  const control = await ctx.control()
  const was = found(await members.one(control, ctx.tenant.id, { id }), "member.not_found")
  const now = { role: body.role ?? was.role, status: body.status ?? was.status }
  if (now.role !== was.role || now.status !== was.status) await settle(ctx, control, was, now)
  return { user: { ...was, ...now } }
}

/** Takes somebody out of the tenant: what they have open here ends, their keys and what they had asked others to. */
export async function removeMember(ctx: Ctx, id: UserId): Promise<void> {
  allow(ctx.actor, "user.edit")
  const control = await ctx.control()
  const was = found(await members.one(control, ctx.tenant.id, { id }), "member.not_found")
  await settle(ctx, control, was, { role: was.role, status: "removed" })
}

async function settle(ctx: Ctx, control: Db, was: Member, now: Standing): Promise<void> {
  if (!mayGrant(ctx.actor, was.role) || !mayGrant(ctx.actor, now.role)) throw new Failure("member.beyond_you")
  const tenant = ctx.tenant.id
  const user = was.id
  const assertManaged = async () => {
    if (!manages(was) || manages(now) || (await members.isManagedWithout(control, tenant, user))) return
    throw new Failure("member.last_admin")
  }
  await assertManaged()
  const at = isoTime(ctx.now)
  const isRemoved = now.status === "removed"
  const hasLost = now.status !== "active" || isNarrower(now.role, was.role)
  const because = now.status === "active" ? "role_changed" : now.status
  try {
    await commit(
      { db: control },
      undefined,
      members.change(control, { tenant, user, by: await ownerOf(ctx) }, was, now),
      audit(ctx, isRemoved ? "member.remove" : "member.update", {
        target: user,
        before: { role: was.role, status: was.status },
        after: now,
      }),
      ...(hasLost ? [sessions.endInTenant(control, user, tenant, at, because)] : []),
      ...(isRemoved ? [apiKeys.revokeOfRemoved(control, tenant, user, at)] : []),
      ...(hasLost ? [invitations.withdrawOrphans(control, tenant, at)] : []),
    )
  } catch (error) {
    // Somebody was faster: perhaps the other admin is none any more.
    if (error instanceof Failure && error.code === "conflict.stale") await assertManaged()
    throw error
  }
  forgetAllSessions()
  forgetAllKeys()
  if (isRemoved) await forgetShares(ctx, user)
}

/** Who is removed is so, whatever becomes of this: whoever comes back begins anew in any case. */
async function forgetShares(ctx: Ctx, user: UserId): Promise<void> {
  try {
    await commit({ db: ctx.db }, undefined, ...forgetPerson(ctx.db, user))
  } catch (error) {
    console.warn(JSON.stringify({ level: "warn", event: "member.shares_left", user, error: String(error) }))
  }
}

const manages = ({ role, status }: Standing): boolean => status === "active" && managers.includes(role)
