import { actorId } from "#core/access/roles"
import type { Review } from "#core/contract/reviews"
import { Failure, found } from "#core/errors"
import { newId, type FlowId, type ReviewId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as flows from "#worker/db/flows"
import * as reviews from "#worker/db/reviews"
import { assertWhole } from "#worker/services/flow-parts/whole"
import { personBehind, shown } from "./people.ts"

/** Asks others to approve the draft as it is now. What was asked about an earlier draft is withdrawn with it. */
export async function requestReview(ctx: Ctx, id: FlowId, note: string): Promise<{ review: Review }> {
  allow(ctx.actor, "flow.edit")
  const flow = found(await flows.byId(ctx.db, id), "flow.not_found")
  if (flow.published_digest === flow.graph_digest) throw new Failure("review.nothing_new")
  await assertWhole(ctx, id, flow.graph)
  const row = {
    id: newId<ReviewId>("review", ctx.now, ctx.chance),
    flow_id: id,
    status: "open" as const,
    digest: flow.graph_digest,
    base_version: flow.published_version,
    note,
    requested_by: actorId(ctx.actor),
    requester: await personBehind(ctx),
    requested_at: isoTime(ctx.now),
  }
  const whole = { ...row, published_as: null, answered_by: null, answered_at: null, reason: "" }
  const [review] = await shown(ctx, [whole], flow)
  return commit(
    ctx,
    { review: review! },
    reviews.insert(row),
    audit(ctx, "flow.review_request", { target: id, after: { review_id: row.id, digest: row.digest } }),
    reviews.withdrawOthers(ctx.db, row),
  )
}
