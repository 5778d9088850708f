import { expect, it } from "vitest"
import { AliasTarget } from "#core/contract/model-aliases"
import { ladderOf, orderedTargets, sayLadder } from "./model.ts"

const target = (model: string, order: number, weight = 1): AliasTarget =>
  AliasTarget.parse({ llm_provider_id: "provider_01JD0000000000000000000000", model, order, weight })

const targets = [target("last", 7), target("large", 2, 7), target("small", 2, 3)]

it("puts targets of one order side by side, and later ones under them", () => {
  expect(ladderOf(targets).map((rung) => rung.targets.map((one) => one.model))).toEqual([
    ["large", "small"],
    ["last"],
  ])
})

it("says what is asked, and who answers how much", () => {
  expect(sayLadder({ targets })).toBe("large 70 %, small 30 %, then last")
})

it("counts orders from 0 without gaps; the first is alongside nobody", () => {
  const rows = [
    { ...target("a", 9), alongside: true },
    { ...target("b", 9), alongside: true },
    { ...target("c", 9), alongside: false },
  ]
  expect(orderedTargets(rows).map((one) => [one.model, one.order])).toEqual([
    ["a", 0],
    ["b", 0],
    ["c", 1],
  ])
  expect(orderedTargets(rows)[0]).not.toHaveProperty("alongside")
})
