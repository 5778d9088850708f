import { can } from "#core/access/roles"
import type { Review, ReviewState } from "#core/contract/reviews"
import { found } from "#core/errors"
import { asksForReview, standingOf } from "#core/flow/review"
import type { FlowId } from "#core/ids"
import { allow, type Ctx } from "#worker/context"
import * as flows from "#worker/db/flows"
import * as reviews from "#worker/db/reviews"
import { draftOf, personBehind, shown } from "./people.ts"

/** Where a flow's draft stands, and what was asked before. */
export async function listReviews(ctx: Ctx, id: FlowId): Promise<ReviewState & { reviews: Review[] }> {
  allow(ctx.actor, "flow.read")
  const flow = found(await flows.byId(ctx.db, id), "flow.not_found")
  const { rule, reviews: rows } = await reviews.ofFlow(ctx.db, id)
  // What is published already waits for nothing.
  const isPublished = flow.published_digest === flow.graph_digest
  const { standing, review } = standingOf(isPublished ? [] : rows, draftOf(flow))
  const all = await shown(ctx, rows, flow)
  const mayAnswer =
    standing === "open" && can(ctx.actor, "flow.review") && review?.requester !== (await personBehind(ctx))
  const required = asksForReview(rule)
  return {
    required,
    required_by: !required ? null : rule.workspace ? "workspace" : "flow",
    standing,
    review: all.find((one) => one.id === review?.id) ?? null,
    may_answer: mayAnswer,
    reviews: all,
  }
}
