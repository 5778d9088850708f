import { describe, expect, it } from "vitest"
import { pairs, type CrewAiPair } from "#test/kit/crewai/pairs"
import { AgentId, ProviderId } from "#core/ids"
import type { CrewDraft } from "./crew.ts"
import { exportCrewAi, type ExportedAgent } from "./crewai-export.ts"
import { importCrewAi, type ImportedCrew } from "./crewai-import.ts"
import { readModel } from "./crewai-models.ts"
import type { Surroundings } from "./crewai-reader.ts"
import { isValid } from "#core/flow/finding"
import { validateCrew } from "./validate.ts"

const openai = ProviderId.parse("provider_01JD0000000000000000000000")

/** A tenant with two tools and an account at one vendor. */
const here: Surroundings = {
  tool: (name) => (["time", "web_page"].includes(name) ? `builtin:${name}` : undefined),
  model: (name) => {
    const { provider_type, model } = readModel(name)
    return provider_type === "openai" ? { model, llm_provider_id: openai } : undefined
  },
}

type Pattern = "sequential" | "hierarchical"

const read = (files: CrewAiPair, collaboration_pattern: Pattern = "sequential") =>
  importCrewAi({ name: "Crew", collaboration_pattern, ...files }, here)

function imported(files: CrewAiPair, pattern?: Pattern): ImportedCrew {
  const result = read(files, pattern)
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  return result.value
}

const faultsOf = (files: CrewAiPair, pattern?: Pattern) => {
  const result = read(files, pattern)
  return result.ok ? [] : result.faults
}

/** Ids that tell the position, for crews that nobody keeps. */
const drafted = (from: ImportedCrew): CrewDraft => {
  const ulid = (i: number) => AgentId.parse(`agent_01JD00000000000000000000${String(i).padStart(2, "0")}`)
  return from.crew(new Map(from.agents.map(({ position }, i) => [position, ulid(i)])))
}

const agentAt = ({ agents }: ImportedCrew, position: string) =>
  agents.find((one) => one.position === position)!.agent

function written(from: ImportedCrew) {
  const agents = new Map<string, ExportedAgent>(
    from.agents.map(({ position, agent }) => [
      position,
      {
        agent,
        provider_type: agent.llm_provider_id === openai ? "openai" : undefined,
        tool_names: agent.tool_ids.map((id) => id.slice("builtin:".length)),
      },
    ]),
  )
  return exportCrewAi(drafted(from), agents)
}

const whyOf = (list: { path: string; why: string }[]) =>
  Object.fromEntries(list.map(({ path, why }) => [path, why]))

/** Every field that the files hold something in, by its path. */
const fieldsOf = (yaml: string, file: string): string[] => {
  let key = ""
  return yaml.split("\n").flatMap((line) => {
    const [, name] = /^([\w-]+):/.exec(line) ?? []
    if (name !== undefined) key = name
    const [, field, rest] = /^ {2}(\w+):(.*)$/.exec(line) ?? []
    return field === undefined || (rest?.trim() === "" && field === "context" && key === "news")
      ? []
      : [`${file}.${key}.${field}`]
  })
}

