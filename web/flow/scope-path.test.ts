import { expect, it } from "vitest"
import { holdersIn, partsOf, placeIn, placesOf, splitKey } from "./scope-path.ts"

const node = (id: string, type: string, parent_id?: string) => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: {},
  ...(parent_id === undefined ? {} : { parent_id }),
})

it("takes a path apart", () => {
  expect(partsOf("")).toEqual([])
  expect(partsOf("each[3]/call/again[0]")).toEqual([
    { path: "each[3]", holder: "each", node_id: "each", index: 3 },
    { path: "each[3]/call", holder: "each[3]/call", node_id: "call", index: undefined },
    { path: "each[3]/call/again[0]", holder: "each[3]/call/again", node_id: "again", index: 0 },
  ])
  expect(splitKey("each[3]/draft")).toEqual({ scope: "each[3]", node_id: "draft" })
  expect(splitKey("draft")).toEqual({ scope: "", node_id: "draft" })
})

it("names the places that a scope belongs to, the nearest first", () => {
  expect(placesOf("each[3]/again[0]")).toEqual(["each[3]/again", "each/again"])
  expect(placesOf("each[3]/call")).toEqual(["each/call"])
  expect(placesOf("call")).toEqual([])
})

it("finds the step of a node by the iterations that are chosen", () => {
  const holders = holdersIn([
    node("each", "map"),
    node("frame", "group", "each"),
    node("again", "loop", "frame"),
    node("draft", "llm", "again"),
    node("other", "map"),
    node("note", "llm", "other"),
    node("last", "output"),
  ])
  const at = (chosen: string) =>
    ["last", "again", "draft", "note"].map((id) => placeIn({ base: "", chosen, holders }, id))
  expect(at("")).toEqual(["last", "each/again", "each/again/draft", "other/note"])
  expect(at("each[3]")).toEqual(["last", "each[3]/again", "each[3]/again/draft", "other/note"])
  expect(at("each[3]/again[12]")).toEqual(["last", "each[3]/again", "each[3]/again[12]/draft", "other/note"])
  // The 1st of ten is not the 11th.
  expect(at("each[10]")[1]).toBe("each[10]/again")
})

it("finds the steps of a called flow under the scope of its call", () => {
  const view = {
    base: "each[3]/call",
    chosen: "each[3]/call/again[2]",
    holders: holdersIn([node("again", "loop"), node("draft", "llm", "again")]),
  }
  expect([placeIn(view, "again"), placeIn(view, "draft")]).toEqual([
    "each[3]/call/again",
    "each[3]/call/again[2]/draft",
  ])
})

it("ends with circles of parents, which drafts may hold", () => {
  expect(() => holdersIn([node("a", "map", "b"), node("b", "map", "a")])).not.toThrow()
})
