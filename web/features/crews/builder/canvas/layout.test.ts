import { expect, it } from "vitest"
import { CrewDraft } from "#core/crew/crew"
import { inputId, layoutOf, memberSize, resultId } from "./layout.ts"

const crewOf = (pattern: CrewDraft["collaboration_pattern"], size: number, config: object = {}): CrewDraft =>
  CrewDraft.parse({
    name: "Crew",
    collaboration_pattern: pattern,
    agents: Array.from({ length: size }, (_, n) => ({
      agent_id: `agent_01JD00000000000000000000${String(n).padStart(2, "0")}`,
      position: `m${n}`,
    })),
    tasks: [
      { id: "a", description: "A", position: "m1" },
      { id: "b", description: "B", position: "m0" },
      { id: "c", description: "C", position: "m1" },
    ],
    config,
  })
const linesOf = (crew: CrewDraft) => layoutOf(crew).lines.map(({ from, to, label }) => [from, to, label])

it.each(["sequential", "hierarchical", "parallel", "debate"] as const)(
  "draws every member of a %s crew once, and none over another",
  (pattern) => {
    const { drawn } = layoutOf(crewOf(pattern, 20, { manager: "m3", judge: "m3" }))
    const members = drawn.filter((one) => one.is === "member")
    expect(new Set(members.map((one) => one.id)).size).toBe(20)
    expect(members).toHaveLength(20)
    for (const one of members)
      for (const other of members)
        if (one !== other)
          expect(
            Math.abs(one.x - other.x) >= memberSize.width || Math.abs(one.y - other.y) >= memberSize.height,
          ).toBe(true)
  },
)

it("leads a sequential crew from task to task", () => {
  const crew = crewOf("sequential", 3)
  expect(linesOf(crew)).toEqual([
    ["m1", "m0", "2"],
    ["m0", "m1", "3"],
  ])
  expect(layoutOf(crew).drawn.map((one) => one.id)).toEqual(["m1", "m0", "m2"])
})

it("puts a manager over those to whom it may hand work", () => {
  const { drawn, lines } = layoutOf(crewOf("hierarchical", 3, { manager: "m2" }))
  const top = drawn.find((one) => one.id === "m2")!
  expect(drawn.filter((one) => one.y > top.y).map((one) => one.id)).toEqual(["m0", "m1"])
  expect(lines.map((line) => [line.from, line.to, line.isImplied])).toEqual([
    ["m2", "m0", true],
    ["m2", "m1", true],
  ])
})

it("leads the input to everybody, and everybody to the result", () => {
  expect(linesOf(crewOf("parallel", 1))).toEqual([
    [inputId, "m0", ""],
    ["m0", resultId, ""],
  ])
})

it("leads the speakers of a debate to the judge", () => {
  expect(linesOf(crewOf("debate", 3, { judge: "m0", rounds: 3 }))).toEqual([
    ["m1", "m2", "3 rounds"],
    ["m1", "m0", ""],
    ["m2", "m0", ""],
  ])
})

it("draws no edge to somebody who is gone", () => {
  const crew = crewOf("parallel", 2, {
    delegation: [
      { from: "m0", to: "gone" },
      { from: "m0", to: "m1" },
    ],
  })
  expect(
    layoutOf(crew)
      .lines.filter((line) => line.is === "hand_over")
      .map((line) => line.id),
  ).toEqual(["m0=>m1"])
})
