import { describe, expect, it } from "vitest"
import { scrubbedDetail, type Scrub } from "./scrub.ts"

const scrub: Scrub = {
  scope: "identity",
  names: new Set(["user_1", "key_1"]),
  email: "ana@example.com",
  name: "Ana",
}
const detail = JSON.stringify({
  before: { email: "ana@example.com", name: "Ana", note: "Banana for Ana" },
  after: { people: ["ana@example.com, bo@example.com"], count: 2 },
})

describe("an audit entry of an erased person", () => {
  it("[ER6] keeps what happened, without address and name; words of others stay whole", () => {
    expect(JSON.parse(scrubbedDetail({ actor: "user_2", detail }, scrub))).toEqual({
      before: { email: "[erased]", name: "Erased person", note: "Banana for Ana" },
      after: { people: ["[erased], bo@example.com"], count: 2 },
    })
  })

  it("[ER6] keeps nothing of their own words when everything is erased", () => {
    const everything: Scrub = { ...scrub, scope: "everything" }
    expect(scrubbedDetail({ actor: "key_1", detail }, everything)).toBe('{"erased":true}')
    expect(scrubbedDetail({ actor: "user_2", detail }, everything)).toContain("Erased person")
  })

  it("[ER6] that cannot be read keeps nothing", () => {
    expect(scrubbedDetail({ actor: "user_2", detail: "{ana@" }, scrub)).toBe('{"erased":true}')
  })
})
