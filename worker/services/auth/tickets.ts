import { found } from "#core/errors"
import { isoTime, type BaseCtx, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as tickets from "#worker/db/tickets"
import { base64url, digestOf } from "#worker/digest"
import { audit } from "#worker/audit/record"

const lifeMs = 60_000

/** A ticket for one stream, once, for 60 s: what a browser puts into an address, where no token may stand. */
export async function createTicket(ctx: Ctx, resource: string) {
  const ticket = `ect_${base64url(ctx.chance(32))}`
  const control = await ctx.control()
  const expires_at = isoTime(ctx.now + lifeMs)
  const row = {
    digest: digestOf(ticket),
    session_id: found(ctx.session, "auth.invalid"),
    resource,
    expires_at,
  }
  return commit(
    { db: control },
    { ticket, expires_at },
    tickets.insert(control, row),
    audit(ctx, "ticket.create", { target: resource }),
    tickets.sweep(control, isoTime(ctx.now)),
  )
}

/** The session that a ticket stands for, at this resource only; the ticket is gone afterwards. */
export async function spendTicket(ctx: Pick<BaseCtx, "now" | "control">, ticket: string, resource: string) {
  if (!/^ect_[A-Za-z0-9_-]{43}$/.test(ticket)) return undefined
  return tickets.take(await ctx.control(), digestOf(ticket), resource, isoTime(ctx.now))
}
