import { queryOptions } from "@tanstack/react-query"
import type { BodyIn, ReplyOf } from "#core/contract/endpoint"
import { reviewsApi, type Review } from "#core/contract/reviews"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"

const params = (id: string) => ({ flow_id: id })

/** Somebody answers meanwhile, or asks: who waits for that need not reload. */
const askAgainMs = 15_000

/** Where the draft stands, as the server has it. */
export const reviewsQuery = (id: string) =>
  queryOptions({
    queryKey: queryKeys.reviews(id),
    queryFn: ({ signal }) => call(reviewsApi.list, { params: params(id), signal }),
    staleTime: 0,
    refetchInterval: ({ state: { data } }) => (data?.standing === "open" ? askAgainMs : false),
  })

export type Reviews = ReplyOf<typeof reviewsApi.list>

/** A refusal whose draft has been changed since: what was to be changed is read while it is done. */
export const refusedBefore = ({ standing, reviews }: Reviews): Review | undefined => {
  const last = reviews.find(({ status }) => status !== "withdrawn")
  return standing === "none" && last?.status === "refused" ? last : undefined
}

export const askForReview = (id: string, note: string) =>
  call(reviewsApi.request, { params: params(id), body: { note } })

const reviewParams = (flow_id: string, review_id: string) => ({ flow_id, review_id })

export const answerReview = (id: string, reviewId: string, body: BodyIn<typeof reviewsApi.answer>) =>
  call(reviewsApi.answer, { params: reviewParams(id, reviewId), body })

export const withdrawReview = (id: string, reviewId: string) =>
  call(reviewsApi.withdraw, { params: reviewParams(id, reviewId) })
