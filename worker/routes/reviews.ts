import { reviewsApi } from "#core/contract/reviews"
import { answer, routes } from "#worker/http/answer"
import { answerReview, withdrawReview } from "#worker/services/reviews/answer"
import { listReviews } from "#worker/services/reviews/read"
import { requestReview } from "#worker/services/reviews/request"
import { live } from "./live.ts"

export const reviewRoutes = routes(
  answer(
    reviewsApi.list,
    live(({ ctx, params }) => listReviews(ctx, params.flow_id)),
  ),
  answer(
    reviewsApi.request,
    live(({ ctx, params, body }) => requestReview(ctx, params.flow_id, body.note)),
  ),
  answer(
    reviewsApi.answer,
    live(({ ctx, params, body }) => answerReview(ctx, params.flow_id, params.review_id, body)),
  ),
  answer(reviewsApi.withdraw, ({ ctx, params }) => withdrawReview(ctx, params.flow_id, params.review_id)),
)
