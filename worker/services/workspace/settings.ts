import { actorId } from "#core/access/roles"
import type { BodyOf } from "#core/contract/endpoint"
import type { workspaceApi, WorkspaceSettings } from "#core/contract/workspace"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import * as admin from "#worker/db/admin"
import { commit } from "#worker/db/commit"
import * as workspace from "#worker/db/workspace"
import { forgetAllSessions } from "#worker/services/auth/live"

/** What holds for the whole workspace. */
export async function workspaceSettings(ctx: Ctx): Promise<{ settings: WorkspaceSettings }> {
  allow(ctx.actor, "flow.read")
  return { settings: await settingsNow(ctx) }
}

async function settingsNow(ctx: Ctx): Promise<WorkspaceSettings> {
  const [row, support_access] = await Promise.all([
    workspace.settings(ctx.db),
    ctx.control().then((control) => admin.supportAccess(control, ctx.tenant.id)),
  ])
  return {
    review_before_publish: row?.review_before_publish ?? false,
    support_access,
    updated_at: row?.updated_at ?? null,
  }
}

export async function updateWorkspace(
  ctx: Ctx,
  change: BodyOf<typeof workspaceApi.update>,
): Promise<{ settings: WorkspaceSettings }> {
  allow(ctx.actor, "workspace.edit")
  const was = await settingsNow(ctx)
  const support_access = await changeSupport(ctx, was.support_access, change.support_access)
  const review_before_publish = change.review_before_publish ?? was.review_before_publish
  const updated_at = isoTime(ctx.now)
  return commit(
    ctx,
    { settings: { review_before_publish, support_access, updated_at } },
    workspace.keep(ctx.db, { review_before_publish, updated_by: actorId(ctx.actor), updated_at }),
    audit(ctx, "workspace.update", {
      target: ctx.tenant.id,
      before: { review_before_publish: was.review_before_publish },
      after: { review_before_publish },
    }),
  )
}

type SupportAccess = WorkspaceSettings["support_access"]

/** Stands in the control database, where sessions are judged: letting less in ends what support has open. */
async function changeSupport(ctx: Ctx, was: SupportAccess, wanted?: SupportAccess): Promise<SupportAccess> {
  if (wanted === undefined || wanted === was) return was
  const control = await ctx.control()
  await commit(
    { db: control },
    undefined,
    admin.setSupportAccess(control, ctx.tenant.id, wanted),
    audit(ctx, "workspace.support", {
      target: ctx.tenant.id,
      before: { support_access: was },
      after: { support_access: wanted },
    }),
    ...(wanted === "write" ? [] : admin.endSupport(control, ctx.tenant.id, wanted, isoTime(ctx.now))),
  )
  forgetAllSessions()
  return wanted
}
