import { describe, expect, it } from "vitest"
import { isValid } from "#core/flow/finding"
import { CrewDraft } from "./crew.ts"
import { crewExamples } from "./examples.ts"
import { agentExamples } from "#core/agent/examples"
import { validateCrew } from "./validate.ts"

const agent_id = "agent_01JD0000000000000000000000"
const member = (position: string) => ({ agent_id, position })
const task = (id: string, more: object = {}) => ({ id, description: `Do ${id}`, position: "a", ...more })

const sound = {
  name: "Crew",
  collaboration_pattern: "sequential",
  agents: ["a", "b", "c"].map(member),
  tasks: [task("one"), task("two", { position: "b", context: ["one"] })],
}
const hierarchical = { collaboration_pattern: "hierarchical", config: { manager: "a" } }
const debate = { collaboration_pattern: "debate", config: { judge: "c" } }

/** Code, member or task, and field of each finding. */
const found = (change: object) =>
  validateCrew(CrewDraft.parse({ ...sound, ...change })).map(({ code, severity, node_id, path }) =>
    [severity === "warning" ? `(${code})` : code, node_id, path].filter(Boolean).join(" "),
  )

const edges = (...ways: string[]) => ({
  config: {
    delegation: ways.map((way) => ({ from: way[0], to: way[1] })),
  },
})

describe("what is found in a crew", () => {
  it.each<[string, object, string[]]>([
    ["a sound one", {}, []],
    ["a hierarchical one", hierarchical, []],
    ["a debate", { ...debate, tasks: [task("one", { position: undefined })] }, []],
    ["a parallel one", { collaboration_pattern: "parallel" }, []],
    [
      "nobody",
      { agents: [], tasks: [task("one", { position: undefined })], ...hierarchical, config: {} },
      ["crew.no_members agents", "crew.no_manager config.manager"],
    ],
    ["nothing to do", { tasks: [] }, ["crew.no_tasks tasks"]],
    ["two in one position", { agents: ["a", "b", "a"].map(member) }, ["crew.duplicate_position a position"]],
    [
      "two tasks of one name",
      { tasks: [task("one"), task("one"), task("one")] },
      ["crew.duplicate_task one id"],
    ],
    [
      "a task for a stranger",
      { tasks: [task("one", { position: "x" })] },
      ["task.unknown_position one position"],
    ],
    [
      "a task for nobody",
      { tasks: [task("one", { position: undefined })] },
      ["task.no_position one position"],
    ],
    [
      "a task for nobody, at once",
      { collaboration_pattern: "parallel", tasks: [task("one", { position: undefined })] },
      ["task.no_position one position"],
    ],
    [
      "a task for whom the manager chooses",
      { ...hierarchical, tasks: [task("one", { position: undefined })] },
      [],
    ],
    [
      "context that is not there",
      { tasks: [task("one", { context: ["x"] })] },
      ["task.unknown_context one context.0"],
    ],
    [
      "context that comes later",
      { tasks: [task("one", { context: ["two"] }), task("two")] },
      ["task.later_context one context.0"],
    ],
    [
      "its own context",
      { tasks: [task("one"), task("two", { context: ["one", "two"] })] },
      ["task.later_context two context.1"],
    ],
    [
      "an expression that does not end",
      { tasks: [task("one", { description: "{{ input." })] },
      ["expression.syntax one description"],
    ],
    [
      "an expression over what is not here",
      { tasks: [task("one", { expected_output: "{{ nodes.x }}" })] },
      ["(expression.no_value) one expected_output"],
    ],
    [
      "results where there are none",
      { tasks: [task("one", { description: "{{ tasks.two }}" })] },
      ["(expression.no_value) one description"],
    ],
    [
      "a schema that is none",
      { tasks: [task("one", { output_schema: { type: "x" } })] },
      ["task.bad_schema one output_schema.type"],
    ],
    ["an input schema that is none", { input_schema: { type: "x" } }, ["crew.bad_schema input_schema.type"]],
    [
      "a guardrail that is none",
      { tasks: [task("one", { guardrails: [{ type: "must_match", pattern: "(" }] })] },
      ["task.bad_guardrail one guardrails.0.pattern"],
    ],
    ["no manager", { ...hierarchical, config: {} }, ["crew.no_manager config.manager"]],
    [
      "a manager who is not there",
      { ...hierarchical, config: { manager: "x" } },
      ["crew.unknown_manager config.manager"],
    ],
    [
      "a manager alone",
      { ...hierarchical, agents: [member("a")], tasks: [task("one")] },
      ["crew.nobody_else agents"],
    ],
    ["no judge", { ...debate, config: {} }, ["crew.no_judge config.judge"]],
    ["a judge who is not there", { ...debate, config: { judge: "x" } }, ["crew.unknown_judge config.judge"]],
    [
      "a debate with oneself",
      { ...debate, agents: ["a", "c"].map(member), tasks: [task("one")] },
      ["crew.nobody_else agents"],
    ],
    ["delegation to a stranger", edges("ax"), ["delegation.unknown_position config.delegation.0.to"]],
    [
      "delegation from a stranger",
      edges("ab", "xa"),
      ["delegation.unknown_position config.delegation.1.from"],
    ],
    ["delegation to oneself", edges("aa"), ["delegation.to_itself config.delegation.0"]],
    ["delegation twice", edges("ab", "ac", "ab"), ["delegation.duplicate config.delegation"]],
    [
      "delegation in a circle, which depth ends",
      edges("ab", "bc", "ca"),
      ["(delegation.circle) config.delegation"],
    ],
    ["delegation without a circle", edges("ab", "bc", "ac"), []],
  ])("%s", (_, change, expected) => {
    expect(found(change)).toEqual(expected)
  })

  it("is said in sentences that tell what to do", () => {
    for (const finding of validateCrew(CrewDraft.parse({ ...sound, ...edges("ab", "ba"), tasks: [] })))
      expect(finding.message).toMatch(/^[A-Za-z].{10,}\.$/)
  })
})

describe("the examples", () => {
  it("are one of each pattern, and sound", () => {
    expect(crewExamples.map((one) => one.crew.collaboration_pattern).sort()).toEqual([
      "debate",
      "hierarchical",
      "parallel",
      "sequential",
    ])
    for (const { crew, members } of crewExamples) {
      const known = new Set(agentExamples.map((one) => one.id))
      expect(members.every((one) => known.has(one.example))).toBe(true)
      const findings = validateCrew({ ...crew, agents: members })
      expect([crew.name, findings]).toEqual([crew.name, []])
      expect(isValid(findings)).toBe(true)
    }
  })
})
