import { stringify } from "yaml"
import type { AgentDraft } from "#core/agent/agent"
import type { CrewDraft, CrewTask } from "./crew.ts"
import { writeModel } from "./crewai-models.ts"
import { toPlaceholders } from "./crewai-words.ts"

/** An agent as it is in the crew, with the names of its tools. */
export type ExportedAgent = {
  agent: AgentDraft
  provider_type: string | undefined
  tool_names: readonly string[]
}

export type CrewAiFiles = {
  agents_yaml: string
  tasks_yaml: string
  dropped: { path: string; why: string }[]
}

/** What is left out, and why. */
class Losses {
  readonly list: { path: string; why: string }[] = []

  add(path: string, why: string): void {
    this.list.push({ path, why })
  }

  /** A text with CrewAI's placeholders, and the tasks whose results it speaks of. */
  text(text: string, path: string): { text: string; tasks: string[] } {
    const { text: told, tasks, strange } = toPlaceholders(text)
    for (const expression of strange)
      this.add(
        path,
        `CrewAI fills in inputs only; this expression stays as it is: ${expression.slice(0, 200)}`,
      )
    return { text: told, tasks }
  }
}

/** A crew as CrewAI's agents.yaml and tasks.yaml; `agents` by position. */
export function exportCrewAi(crew: CrewDraft, agents: ReadonlyMap<string, ExportedAgent>): CrewAiFiles {
  const losses = new Losses()
  const agentEntries = crew.agents.flatMap(({ position }) => {
    const exported = agents.get(position)
    if (exported) return [[position, agentFields(crew, position, exported, losses)]]
    losses.add(`agents.${position}`, "Its agent was deleted.")
    return []
  })
  const taskEntries = crew.tasks.map((task, i) => [task.id, taskFields(crew, task, i, losses)])
  crewLosses(crew, losses)
  const yaml = (entries: unknown[][]): string =>
    stringify(Object.fromEntries(entries), { lineWidth: 100, aliasDuplicateObjects: false })
  return { agents_yaml: yaml(agentEntries), tasks_yaml: yaml(taskEntries), dropped: losses.list }
}

function agentFields(
  crew: CrewDraft,
  position: string,
  { agent, provider_type, tool_names }: ExportedAgent,
  losses: Losses,
): Record<string, unknown> {
  const path = `agents.${position}`
  const { config } = agent
  const said = (field: "role" | "goal" | "backstory", otherwise: string) =>
    losses.text(agent[field], `${path}.${field}`).text || otherwise
  for (const name of tool_names)
    losses.add(`${path}.tool_ids`, `Only its name goes along: CrewAI wants a function ${name} in crew.py.`)
  agentLosses(agent, path, losses)
  const mayAsk = asksOf(crew, position)
  return {
    role: said("role", agent.name),
    goal: said("goal", "Do the task as well as you can."),
    backstory: said("backstory", "You know your work."),
    ...(agent.model === undefined ? {} : { llm: writeModel(agent.model, provider_type) }),
    ...(tool_names.length > 0 ? { tools: [...tool_names] } : {}),
    max_iter: config.limits.max_iterations,
    ...defined("max_rpm", config.limits.max_calls_per_minute),
    ...defined("max_execution_time", config.limits.max_seconds),
    ...(mayAsk && config.allow_delegation ? { allow_delegation: true } : {}),
    ...(config.memory ? { memory: true } : {}),
  }
}

const defined = (name: string, value: number | undefined) => (value === undefined ? {} : { [name]: value })

/** Whether a member may hand work on. The manager of a hierarchical crew always may; CrewAI knows that by itself. */
const asksOf = ({ config }: CrewDraft, position: string): boolean =>
  position !== config.manager && (config.delegation ?? []).some((edge) => edge.from === position)

type Own = Pick<
  AgentDraft,
  "description" | "system_prompt" | "status" | "config" | "llm_provider_id" | "model"
>

