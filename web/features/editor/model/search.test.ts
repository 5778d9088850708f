import { expect, it } from "vitest"
import { draft, edge, node } from "../test-flow.ts"
import { find, placesIn, replace, replacedIn, whyNotReplace } from "./search.ts"

const flow = draft(
  [
    node("input", "input"),
    {
      ...node(
        "draft_text",
        "llm",
        { prompt: "Draft about {{ input.topic }}. DRAFT!", llm_provider_id: "prov_draft" },
        272,
      ),
      label: "First draft",
    },
    node("out", "output", { value: "nodes.draft_text" }, 544),
  ],
  [edge("input", "draft_text"), edge("draft_text", "out")],
)
const any = { text: "draft", matchCase: false }

it("finds words in titles, names and data, as written or whatever the case", () => {
  expect(
    find(flow, any).map(({ node: id, place, at }) => [
      id,
      place.is === "data" ? place.path : place.is,
      at.length,
    ]),
  ).toEqual([
    ["draft_text", "title", 1],
    ["draft_text", "name", 1],
    ["draft_text", "prompt", 2],
    ["draft_text", "llm_provider_id", 1],
    ["out", "value", 1],
  ])
  expect(find(flow, { text: "DRAFT", matchCase: true })).toHaveLength(1)
  expect(find(flow, { text: "", matchCase: false })).toEqual([])
})

it("keeps places right where a small letter is longer than the great one", () => {
  expect(placesIn("İx draft", any)).toEqual([3])
  expect(replacedIn("İ draft, Draft", any, "x")).toBe("İ x, x")
})

it("replaces all in one draft: a renamed node keeps its edges, references follow, and ids are left alone", () => {
  const { draft: next, count } = replace(flow, find(flow, any), any, "sketch")
  expect(count).toBe(4)
  expect(next.nodes[1]).toMatchObject({
    id: "sketch_text",
    label: "First sketch",
    data: { prompt: "sketch about {{ input.topic }}. sketch!", llm_provider_id: "prov_draft" },
  })
  expect(next.nodes[2]?.data).toEqual({ value: "nodes.sketch_text" })
  expect(next.edges.map(({ source, target }) => [source, target])).toEqual([
    ["input", "sketch_text"],
    ["sketch_text", "out"],
  ])
})

it("says why a hit cannot be replaced, and leaves it", () => {
  const name = find(flow, any).find(({ place }) => place.is === "name")!
  expect(whyNotReplace(flow, name, any, "a b")).toMatch(/letter/)
  expect(replace(flow, [name], any, "a b")).toEqual({ draft: flow, count: 0, renamed: new Map() })
  const twins = draft([node("a1", "transform"), node("b1", "transform")])
  const both = [{ text: "a", matchCase: true }].flatMap((search) => find(twins, search))
  expect(replace(twins, both, { text: "a", matchCase: true }, "b").count).toBe(0)
})

it("does not read what replaces as something to be replaced again", () => {
  expect(replacedIn("aaa", { text: "a", matchCase: true }, "aa")).toBe("aaaaaa")
})
