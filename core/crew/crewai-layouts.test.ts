import { describe, expect, it } from "vitest"
import { importDocument } from "#core/exchange/import"
import { formatOf, readDocument } from "#core/exchange/read"
import { AgentId } from "#core/ids"
import { importCrewAi } from "./crewai-import.ts"

const here = { tool: () => undefined, model: () => undefined }
const id = AgentId.parse("agent_01JD0000000000000000000000")

/** The layouts in which real projects keep their two files. */
function read(agents_yaml: string, tasks_yaml: string) {
  const made = importCrewAi({ name: "C", collaboration_pattern: "sequential", agents_yaml, tasks_yaml }, here)
  if (!made.ok) return { faults: made.faults }
  const { agents, report } = made.value
  return { agents, report, crew: made.value.crew(new Map(agents.map((one) => [one.position, id]))) }
}

const agent = (name: string) => `${name}:\n  role: ${name}\n  goal: g\n  backstory: b\n`
const task = (name: string, more = "") =>
  `${name}:\n  description: d\n  expected_output: e\n  agent: a\n${more}`

describe("tasks of CrewAI", () => {
  it("come after those whose results they are given, whatever order the file has", () => {
    const { crew, report } = read(
      agent("a"),
      `${task("write", "  context: [research, plan]\n")}${task("plan")}${task("research", "  context: plan\n")}`,
    )
    expect(crew?.tasks.map((one) => [one.id, one.context])).toEqual([
      ["plan", undefined],
      ["research", ["plan"]],
      ["write", ["research", "plan"]],
    ])
    expect(report?.changed.map((one) => one.path)).toContain("tasks_yaml.write")
  })

  it("that wait for each other, or for one that is not there, are refused with the place", () => {
    const circle = `${task("one", "  context: [two]\n")}${task("two", "  context: [one]\n")}`
    expect(read(agent("a"), circle).faults).toEqual([
      { path: "tasks_yaml.two.context.0", message: "There is no task one before this one." },
    ])
    expect(read(agent("a"), task("one", "  context: [gone]\n")).faults?.[0]?.path).toBe(
      "tasks_yaml.one.context.0",
    )
  })

  it("that say nothing of what is expected are told of", () => {
    const { report } = read(agent("a"), "one:\n  description: d\n  expected_output: >\n  agent: a\n")
    expect(report?.changed).toContainEqual({
      path: "tasks_yaml.one.expected_output",
      to: "tasks.one.expected_output",
      why: "The file says nothing of it.",
    })
  })
})

describe("files that hold everything under one name", () => {
  it("are read as if it was not there", () => {
    const indented = (text: string) => text.replaceAll(/^(?=.)/gm, "  ")
    const { agents, crew } = read(`agents:\n${indented(agent("a"))}`, `tasks:\n${indented(task("one"))}`)
    expect(agents?.map((one) => one.position)).toEqual(["a"])
    expect(crew?.tasks.map((one) => one.position)).toEqual(["a"])
  })

  it("are no agent that is called so", () => {
    const { agents } = read(agent("agents"), task("one").replace("agent: a", "agent: agents"))
    expect(agents?.map((one) => one.position)).toEqual(["agents"])
  })

  const list = `agents:
  - role: Senior Researcher
    goal: g
    backstory: b
  - role: Writer
    goal: g
    backstory: b
tasks:
  - description: Look at {topic}
    expected_output: e
    agent: Senior Researcher
  - name: write_it
    description: d
    expected_output: e
    agent: Writer
`
  it("may be plain lists, whose tasks name their agents by their roles", () => {
    const document = readDocument(list)
    if (!document.ok) throw new Error("unread")
    expect(formatOf(document.document.value)).toBe("crewai")
    const made = importDocument(document.document, "crewai", { here, crew_id: "crew_01" })
    if (!made.ok) throw new Error(JSON.stringify(made.faults))
    const crew = made.imported.crew?.crew(
      new Map([
        ["senior_researcher", id],
        ["writer", id],
      ]),
    )
    expect(crew?.tasks.map((one) => [one.id, one.position])).toEqual([
      ["task_1", "senior_researcher"],
      ["write_it", "writer"],
    ])
    expect(made.imported.original).toBe(list)
  })

  it("that list what is no entry are refused with its place", () => {
    expect(read("agents: [1, {role: r, goal: g, backstory: b}]", task("one")).faults?.[0]?.path).toBe(
      "agents_yaml.agent_1",
    )
  })
})
