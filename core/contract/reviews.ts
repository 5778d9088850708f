import * as z from "zod"
import { FlowId, ReviewId } from "#core/ids"
import { endpoint, Time } from "./endpoint.ts"

export const ReviewStatus = z.enum(["open", "approved", "refused", "withdrawn"])
export type ReviewStatus = z.infer<typeof ReviewStatus>

/** Where a draft stands. `stale`: it has changed since a review was asked for or approved. */
export const ReviewStanding = z.enum(["none", "open", "approved", "refused", "stale"])

/** Somebody by id, and by name where the name is known. */
const Somebody = z.object({ id: z.string(), name: z.string() }).meta({ id: "Somebody" })

/** What somebody asked to have approved, and the answer. */
export const Review = z
  .object({
    id: ReviewId,
    flow_id: FlowId,
    status: ReviewStatus,
    /** Whether it is about the draft as it is now, against what is published now. */
    is_current: z.boolean(),
    /** What was published when it was asked; the draft is compared with that. */
    base_version: z.int().nullable(),
    /** The version that was published by it. */
    published_as: z.int().nullable(),
    note: z.string(),
    requested_by: Somebody,
    requested_at: Time,
    answered_by: Somebody.nullable(),
    answered_at: Time.nullable(),
    reason: z.string(),
  })
  .meta({ id: "Review" })
export type Review = z.infer<typeof Review>

/** Where the draft stands. */
export const ReviewState = z
  .object({
    /** Whether publishing wants an approval. */
    required: z.boolean(),
    /** Who wants it: the workspace, of every flow, or this flow. */
    required_by: z.enum(["workspace", "flow"]).nullable(),
    standing: ReviewStanding,
    /** The review that this goes by. */
    review: Review.nullable(),
    /** Whether the caller may answer it. */
    may_answer: z.boolean(),
  })
  .meta({ id: "ReviewState" })
export type ReviewState = z.infer<typeof ReviewState>

const params = z.object({ flow_id: FlowId })
const reviewParams = params.extend({ review_id: ReviewId })
const tag = "Reviews"

export const reviewsApi = {
  list: endpoint({
    method: "GET",
    path: "/flows/:flow_id/reviews",
    needs: "flow.read",
    tag,
    summary: "Where the draft stands, and the last 50 reviews, newest first",
    params,
    reply: ReviewState.extend({ reviews: z.array(Review) }),
  }),
  request: endpoint({
    method: "POST",
    path: "/flows/:flow_id/reviews",
    needs: "flow.edit",
    tag,
    summary: "Ask others to approve the draft",
    description:
      "The draft must have no errors. It is approved as it is now: an edit afterwards makes the review stale, and then it is asked for again.",
    status: 201,
    params,
    body: z.strictObject({ note: z.string().trim().max(2000).default("") }).prefault({}),
    reply: z.object({ review: Review }),
  }),
  answer: endpoint({
    method: "POST",
    path: "/flows/:flow_id/reviews/:review_id",
    needs: "flow.review",
    tag,
    summary: "Approve or refuse what somebody else asked to publish",
    description:
      "Whoever asked cannot answer, neither signed in nor by an API key. A refusal wants a reason.",
    params: reviewParams,
    body: z.discriminatedUnion("answer", [
      z.strictObject({ answer: z.literal("approve"), reason: z.string().trim().max(2000).default("") }),
      z.strictObject({
        answer: z.literal("refuse"),
        reason: z.string().trim().min(1, { error: "Say what must change" }).max(2000),
      }),
    ]),
    reply: z.object({ review: Review }),
  }),
  withdraw: endpoint({
    method: "DELETE",
    path: "/flows/:flow_id/reviews/:review_id",
    needs: "flow.edit",
    tag,
    summary: "Take back what was asked",
    status: 204,
    params: reviewParams,
  }),
} as const
