import { actorId } from "#core/access/roles"
import type { BodyOf } from "#core/contract/endpoint"
import type { Review, reviewsApi } from "#core/contract/reviews"
import { Failure, found } from "#core/errors"
import { isCurrent } from "#core/flow/review"
import type { FlowId, ReviewId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as flows from "#worker/db/flows"
import * as reviews from "#worker/db/reviews"
import { draftOf, personBehind, shown } from "./people.ts"

/** Approves or refuses what somebody else asked to publish, while the draft is what they asked about. */
export async function answerReview(
  ctx: Ctx,
  flowId: FlowId,
  id: ReviewId,
  { answer, reason }: BodyOf<typeof reviewsApi.answer>,
): Promise<{ review: Review }> {
  allow(ctx.actor, "flow.review")
  const { flow, row } = await openReview(ctx, flowId, id)
  if (row.requester === (await personBehind(ctx))) throw new Failure("review.own")
  if (!isCurrent(row, draftOf(flow))) throw new Failure("review.stale")
  const change = {
    status: answer === "approve" ? ("approved" as const) : ("refused" as const),
    reason,
    answered_by: actorId(ctx.actor),
    answered_at: isoTime(ctx.now),
  }
  const [review] = await shown(ctx, [{ ...row, ...change }], flow)
  return commit(
    ctx,
    { review: review! },
    reviews.answer(ctx.db, id, change),
    audit(ctx, answer === "approve" ? "flow.review_approve" : "flow.review_refuse", {
      target: flowId,
      after: { review_id: id, digest: row.digest, reason },
    }),
  )
}

/** Takes back what was asked. */
export async function withdrawReview(ctx: Ctx, flowId: FlowId, id: ReviewId): Promise<void> {
  allow(ctx.actor, "flow.edit")
  await openReview(ctx, flowId, id)
  await commit(
    ctx,
    undefined,
    reviews.withdraw(ctx.db, id),
    audit(ctx, "flow.review_withdraw", { target: flowId, after: { review_id: id } }),
  )
}

async function openReview(ctx: Ctx, flowId: FlowId, id: ReviewId) {
  const [flow, row] = await Promise.all([flows.byId(ctx.db, flowId), reviews.byId(ctx.db, flowId, id)])
  const ofFlow = found(flow, "flow.not_found")
  const review = found(row, "review.not_found")
  if (review.status !== "open") throw new Failure("review.closed")
  return { flow: ofFlow, row: review }
}