function agentLosses(
  { description, system_prompt, config, llm_provider_id, model }: Own,
  path: string,
  losses: Losses,
) {
  const given: [string, unknown, string][] = [
    ["description", description, "CrewAI describes an agent by role, goal and backstory alone."],
    ["system_prompt", system_prompt, "CrewAI makes the system prompt of role, goal and backstory."],
    [
      "llm_provider_id",
      model === undefined && llm_provider_id,
      "A provider is named there with a model only.",
    ],
    ["config.temperature", config.temperature, "Set it at the LLM in crew.py."],
    ["config.max_tokens", config.max_tokens, "Set it at the LLM in crew.py."],
    ["config.limits.max_cost_micros", config.limits.max_cost_micros, "CrewAI limits no cost."],
    ["config.output_schema", config.output_schema, "CrewAI wants a Python class, at the task."],
    ["config.guardrails", config.guardrails.length, "CrewAI wants a Python function, at the task."],
  ]
  for (const [field, value, why] of given)
    if (value !== undefined && value !== "" && value !== 0 && value !== false)
      losses.add(`${path}.${field}`, why)
}

function taskFields(crew: CrewDraft, task: CrewTask, index: number, losses: Losses): Record<string, unknown> {
  const path = `tasks.${task.id}`
  const [description, expected] = [
    losses.text(task.description, `${path}.description`),
    losses.text(task.expected_output, `${path}.expected_output`),
  ]
  if (task.output_schema)
    losses.add(`${path}.output_schema`, "Written as output_json; CrewAI wants a Python class there.")
  if (task.guardrails.length > 0) losses.add(`${path}.guardrails`, "CrewAI wants a Python function.")
  return {
    description: description.text,
    expected_output: expected.text || "The result of the task.",
    ...(task.position === undefined ? {} : { agent: task.position }),
    ...contextOf(crew, task, index, [...description.tasks, ...expected.tasks]),
    ...(task.needs_approval ? { human_input: true } : {}),
    ...(task.output_schema ? { output_json: task.output_schema } : {}),
  }
}

/** Without a context CrewAI gives a task the results of all before it; here, of the one before it. */
function contextOf({ tasks }: CrewDraft, { context }: CrewTask, index: number, named: string[]) {
  const earlier = tasks.slice(0, index).map((one) => one.id)
  const own = context ?? earlier.slice(-1)
  const given = earlier.filter((id) => own.includes(id) || named.includes(id))
  return given.length === earlier.length ? {} : { context: given }
}

function crewLosses(
  { collaboration_pattern: pattern, config, agents, input_schema }: CrewDraft,
  losses: Losses,
): void {
  if (pattern === "parallel" || pattern === "debate")
    losses.add(
      "collaboration_pattern",
      `CrewAI works sequentially or hierarchically; ${pattern} is not known there.`,
    )
  if (config.manager !== undefined)
    losses.add("config.manager", `Say so in crew.py: manager_agent=self.${config.manager}().`)
  if (config.judge !== undefined) losses.add("config.judge", "CrewAI holds no debates.")
  if (config.memory) losses.add("config.memory", "Say so in crew.py: memory=True.")
  const others = agents.length - 1
  for (const from of new Set((config.delegation ?? []).map((edge) => edge.from))) {
    const edges = (config.delegation ?? []).filter((edge) => edge.from === from)
    if (edges.length < others)
      losses.add(
        "config.delegation",
        `Who may delegate may ask everybody there; ${from} may ask ${edges.map((edge) => edge.to).join(", ")}.`,
      )
    if (edges.some((edge) => edge.max_cost_micros !== undefined))
      losses.add("config.delegation", `CrewAI limits no cost of what ${from} hands on.`)
  }
  if (input_schema && Object.keys(input_schema).length > 0 && !isOnlyNames(input_schema))
    losses.add("input_schema", "CrewAI takes any inputs; it knows their names from the texts.")
}

/** A schema that says nothing but which texts there are. */
function isOnlyNames(schema: Record<string, unknown>): boolean {
  const properties = schema["properties"]
  return (
    typeof properties === "object" &&
    properties !== null &&
    Object.values(properties).every((one) => JSON.stringify(one) === '{"type":"string"}')
  )
}
