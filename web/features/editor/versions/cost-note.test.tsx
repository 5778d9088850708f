import { screen } from "@testing-library/react"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import type { Estimate } from "#core/flow/estimate"
import type { FlowNode } from "#core/flow/graph"
import { session } from "#web/state/session.ts"
import { openEditor } from "../test-editor.tsx"
import { draft, node } from "../test-flow.ts"
import { CostNote, sayCost, sayGaps } from "./cost-note.tsx"

const server = vi.fn<typeof fetch>()

beforeEach(() => {
  session.begin("token", "tenant")
  vi.stubGlobal("fetch", server.mockReset())
})
afterEach(() => session.end("left"))

const showCost = (...nodes: FlowNode[]) =>
  openEditor(draft(nodes), <CostNote flowId="flow_01JD0000000000000000000000" nodes={nodes} />)

const known: Estimate = {
  least: 400,
  likely: 1_200,
  most: 3_100,
  nodes: [{ node_id: "say", least: 400, likely: 1_200, most: 3_100, gaps: [] }],
}
const withGaps = (gaps: Record<string, Estimate["nodes"][number]["gaps"]>): Estimate => ({
  ...known,
  most: null,
  nodes: Object.entries(gaps).map(([node_id, of]) => ({
    node_id,
    least: 0,
    likely: 0,
    most: null,
    gaps: of,
  })),
})

it("asks for the cost of the draft and says it", async () => {
  server.mockResolvedValue(new Response(JSON.stringify({ estimate: known, executions: 12 })))
  showCost(node("say", "llm", { prompt: "Hi" }))
  expect(await screen.findByText(/About \$0\.0012 an execution/)).toBeTruthy()
  const asked = new Request(server.mock.calls[0]![0], server.mock.calls[0]![1])
  expect(asked.url).toMatch(/\/flows\/flow_01JD0{22}\/estimate$/)
})

it("asks nothing, and says nothing, where no model is asked", () => {
  const { view } = showCost(node("in", "input"), node("rest", "wait"))
  expect(server).not.toHaveBeenCalled()
  expect(view.container.textContent).toBe("")
})

it("says so when it cannot be estimated", async () => {
  server.mockResolvedValue(new Response("{}", { status: 403 }))
  showCost(node("say", "llm", { prompt: "Hi" }))
  expect(await screen.findByText("What it costs could not be estimated.")).toBeTruthy()
})

describe("the sentence", () => {
  it.each([
    [known, 12, "About $0.0012 an execution, from $0.0004 to $0.0031 by the last 12 executions."],
    [{ ...known, least: 1_200, most: 1_200 }, 1, "About $0.0012 an execution, by the last execution."],
    [withGaps({ say: ["never_ran"] }), 0, "About $0.0012 an execution, by what is written in it."],
    [
      withGaps({ say: ["never_ran"] }),
      4,
      "About $0.0012 an execution, by the last 4 executions and what is written in new nodes.",
    ],
    [{ ...known, least: 0, likely: 0, most: 0 }, 3, "Its models cost nothing."],
  ])("of %#", (estimate, executions, words) => {
    expect(sayCost(estimate, executions)).toBe(words)
  })
})

it("names each node with a gap once, by what says most", () => {
  const gaps = sayGaps(
    withGaps({
      team: ["not_counted", "never_ran"],
      own: ["no_price", "never_ran"],
      each: ["never_ran", "repeats"],
      a: ["never_ran"],
      b: ["never_ran"],
      c: ["never_ran"],
      d: ["never_ran"],
      fine: [],
    }),
    (id) => id.toUpperCase(),
  )
  expect(gaps).toEqual([
    "Not counted: “TEAM”, which has models of its own and has not run yet.",
    "No price is known for the model of “OWN”: it counts as free. Prices are set under Models.",
    "Counted once: “EACH”, which stands in a map or a loop and has not run yet.",
    "“A”, “B”, “C” and 1 more have not run yet: an answer of usual length is taken.",
  ])
})
