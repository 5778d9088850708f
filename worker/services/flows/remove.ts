import type { Flow } from "#core/contract/flows"
import { Failure, found } from "#core/errors"
import type { Finding } from "#core/flow/graph"
import { validateFlow } from "#core/flow/validate"
import type { FlowId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as flows from "#worker/db/flows"
import { settingsOf, type Env } from "#worker/env"
import { toolsOfFlow } from "#worker/db/tool-users"
import { forgetFrozen } from "#worker/services/executions/frozen"
import { usersSaid } from "#worker/services/in-use"
import { withinFlows } from "#worker/services/quotas/flows"
import { usualIn } from "#worker/services/quotas/limits"
import { flowOf } from "./shape.ts"

/** Deletes a flow softly, once no tool is a call of it: it is gone from every list and cannot be executed, until it is restored. */
export async function removeFlow(ctx: Ctx, id: FlowId): Promise<void> {
  allow(ctx.actor, "flow.edit")
  const row = found(await flows.byId(ctx.db, id), "flow.not_found")
  const tools = await toolsOfFlow(ctx.db, id)
  if (tools.length > 0)
    throw new Failure("flow.in_use", {
      detail: `${usersSaid(tools)} ${tools.length === 1 ? "calls" : "call"} this flow. Delete the tools first, or have them call another.`,
      more: { tools },
    })
  const gone = flows.save(ctx.db, id, row.version, { deleted_at: isoTime(ctx.now) })
  await commit(ctx, undefined, gone, audit(ctx, "flow.delete", { target: id, before: { name: row.name } }))
  forgetFrozen(ctx, id)
}

/** Brings a deleted flow back as it was. */
export async function restoreFlow(
  env: Env,
  ctx: Ctx,
  id: FlowId,
): Promise<{ flow: Flow; findings: Finding[] }> {
  allow(ctx.actor, "flow.edit")
  const row = found(await flows.deletedById(ctx.db, id), "flow.not_found")
  const back = { ...row, deleted_at: null, version: row.version + 1 }
  const { flows: usual } = usualIn(settingsOf(env))
  const reply = { flow: flowOf(back), findings: validateFlow(row.graph) }
  const entry = audit(ctx, "flow.restore", { target: id, after: { name: row.name } })
  return withinFlows(env, ctx, commit(ctx, reply, flows.restore(ctx.db, id, row.version, usual), entry))
}
