import { actorId } from "#core/access/roles"
import type { BodyOf } from "#core/contract/endpoint"
import type { workspaceApi, WorkspaceSettings } from "#core/contract/workspace"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as workspace from "#worker/db/workspace"

/** What holds for the whole workspace. */
export async function workspaceSettings(ctx: Ctx): Promise<{ settings: WorkspaceSettings }> {
  allow(ctx.actor, "flow.read")
  return { settings: await settingsNow(ctx) }
}

async function settingsNow(ctx: Ctx): Promise<WorkspaceSettings> {
  const row = await workspace.settings(ctx.db)
  return {
    review_before_publish: row?.review_before_publish ?? false,
    updated_at: row?.updated_at ?? null,
  }
}

export async function updateWorkspace(
  ctx: Ctx,
  change: BodyOf<typeof workspaceApi.update>,
): Promise<{ settings: WorkspaceSettings }> {
  allow(ctx.actor, "workspace.edit")
  const was = await settingsNow(ctx)
  const review_before_publish = change.review_before_publish ?? was.review_before_publish
  const updated_at = isoTime(ctx.now)
  return commit(
    ctx,
    { settings: { review_before_publish, updated_at } },
    workspace.keep(ctx.db, { review_before_publish, updated_by: actorId(ctx.actor), updated_at }),
    audit(ctx, "workspace.update", {
      target: ctx.tenant.id,
      before: { review_before_publish: was.review_before_publish },
      after: { review_before_publish },
    }),
  )
}
