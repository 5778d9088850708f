import { describe, expect, it } from "vitest"
import { asksForReview, isCurrent, standingOf, type ReviewFacts } from "./review.ts"

const asked = (facts: Partial<ReviewFacts> = {}): ReviewFacts => ({
  status: "open",
  digest: "a",
  base_version: 1,
  published_as: null,
  ...facts,
})
const draft = { digest: "a", published_version: 1 }

describe("whether a draft needs an approval", () => {
  const nobody = { workspace: false, draft: false, published: false }

  it("is what the workspace, the draft or the published version says", () => {
    expect(asksForReview(nobody)).toBe(false)
    expect(asksForReview({ ...nobody, workspace: true })).toBe(true)
    expect(asksForReview({ ...nobody, draft: true })).toBe(true)
  })

  it("is not got around by taking the setting out of the draft", () => {
    expect(asksForReview({ ...nobody, published: true })).toBe(true)
  })
})

describe("where a draft stands", () => {
  it.each([
    ["none", []],
    ["none", [asked({ status: "withdrawn" })]],
    ["open", [asked()]],
    ["approved", [asked({ status: "approved" })]],
    ["refused", [asked({ status: "refused" })]],
    ["stale", [asked({ digest: "b" })]],
    ["stale", [asked({ status: "approved", digest: "b" })]],
    ["none", [asked({ status: "refused", digest: "b" })]],
    ["none", [asked({ status: "approved", digest: "b", published_as: 1 })]],
  ] as const)("is %s", (standing, reviews) => {
    expect(standingOf(reviews, draft).standing).toBe(standing)
  })

  it("goes by what was approved before when the draft is that again", () => {
    const [newer, holding] = [asked({ digest: "b" }), asked({ status: "approved" })]
    expect(standingOf([newer, holding], draft)).toEqual({ standing: "approved", review: holding })
  })

  it("goes by a later no to the same draft", () => {
    const reviews = [asked({ status: "refused" }), asked({ status: "approved" })]
    expect(standingOf(reviews, draft).standing).toBe("refused")
  })
})

describe("an approval", () => {
  it("is against what was published then", () => {
    expect(isCurrent(asked({ status: "approved" }), { ...draft, published_version: 2 })).toBe(false)
  })

  it("of what went out by it holds for the way back", () => {
    const gone = asked({ status: "approved", published_as: 2 })
    expect(standingOf([gone], { digest: "a", published_version: 3 }).standing).toBe("approved")
  })
})
