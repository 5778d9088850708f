import { Failure } from "#core/errors"
import type { FlowGraph } from "#core/flow/graph"
import { isValid } from "#core/flow/finding"
import type { FlowId } from "#core/ids"
import type { Ctx } from "#worker/context"
import { usableIn } from "#worker/db/shares"
import { findingsOf } from "./references.ts"

const mostTold = 50

/** Refuses a graph with errors, and names them. */
export async function assertWhole(ctx: Ctx, id: FlowId, graph: FlowGraph): Promise<void> {
  const errors = (await findingsOf({ ...ctx, db: usableIn(ctx.db) }, id, graph))
    .filter((one) => !isValid([one]))
    .slice(0, mostTold)
  if (errors.length === 0) return
  throw new Failure("flow.invalid", {
    errors: errors.map((one) => ({
      path: [one.node_id ?? one.edge_id, one.path].filter(Boolean).join("."),
      message: one.message,
    })),
    more: { findings: errors },
  })
}
