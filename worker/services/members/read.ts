import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import type { Member, membersApi } from "#core/contract/members"
import { found } from "#core/errors"
import type { UserId } from "#core/ids"
import { allow, type Ctx } from "#worker/context"
import * as members from "#worker/db/members"

/** A page of the tenant's members. */
export async function listMembers(
  ctx: Ctx,
  query: QueryOf<typeof membersApi.list>,
): Promise<ReplyOf<typeof membersApi.list>> {
  allow(ctx.actor, "user.read")
  const { rows, total } = await members.list(await ctx.control(), ctx.tenant.id, query)
  return { users: rows, total, page_info: pageInfo(query.page, query.limit, total) }
}

export async function getMember(ctx: Ctx, id: UserId): Promise<{ user: Member }> {
  allow(ctx.actor, "user.read")
  return { user: found(await members.one(await ctx.control(), ctx.tenant.id, { id }), "member.not_found") }
}
