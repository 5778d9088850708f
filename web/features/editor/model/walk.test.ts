import { expect, it } from "vitest"
import { foldingOf, nothingFolded } from "#web/flow/folding.ts"
import { draft, edge, frame, inside, node } from "../test-flow.ts"
import { neighbour, targetsFor } from "./walk.ts"

const flow = draft(
  [
    node("input", "input", {}, 0, 100),
    node("a", "transform", {}, 272, 0),
    node("b", "transform", {}, 272, 100),
    frame("g", "group", 544, 0, 376, 300),
    inside("g", node("c", "transform", {}, 24, 60)),
    node("out", "output", {}, 1_000, 20),
  ],
  [edge("input", "a"), edge("input", "b"), edge("a", "c"), edge("c", "out")],
)

it("walks along edges, and between what lies beside each other", () => {
  const go = (from: string | null, to: "left" | "right" | "up" | "down") =>
    neighbour(flow, from, to, nothingFolded)
  expect(go(null, "right")).toBe("input")
  // Of two ways out the one at its own height.
  expect(go("input", "right")).toBe("b")
  expect(go("b", "up")).toBe("a")
  expect(go("a", "right")).toBe("c")
  expect(go("c", "left")).toBe("a")
  expect(go("c", "up")).toBe("g")
  expect(go("g", "down")).toBe("c")
  expect(go("out", "right")).toBeNull()
})

it("walks over a folded group as over one node", () => {
  const folding = foldingOf(flow.nodes, new Set(["g"]))
  expect(neighbour(flow, "a", "right", folding)).toBe("g")
  expect(neighbour(flow, "g", "right", folding)).toBe("out")
  expect(folding.isHidden("c")).toBe(true)
  expect(folding.standIn("c")).toBe("g")
})

it("offers what an edge may lead to, the nearest first and what lies ahead before what lies behind", () => {
  expect(targetsFor(flow, "a", "out", nothingFolded)).toEqual(["out", "b"])
  expect(targetsFor(flow, "b", "out", nothingFolded)).toEqual(["c", "out", "a"])
})
