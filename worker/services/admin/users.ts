import type { adminApi, AdminUser } from "#core/contract/admin"
import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import { found } from "#core/errors"
import type { UserId } from "#core/ids"
import { audit } from "#worker/audit/record"
import type { Ctx } from "#worker/context"
import * as admin from "#worker/db/admin"
import { commit, type Db } from "#worker/db/commit"
import { forgetAllSessions } from "#worker/services/auth/live"
import { platformAdmin } from "./platform.ts"

type UserRow = NonNullable<Awaited<ReturnType<typeof admin.user>>>

/** A page of everybody who has an account here. */
export async function listUsers(
  ctx: Ctx,
  query: QueryOf<typeof adminApi.users>,
): Promise<ReplyOf<typeof adminApi.users>> {
  platformAdmin(ctx)
  const control = await ctx.control()
  const { rows, total } = await admin.userPage(control, query)
  return {
    users: await withTenants(control, rows),
    total,
    page_info: pageInfo(query.page, query.limit, total),
  }
}

async function withTenants(control: Db, rows: UserRow[]): Promise<AdminUser[]> {
  const places = await admin.tenantsOfUsers(
    control,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({
    ...row,
    tenants: places
      .filter(({ user }) => user === row.id)
      .map(({ id, name, role, status }) => ({ id, name, role, status })),
  }))
}

/** Makes somebody a platform admin, or takes that away; of the last one it cannot be taken. */
export async function setPlatformAdmin(
  ctx: Ctx,
  id: UserId,
  is_platform_admin: boolean,
): Promise<{ user: AdminUser }> {
  platformAdmin(ctx)
  const control = await ctx.control()
  const was = found(await admin.user(control, id), "member.not_found")
  if (was.is_platform_admin !== is_platform_admin) {
    await commit(
      { db: control },
      undefined,
      admin.setPlatformAdmin(control, id, is_platform_admin),
      audit(ctx, "user.platform_admin", {
        target: id,
        before: { is_platform_admin: was.is_platform_admin },
        after: { is_platform_admin },
      }),
    )
    forgetAllSessions()
  }
  const [user] = await withTenants(control, [found(await admin.user(control, id), "member.not_found")])
  return { user: user! }
}
