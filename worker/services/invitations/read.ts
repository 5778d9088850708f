import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import type { invitationsApi } from "#core/contract/members"
import { allow, type Ctx } from "#worker/context"
import * as invitations from "#worker/db/invitations"
import { shown } from "./shape.ts"

/** A page of the tenant's open invitations. */
export async function listInvitations(
  ctx: Ctx,
  query: QueryOf<typeof invitationsApi.list>,
): Promise<ReplyOf<typeof invitationsApi.list>> {
  allow(ctx.actor, "user.read")
  const control = await ctx.control()
  const { rows, total } = await invitations.list(control, ctx.tenant.id, query)
  return {
    invitations: await shown(control, rows, ctx.now),
    total,
    page_info: pageInfo(query.page, query.limit, total),
  }
}
