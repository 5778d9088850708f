import type { BodyOf, ReplyOf } from "#core/contract/endpoint"
import type { workspaceApi } from "#core/contract/workspace"
import { Failure, found } from "#core/errors"
import { erasedAt } from "#core/tenant"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import * as admin from "#worker/db/admin"
import { commit } from "#worker/db/commit"
import type { Env } from "#worker/env"
import { personOf } from "#worker/services/auth/me"
import { afterChange, beforeDeletion } from "#worker/services/tenants/state"

/** Deletes the workspace that one is in, as a platform admin can; bringing it back is theirs, so one of them must be left to do it. */
export async function deleteWorkspace(
  env: Env,
  ctx: Ctx,
  { confirm, reason }: BodyOf<typeof workspaceApi.remove>,
): Promise<ReplyOf<typeof workspaceApi.remove>> {
  allow(ctx.actor, "workspace.edit")
  const by = personOf(ctx)
  const { id } = ctx.tenant
  const control = await ctx.control()
  const was = found(await admin.tenant(control, id), "tenant.not_found")
  await beforeDeletion(env, was, confirm)
  if (!(await admin.hasWayBeside(control, id))) throw new Failure("tenant.only_way")
  const at = isoTime(ctx.now)
  await commit(
    { db: control },
    undefined,
    admin.setStatus(control, id, was.status, { status: "deleted", reason: reason || null, by, at }),
    audit(ctx, "tenant.delete", {
      target: id,
      before: { status: was.status },
      after: { status: "deleted", ...(reason ? { reason } : {}) },
    }),
  )
  afterChange(env, ctx, was, "deleted")
  return { erased_at: erasedAt(at) }
}
