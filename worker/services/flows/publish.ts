import { actorId } from "#core/access/roles"
import { Failure, found } from "#core/errors"
import { isValid } from "#core/flow/validate"
import type { FlowId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, assertVersion, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as flows from "#worker/db/flows"
import { forgetFrozen } from "#worker/services/executions/frozen"
import { findingsOf } from "#worker/services/flow-parts/references"

/** Freezes the draft as the next version, which is what executions take from now on. A draft with errors is refused. */
export async function publishFlow(
  ctx: Ctx,
  id: FlowId,
  was: number | undefined,
  note: string,
): Promise<{ version: number }> {
  allow(ctx.actor, "flow.edit")
  const row = found(await flows.byId(ctx.db, id), "flow.not_found")
  assertVersion(row.version, was)
  const errors = (await findingsOf(ctx, id, row.graph)).filter((one) => !isValid([one]))
  if (errors.length > 0) {
    throw new Failure("flow.invalid", {
      errors: errors.slice(0, 50).map((one) => ({
        path: [one.node_id ?? one.edge_id, one.path].filter(Boolean).join("."),
        message: one.message,
      })),
      more: { findings: errors.slice(0, 50) },
    })
  }
  const version = row.last_version + 1
  const at = isoTime(ctx.now)
  const frozen = {
    flow_id: id,
    version,
    graph: row.graph,
    definition: row.graph_digest,
    note,
    created_by: actorId(ctx.actor),
    created_at: at,
  }
  const change = {
    last_version: version,
    published_version: version,
    published_digest: row.graph_digest,
    updated_at: at,
  }
  const reply = await commit(
    ctx,
    { version },
    flows.publish(ctx.db, row, change),
    flows.insertVersion(frozen),
    audit(ctx, "flow.publish", { target: id, after: { version, digest: row.graph_digest } }),
  )
  forgetFrozen(ctx, id)
  return reply
}
