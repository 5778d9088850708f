import type { Flow } from "#core/contract/flows"
import { found } from "#core/errors"
import type { Finding } from "#core/flow/graph"
import type { FlowId } from "#core/ids"
import { allow, assertVersion, type Ctx } from "#worker/context"
import * as flows from "#worker/db/flows"
import { saveDraft } from "./update.ts"

/** Makes an earlier version the draft again; what is published stays so until the draft is published. */
export async function rollbackFlow(
  ctx: Ctx,
  id: FlowId,
  was: number | undefined,
  version: number,
): Promise<{ flow: Flow; findings: Finding[] }> {
  allow(ctx.actor, "flow.edit")
  const row = found(await flows.byId(ctx.db, id), "flow.not_found")
  assertVersion(row.version, was)
  const { graph } = found(await flows.versionOf(ctx.db, id, version), "flow.version_not_found")
  return saveDraft(ctx, row, { name: row.name, description: row.description }, graph, "flow.rollback")
}
