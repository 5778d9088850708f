import { actorId } from "#core/access/roles"
import { Failure, found } from "#core/errors"
import { asksForReview, standingOf, type Standing } from "#core/flow/review"
import type { FlowId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, assertVersion, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as flows from "#worker/db/flows"
import * as reviews from "#worker/db/reviews"
import { forgetFrozen } from "#worker/services/executions/frozen"
import { assertWhole } from "#worker/services/flow-parts/whole"
import { assertAffordable } from "./affordable.ts"

/**
 * Freezes the draft as the next version, which is what executions take from now on. A draft with errors is refused, and
 * one that somebody else must approve and has not.
 */
export async function publishFlow(
  ctx: Ctx,
  id: FlowId,
  was: number | undefined,
  note: string,
): Promise<{ version: number }> {
  allow(ctx.actor, "flow.edit")
  const row = found(await flows.byId(ctx.db, id), "flow.not_found")
  assertVersion(row.version, was)
  await assertWhole(ctx, id, row.graph)
  await assertAffordable(ctx, id)
  const review = await approvalFor(ctx, row)
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
    audit(ctx, "flow.publish", {
      target: id,
      after: { version, digest: row.graph_digest, ...(review ? { review_id: review.id } : {}) },
    }),
    ...(review ? [reviews.markPublished(ctx.db, review, version)] : []),
  )
  forgetFrozen(ctx, id)
  return reply
}

const whatNext: Record<Exclude<Standing, "approved">, string> = {
  none: "Nobody has been asked to approve this draft. Ask for a review (POST /api/v1/flows/{flow_id}/reviews); publish when somebody else has approved it.",
  open: "The draft waits for a review. Publish when somebody else has approved it.",
  refused: "The review was refused. Change what its reason says, and ask again.",
  stale:
    "The draft has changed since the review was asked for. Ask again (POST /api/v1/flows/{flow_id}/reviews).",
}

/** The approval that publishing goes by; undefined where none is asked for and none is there. */
async function approvalFor(ctx: Ctx, row: flows.FlowRow): Promise<reviews.ReviewRow | undefined> {
  const { rule, reviews: asked } = await reviews.ofFlow(ctx.db, row.id)
  const draft = { digest: row.graph_digest, published_version: row.published_version }
  const { standing, review } = standingOf(asked, draft)
  if (standing === "approved") return review
  if (!asksForReview(rule)) return undefined
  throw new Failure("review.required", {
    detail: whatNext[standing].replace("{flow_id}", row.id),
    more: { standing, review_id: review?.id ?? null },
  })
}
