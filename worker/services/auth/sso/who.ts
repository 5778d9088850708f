import { Failure } from "#core/errors"
import { newId, type UserId } from "#core/ids"
import { isoTime, type PublicCtx } from "#worker/context"
import type { Role } from "#core/access/roles"
import type { Db, Statement } from "#worker/db/commit"
import * as identities from "#worker/db/identities"
import * as invitations from "#worker/db/invitations"
import * as members from "#worker/db/members"
import * as sso from "#worker/db/sso"
import { isHeld } from "#worker/services/tenants/standing"
import { closedToNewcomers } from "../invited.ts"
import type { IdClaims } from "./id-token.ts"

/** `returns`: they may have belonged to the tenant before. */
export type Arriving = { user: UserId; role: Role; statements: Statement[]; returns: boolean }

/** No password opens this account: it has none until its owner sets one. */
const noPassword = "none"

/**
 * Whom a provider's word means in this tenant: whom its subject has meant before, else the member with the verified address, else who
 * is invited by it. An address counts only when the provider has verified it and it lies in a domain that the tenant has named.
 */
export async function arriving(
  ctx: PublicCtx,
  control: Db,
  { tenant_id: tenant, issuer, domains }: sso.SsoRow,
  claims: IdClaims,
): Promise<Arriving> {
  const subject = { tenant, issuer, subject: claims.sub }
  const linked = await sso.subjectOf(control, subject)
  const at = isoTime(ctx.now)
  const linkTo = (identity_id: UserId) =>
    sso.link({ tenant_id: tenant, issuer, subject: claims.sub, identity_id, created_at: at })
  const known = linked && (await members.one(control, tenant, { id: linked }))
  if (known) return memberOnly(known, [])
  const email = verified(claims, domains)
  const member = linked ? undefined : await members.one(control, tenant, { email })
  if (member) return memberOnly(member, [linkTo(member.id)])
  const invitation = await invitations.openOf(control, tenant, email, at)
  if (!invitation) throw new Failure("sso.no_member")
  if (await isHeld(ctx, tenant)) throw closedToNewcomers()
  const user = linked ?? newId<UserId>("user", ctx.now, ctx.chance)
  const { role } = invitation
  return {
    user,
    role,
    returns: linked !== undefined,
    statements: [
      invitations.accept(control, invitation, user, at),
      ...(linked ? [] : [newcomer(user, email, claims.name, at)]),
      members.join({ identity_id: user, tenant_id: tenant, role, created_at: at }),
      ...(linked ? [] : [linkTo(user)]),
    ],
  }
}

function memberOnly(member: { id: UserId; role: Role; status: string }, statements: Statement[]): Arriving {
  if (member.status !== "active") throw new Failure("sso.no_member")
  return { user: member.id, role: member.role, statements, returns: false }
}

function verified({ email, email_verified }: IdClaims, domains: readonly string[]): string {
  const address = email?.trim().toLowerCase() ?? ""
  const domain = address.slice(address.lastIndexOf("@") + 1)
  if (email_verified !== true || !address.includes("@") || !domains.includes(domain)) {
    throw new Failure("sso.no_member", {
      detail: "The provider names no verified address of a domain that this tenant takes.",
    })
  }
  return address
}

const newcomer = (id: UserId, email: string, name: string | undefined, at: string): Statement =>
  identities.insert({
    id,
    email,
    name: name?.trim().slice(0, 120) || email.slice(0, email.indexOf("@")),
    password_hash: noPassword,
    preferences: {},
    created_at: at,
    updated_at: at,
  })
