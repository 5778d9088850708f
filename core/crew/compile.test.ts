import { describe, expect, it } from "vitest"
import { atWork } from "#core/agent/at-work"
import { AgentConfig } from "#core/agent/agent"
import { NodeId } from "#core/flow/graph"
import { isValid } from "#core/flow/finding"
import { validateFlow } from "#core/flow/validate"
import { planOf } from "#core/flow/plan"
import type { JsonObject } from "#core/json"
import { compileCrew } from "./compile.ts"
import { CollaborationPattern, CrewConfig, type CrewDefinition } from "./crew.ts"
import { loneCrew } from "./lone.ts"

const longest = `x${"y".repeat(39)}`
const member = (position: string, config: JsonObject = {}) => ({
  position,
  agent: {
    agent_id: "agent_01JD0000000000000000000001",
    version: 1,
    name: `{{ ${position} }}`,
    description: "",
    role: "",
    goal: "",
    backstory: "",
    system_prompt: "",
    tools: [],
    config: AgentConfig.parse(config),
  },
})

const crewOf = (pattern: CrewDefinition["collaboration_pattern"], more: JsonObject = {}): CrewDefinition => ({
  crew_id: "crew_01JD0000000000000000000001",
  version: 1,
  name: "Team",
  description: "",
  collaboration_pattern: pattern,
  members: [member("input"), member(longest), member("check"), member("output")],
  // Names that nodes of the crew's own might have.
  tasks: ["input", longest, "result"].map((id, i) => ({
    id,
    description: "Do {{ input }}.",
    expected_output: "",
    position: "check",
    guardrails: [],
    needs_approval: i === 1,
  })),
  config: CrewConfig.parse({ manager: "input", judge: "output", rounds: 2, ...more }),
})

describe.each(CollaborationPattern.options)("a %s crew", (pattern) => {
  const crew = crewOf(pattern)
  const graph = compileCrew(crew)

  it("is a flow as one could draw it, but for what agents are told there", () => {
    const drawn = {
      ...graph,
      nodes: graph.nodes.map((node) =>
        node.type === "agent"
          ? { ...node, data: { agent_id: node.data["agent_id"]!, task: node.data["task"]! } }
          : node,
      ),
    }
    const findings = validateFlow(drawn)
    expect(findings.filter((one) => one.severity === "error")).toEqual([])
    expect(isValid(findings)).toBe(true)
  })

  it("names its nodes so that none is another's, and each task's like the task", () => {
    const ids = graph.nodes.map((node) => node.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.map((id) => NodeId.safeParse(id).success)).toEqual(ids.map(() => true))
    for (const task of crew.tasks) expect(ids).toContain(task.id)
  })

  it("leads from its input to every task, and from the last to its result", () => {
    const { root, body } = planOf(loneCrew(crew))
    expect(root.order.map((node) => node.id)).toEqual(["input", "crew", "output"])
    const inside = body("crew")
    expect(inside.place).toEqual({ crew, depth: 0 })
    for (const task of crew.tasks) expect(inside.nodes.has(task.id)).toBe(true)
    expect(inside.results).toEqual(["Result"])
  })
})

describe("who may hand work to whom", () => {
  const work = (crew: CrewDefinition, position: string, depth = 0) =>
    atWork(
      { nodes: [], edges: [], settings: {} },
      { crew, depth },
      { id: "n", type: "agent", position: { x: 0, y: 0 }, data: { position } },
    ).delegates.map((one) => one.position)

  it("is the manager to everybody, unless the crew says otherwise", () => {
    const crew = crewOf("hierarchical")
    expect(work(crew, "input")).toEqual([longest, "check", "output"])
    expect(work(crew, "check")).toEqual([])
    expect(work(crewOf("sequential"), "input")).toEqual([])
  })

  it("is along the edges, as deep as may be, and for those who may", () => {
    const delegation = [
      { from: "input", to: "check", max_cost_micros: 7 },
      { from: "check", to: "input" },
      { from: "input", to: "input" },
      { from: "input", to: "nobody" },
    ]
    const crew = crewOf("sequential", { delegation, max_depth: 2 })
    expect(work(crew, "input")).toEqual(["check"])
    expect(work(crew, "check", 1)).toEqual(["input"])
    expect(work(crew, "check", 2)).toEqual([])
    crew.members.at(0)!.agent.config.allow_delegation = false
    expect(work(crew, "input")).toEqual([])
  })

  it("is counted in depth by the way down", () => {
    const crew = crewOf("hierarchical", {
      delegation: [
        { from: "input", to: "check" },
        { from: "check", to: "input" },
      ],
      max_depth: 2,
    })
    const { body } = planOf(loneCrew(crew))
    const boss = "crew/input[0]"
    expect(body(boss).work?.delegates.map((one) => one.position)).toEqual(["check"])
    expect(body(`${boss}/calls[0]/to_check[3]`).work?.delegates.map((one) => one.position)).toEqual(["input"])
    const last = body(`${boss}/calls[0]/to_check[3]/calls[1]/to_input[0]`)
    expect([last.place.depth, last.work?.delegates]).toEqual([2, []])
  })
})
