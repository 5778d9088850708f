import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import type { ExecutionEvent } from "#core/execution/event"
import type { FrozenGraph } from "#core/flow/frozen"
import { planOf } from "#core/flow/plan"
import type { ExecutionId } from "#core/ids"
import { describedBy } from "./describe.ts"
import { spansAfter } from "./fold.ts"
import type { Span } from "./span.ts"
import { newTrace } from "./trace.ts"

const id = "exec_0001JD0000000000000000000000" as ExecutionId

type Recorded = { graph: FrozenGraph; events: ExecutionEvent[]; state: Record<string, unknown> }

function fixtureOf(name: string): Recorded {
  const file = new URL(`../../test/fixtures/journals/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(file, "utf8")) as Recorded
}

/** The spans of a recorded execution. */
function spansOf(name: string): Span[] {
  const { graph, events } = fixtureOf(name)
  return spansAfter(newTrace(id, describedBy(planOf(graph))), events)
}

const named = (spans: Span[], name: string): Span => spans.find((one) => one.name === name)!

describe("the spans of an agent", () => {
  const spans = spansOf("agent-tools")

  it("have OpenTelemetry's names, and what the agent has used in all", () => {
    const agent = named(spans, "invoke_agent Ana")
    expect(agent.attributes).toMatchObject({
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "Ana",
      "gen_ai.agent.id": "agent_01JD0000000000000000000001",
      "edgecrew.agent.turns": 2,
    })
    expect([agent.input_tokens, agent.output_tokens, agent.cost_micros]).toEqual([20, 4, 20])
    expect(spans.find((one) => one.kind === "execution")).toMatchObject({ cost_micros: 20 })
  })

  it("tell of each call of a tool under the step that made it", () => {
    const tool = named(spans, "execute_tool math")
    expect(tool).toMatchObject({ kind: "tool", status: "ok", scope: "ana[0]/calls[0]" })
    expect(tool.attributes).toMatchObject({
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "math",
      "gen_ai.tool.type": "function",
      "gen_ai.tool.call.id": "c0",
    })
    const parent = spans.find((one) => one.id === tool.parent_id)
    expect(parent).toMatchObject({ kind: "step", node_id: "call" })
    expect(tool.text).toContain("6 * 7")
  })

  it("say why a tool failed", () => {
    const failed = spansOf("agent-tool-fails")
    expect(named(failed, "execute_tool look")).toMatchObject({
      status: "error",
      attributes: { "error.type": "http.status_500" },
    })
    expect(failed.find((one) => one.kind === "execution")?.status).toBe("ok")
  })
})

describe("the spans of a crew", () => {
  const spans = spansOf("crew-hierarchical")

  it("stand inside each other as the work was handed on", () => {
    const way: string[] = []
    let span: Span | undefined = named(spans, "invoke_agent writer")
    for (; span; span = spans.find((one) => one.id === span?.parent_id)) way.push(span.name)
    expect(way).toEqual([
      "invoke_agent writer",
      "scope team/report[0]/calls[1]",
      "invoke_node calls",
      "scope team/report[0]",
      "invoke_agent boss",
      "invoke_workflow Team",
      "invoke_node team",
      "invoke_workflow Fixture",
    ])
  })

  it("sum up what colleagues cost, each once", () => {
    const cost = (name: string) => named(spans, name).cost_micros
    expect([cost("invoke_agent boss"), cost("invoke_agent writer"), cost("invoke_workflow Fixture")]).toEqual(
      [40, 10, 40],
    )
  })

  it("end with the server, and begin again after it", () => {
    const crashed = spansOf("crew-hierarchical-crash").filter((one) => one.name === "invoke_node writer")
    expect(crashed.map((one) => [one.attempt, one.status])).toEqual([
      [1, "error"],
      [2, "ok"],
    ])
  })
})

describe("the spans of calls that came to nothing", () => {
  it.each([
    ["llm-failover-paid", 3],
    ["fails-fast-paid", 1],
    ["cancelled-in-model-paid", 1],
    ["map-item-fails-paid", 1],
  ])("say what they took, and add up to what the execution took: %s", (name, most) => {
    const spans = spansOf(name)
    const { state } = fixtureOf(name)
    const sum = (field: "input_tokens" | "output_tokens" | "cost_micros") =>
      spans.filter((one) => one.kind === "model").reduce((all, one) => all + one[field], 0)
    const root = spans.find((one) => one.kind === "execution")!
    for (const field of ["input_tokens", "output_tokens", "cost_micros"] as const)
      expect([field, sum(field), root[field]]).toEqual([field, state[field], state[field]])
    expect(state["input_tokens"]).toBeGreaterThan(0)
    const paid = spans.filter((one) => one.kind === "model" && one.cost_micros > 0)
    expect(paid).toHaveLength(most)
  })
})