describe("importing CrewAI's files", () => {
  it("takes over roles, goals, backstories and tasks, with placeholders as expressions", () => {
    const crew = imported(pairs.report)
    expect(agentAt(crew, "reporting_analyst")).toMatchObject({
      name: "Reporting analyst",
      role: "{{ input.topic }} Reporting Analyst",
      goal: "Turn what was found out about {{ input.topic }} into a report that can be acted on",
      config: { limits: { max_iterations: 20 }, allow_delegation: false },
    })
    const draft = drafted(crew)
    expect(draft.tasks).toMatchObject([
      {
        id: "research_task",
        position: "researcher",
        description:
          "Find out what is worth knowing about {{ input.topic }}. Take only what still holds in {{ input.current_year }}.",
      },
      {
        id: "reporting_task",
        context: ["research_task"],
        expected_output:
          "A report with one section for each point, without any code fence\n\nFormatted as Markdown.",
      },
    ])
    expect(draft.input_schema).toMatchObject({
      properties: { topic: { type: "string" }, current_year: { type: "string" } },
      required: ["topic", "current_year"],
    })
    expect(whyOf(crew.report.dropped)).toEqual({
      "tasks_yaml.reporting_task.output_file": expect.stringContaining("No file is written"),
    })
    expect(validateCrew(draft)).toEqual([])
  })

  it.each([
    ["report", "sequential"],
    ["trip", "sequential"],
    ["market", "hierarchical"],
  ] as const)("says of every field of the pair %s what became of it", (name, pattern) => {
    const pair = pairs[name]
    const { report } = imported(pair, pattern)
    const told = [...report.mapped, ...report.changed, ...report.dropped].map((one) => one.path)
    const fields = [...fieldsOf(pair.agents_yaml, "agents_yaml"), ...fieldsOf(pair.tasks_yaml, "tasks_yaml")]
    expect(fields.length).toBeGreaterThan(10)
    // A list is told entry by entry.
    expect(fields.filter((field) => !told.some((path) => `${path}.`.startsWith(`${field}.`)))).toEqual([])
  })

  it("changes what has another shape here, and says so", () => {
    const crew = imported(pairs.trip)
    const scout = agentAt(crew, "city_scout")
    expect(scout).toMatchObject({
      goal: "Choose the best city for {{ input.interests }} between {{ input.`from-date` }} and {{ input.to_date }}",
      backstory: "You have lived in nine cities.\n\nYou never send anybody where it rains in the season.",
      tool_ids: ["builtin:web_page"],
      config: { limits: { max_iterations: 15, max_calls_per_minute: 30 } },
    })
    expect(agentAt(crew, "local_expert")).toMatchObject({
      tool_ids: ["builtin:time"],
      config: { limits: { max_seconds: 120 } },
    })
    expect(agentAt(crew, "concierge")).toMatchObject({
      model: "gpt-4o-mini",
      llm_provider_id: openai,
      tool_ids: ["builtin:time"],
      goal: expect.stringContaining("Never name a place that is closed") as string,
    })
    const [, gather, plan] = drafted(crew).tasks
    expect(gather).toMatchObject({ context: ["choose_city"] })
    expect(gather?.description).toContain('{"places": []}')
    expect(plan).toMatchObject({ needs_approval: true, context: ["choose_city", "gather"] })
    expect(plan?.expected_output).toBe(
      "A plan by the hour\n\nIt must keep to this: Every day begins after nine o'clock",
    )
    expect(Object.keys(whyOf(crew.report.dropped)).sort()).toEqual([
      "agents_yaml.City-Scout.tools.SerperDevTool",
      "agents_yaml.City-Scout.verbose",
      "agents_yaml.concierge.date_format",
      "agents_yaml.local_expert.cache",
      "agents_yaml.local_expert.respect_context_window",
      "tasks_yaml.choose_city.async_execution",
      "tasks_yaml.gather.guardrail",
      "tasks_yaml.gather.output_json",
      "tasks_yaml.plan.callback",
      "tasks_yaml.plan.guardrail_max_retries",
      "tasks_yaml.plan.guardrails.1",
      "tasks_yaml.plan.name",
    ])
    for (const { why } of [...crew.report.changed, ...crew.report.dropped]) expect(why).toMatch(/\w.*[.)]$/)
  })

  it("gives a hierarchical crew the manager that CrewAI makes, and edges to those who may delegate", () => {
    const crew = imported(pairs.market, "hierarchical")
    const draft = drafted(crew)
    expect(draft.config.manager).toBe("manager")
    expect(crew.agents.map((one) => one.position)).toEqual(["analyst", "news_reader", "advisor", "manager"])
    const edges = draft.config.delegation!.map(({ from, to }) => `${from} ${to}`)
    expect(edges).toEqual([
      ...["news_reader", "advisor", "manager"].map((to) => `analyst ${to}`),
      ...["analyst", "news_reader", "advisor"].map((to) => `manager ${to}`),
    ])
    expect(agentAt(crew, "analyst").config.memory).toBe(true)
    expect(agentAt(crew, "news_reader").config.limits.max_iterations).toBe(100)
    expect(draft.tasks.map((task) => [task.position, task.context])).toEqual([
      [undefined, undefined],
      [undefined, ["numbers"]],
      [undefined, []],
    ])
    expect(whyOf(crew.report.dropped)).toMatchObject({
      "agents_yaml.analyst.llm": expect.stringContaining("anthropic/claude-sonnet-4-5"),
      "agents_yaml.advisor.mood": "This field is not known here.",
    })
    expect(isValid(validateCrew(draft))).toBe(true)
    const named = imported(
      {
        agents_yaml: `${pairs.market.agents_yaml}crew_manager: { role: Boss, goal: Lead, backstory: Old }\n`,
        tasks_yaml: pairs.market.tasks_yaml,
      },
      "hierarchical",
    )
    expect(drafted(named).config.manager).toBe("crew_manager")
    expect(named.agents).toHaveLength(4)
  })

  it("leaves open who does a task that names nobody, which is a finding", () => {
    const draft = drafted(imported(pairs.market))
    expect(validateCrew(draft).map((one) => [one.code, one.node_id])).toContainEqual([
      "task.no_position",
      "numbers",
    ])
  })
})

