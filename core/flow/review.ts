/** Who asks for reviews before a flow is published. */
export type ReviewRule = {
  /** The workspace, of every flow. */
  workspace: boolean
  /** The setting in the draft. */
  draft: boolean
  /** The setting in the version that is published: it holds until a version without it is published. */
  published: boolean
}

/** Whether the draft needs an approval. A setting that is only taken out of the draft still holds, or whoever edits could skip it. */
export const asksForReview = ({ workspace, draft, published }: ReviewRule): boolean =>
  workspace || draft || published

/** What is known of a review, beside its words. */
export type ReviewFacts = {
  status: "open" | "approved" | "refused" | "withdrawn"
  /** Of the draft that it is about. */
  digest: string
  /** The version that was published then, which the draft was compared with. */
  base_version: number | null
  /** The version that was published by it. */
  published_as: number | null
}

/** A draft as far as reviews go. */
export type Reviewed = { digest: string; published_version: number | null }

/**
 * Whether a review's answer is about what the draft is now. An approval is: of this content, against what is published now; or of
 * content that was published by it before, so that a way back to it needs nobody.
 */
export const isCurrent = (review: ReviewFacts, draft: Reviewed): boolean =>
  review.digest === draft.digest &&
  (review.base_version === draft.published_version || review.published_as !== null)

/** Where a draft stands: what the newest review says of it, or what an earlier one that still holds says. */
export type Standing = "none" | "open" | "approved" | "refused" | "stale"

/** The review that counts, and what it comes to. `reviews` are newest first. */
export function standingOf<R extends ReviewFacts>(
  reviews: readonly R[],
  draft: Reviewed,
): { standing: Standing; review: R | undefined } {
  const holding = reviews.find((one) => one.status === "approved" && isCurrent(one, draft))
  const newest = reviews.find((one) => one.status !== "withdrawn")
  // A refusal or a question that came after an approval of the same content takes its place.
  const isOvertaken = newest !== undefined && newest !== holding && isCurrent(newest, draft)
  if (holding && !isOvertaken) return { standing: "approved", review: holding }
  if (!newest) return { standing: "none", review: undefined }
  if (!isCurrent(newest, draft)) {
    const isSpent = newest.published_as !== null || newest.status === "refused"
    return isSpent ? { standing: "none", review: undefined } : { standing: "stale", review: newest }
  }
  if (newest.status === "open" || newest.status === "refused")
    return { standing: newest.status, review: newest }
  return { standing: "none", review: undefined }
}