describe("files that are refused", () => {
  const agents_yaml = "a:\n  role: r\n  goal: g\n  backstory: b\n"
  const tasks_yaml = "t:\n  description: d\n  expected_output: e\n  agent: a\n"

  it("would be taken if they were whole", () => {
    expect(faultsOf({ agents_yaml, tasks_yaml })).toEqual([])
  })

  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghi"
    .split("")
    .map((name, i) => {
      const before = "abcdefgh"[i] ?? ""
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join(",")}]`
    })
    .join("\n")}\n`

  it.each<[string, string]>([
    ["aliases that grow", bomb],
    ["one alias", "a: &x { role: r, goal: g, backstory: b }\nb: *x\n"],
    ["a key twice", `${agents_yaml}a:\n  role: r\n`],
    ["a field twice", "a:\n  role: r\n  role: s\n  goal: g\n  backstory: b\n"],
    ["a tag of Python", "a: !!python/object:os.system { role: r, goal: g, backstory: b }\n"],
    ["two documents", `${agents_yaml}---\n${agents_yaml}`],
    ["a bracket that nobody closes", "a: [\n"],
    ["brackets without end", `a: ${"[".repeat(200_000)}`],
    ["lists without end", `${"- ".repeat(200_000)}x`],
    ["maps without end", Array.from({ length: 600 }, (_, i) => `${" ".repeat(i)}k:`).join("\n")],
    ["keys without end", `${"? ".repeat(100_000)}x`],
    ["tabs", "a:\n\trole: r\n"],
    ["a list", "- a\n- b\n"],
    ["a text", "just words"],
    ["nothing", "# only a comment\n"],
    ["no agents", "{}"],
    ["an agent that is a text", "a: researcher\n"],
  ])("%s: with the file's name", (_, yaml) => {
    const faults = faultsOf({ agents_yaml: yaml, tasks_yaml })
    expect(faults.length).toBeGreaterThan(0)
    expect(faults[0]?.path).toMatch(/^agents_yaml/)
    expect(faults[0]?.message.length).toBeLessThan(300)
  })

  it.each<[string, Partial<CrewAiPair>, string]>([
    ["a role that is a number", { agents_yaml: agents_yaml.replace("r\n", "42\n") }, "agents_yaml.a.role"],
    ["a goal that is a list", { agents_yaml: agents_yaml.replace("g\n", "[g]\n") }, "agents_yaml.a.goal"],
    ["no backstory", { agents_yaml: "a:\n  role: r\n  goal: g\n" }, "agents_yaml.a.backstory"],
    [
      "a role of a thousand letters",
      { agents_yaml: agents_yaml.replace("r\n", `${"r".repeat(1000)}\n`) },
      "agents_yaml.a.role",
    ],
    ["max_iter in words", { agents_yaml: `${agents_yaml}  max_iter: many\n` }, "agents_yaml.a.max_iter"],
    ["max_iter of nought", { agents_yaml: `${agents_yaml}  max_iter: 0\n` }, "agents_yaml.a.max_iter"],
    ["memory in words", { agents_yaml: `${agents_yaml}  memory: good\n` }, "agents_yaml.a.memory"],
    ["a tool that is a number", { agents_yaml: `${agents_yaml}  tools: [1]\n` }, "agents_yaml.a.tools.0"],
    ["no description", { tasks_yaml: "t:\n  agent: a\n" }, "tasks_yaml.t.description"],
    [
      "an agent that is not there",
      { tasks_yaml: tasks_yaml.replace("agent: a", "agent: b") },
      "tasks_yaml.t.agent",
    ],
    ["context that is not there", { tasks_yaml: `${tasks_yaml}  context: [u]\n` }, "tasks_yaml.t.context.0"],
    ["its own context", { tasks_yaml: `${tasks_yaml}  context: t\n` }, "tasks_yaml.t.context"],
    [
      "a schema that is none",
      { tasks_yaml: `${tasks_yaml}  output_json: { type: thing }\n` },
      "tasks_yaml.t.output_json.type",
    ],
    [
      "human_input in words",
      { tasks_yaml: `${tasks_yaml}  human_input: please\n` },
      "tasks_yaml.t.human_input",
    ],
  ])("%s: with its path", (_, change, path) => {
    expect(faultsOf({ agents_yaml, tasks_yaml, ...change }).map((one) => one.path)).toEqual([path])
  })

  it("too many agents, and files of half a megabyte in good time", () => {
    const many = (count: number, what: string) =>
      Array.from({ length: count }, (_, i) => `x${i}:\n${what}`).join("")
    const agent = "  role: r\n  goal: g\n  backstory: b\n"
    expect(faultsOf({ agents_yaml: many(21, agent), tasks_yaml: tasks_yaml.replace(": a", ": x0") })).toEqual(
      [{ path: "agents_yaml", message: "At most 20 agents; these are 21." }],
    )
    const long = many(12_000, agent).slice(0, 500_000)
    expect(faultsOf({ agents_yaml: long, tasks_yaml })[0]?.path).toBe("agents_yaml")
    expect(faultsOf({ agents_yaml: `a: "${"\\u0041".repeat(80_000)}"`, tasks_yaml })[0]?.path).toBe(
      "agents_yaml.a",
    )
  })

  it("names of what every object has are names like others", () => {
    const crew = imported({
      agents_yaml: `constructor:\n  role: r\n  goal: g\n  backstory: b\n  toString: x\n  __proto__: y\n`,
      tasks_yaml: tasks_yaml.replace("agent: a", "agent: constructor"),
    })
    expect(crew.agents.map((one) => one.position)).toEqual(["constructor"])
    expect(crew.report.dropped.map((one) => one.path)).toEqual([
      "agents_yaml.constructor.toString",
      "agents_yaml.constructor.__proto__",
    ])
  })
})

describe("exporting", () => {
  it.each([
    ["report", "sequential"],
    ["trip", "sequential"],
    ["market", "hierarchical"],
  ] as const)("gives back the pair %s, which means the same when it is imported again", (name, pattern) => {
    const first = imported(pairs[name], pattern)
    const files = written(first)
    const second = imported(files, pattern)
    expect(second.agents).toEqual(first.agents)
    expect(drafted(second)).toEqual(drafted(first))
    expect(written(second)).toEqual(files)
  })

  it("says what CrewAI has no place for", () => {
    const crew = imported(pairs.trip)
    const draft = drafted(crew)
    const more = {
      system_prompt: "Be kind.",
      config: {
        ...agentAt(crew, "city_scout").config,
        temperature: 0.2,
        guardrails: [{ type: "max_characters" as const, most: 10 }],
        limits: { max_iterations: 5, max_cost_micros: 100 },
      },
    }
    const agents = new Map<string, ExportedAgent>(
      crew.agents.map(({ position, agent }) => [
        position,
        {
          agent: position === "city_scout" ? { ...agent, ...more } : agent,
          provider_type: undefined,
          tool_names: [],
        },
      ]),
    )
    const files = exportCrewAi(
      {
        ...draft,
        collaboration_pattern: "debate",
        config: { ...draft.config, judge: "concierge", memory: true },
        tasks: draft.tasks.map((task) => ({
          ...task,
          description: "Weigh {{ tasks.gather }} by {{ $uppercase(input.x) }}",
          guardrails: [{ type: "max_characters" as const, most: 10 }],
        })),
      },
      agents,
    )
    expect([...new Set(files.dropped.map((one) => one.path))].sort()).toEqual([
      "agents.city_scout.config.guardrails",
      "agents.city_scout.config.limits.max_cost_micros",
      "agents.city_scout.config.temperature",
      "agents.city_scout.system_prompt",
      "collaboration_pattern",
      "config.judge",
      "config.memory",
      "tasks.choose_city.description",
      "tasks.choose_city.guardrails",
      "tasks.gather.description",
      "tasks.gather.guardrails",
      "tasks.plan.description",
      "tasks.plan.guardrails",
    ])
    expect(files.tasks_yaml).toContain("the result of gather")
  })
})
