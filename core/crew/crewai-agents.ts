import type * as z from "zod"
import type { AgentDraft } from "#core/agent/agent"
import { agentReasons, unknownField } from "./crewai-reasons.ts"
import { filled, type Reader, type Surroundings } from "./crewai-reader.ts"
import { nameOf } from "./crewai-words.ts"

type Draft = z.input<typeof AgentDraft>
type Config = NonNullable<Draft["config"]>

export type AgentRead = { key: string; position: string; draft: Draft; mayDelegate: boolean }

/** What is being read: where its fields stand, where they go, and what they become. */
type At = { reader: Reader; path: string; to: string; agent: AgentRead; config: Config; here: Surroundings }

/** How often CrewAI asks the model when the file does not say. */
const crewAiIterations = 20

export function readAgent(
  reader: Reader,
  key: string,
  position: string,
  fields: Record<string, unknown>,
  here: Surroundings,
): AgentRead {
  const config: Config = { limits: { max_iterations: crewAiIterations }, allow_delegation: false }
  const agent: AgentRead = {
    key,
    position,
    draft: { name: nameOf(position), tool_ids: [], config },
    mayDelegate: false,
  }
  const path = `agents_yaml.${key}`
  for (const name of ["role", "goal", "backstory"])
    if (filled(fields).every(([field]) => field !== name))
      reader.fault(`${path}.${name}`, "Every agent has one.")
  for (const [field, value] of filled(fields)) {
    const at: At = { reader, path: `${path}.${field}`, to: `agents.${position}`, agent, config, here }
    const read = Object.hasOwn(readers, field) ? readers[field] : undefined
    if (read) read(value, at)
    else reader.dropped(at.path, Object.hasOwn(agentReasons, field) ? agentReasons[field]! : unknownField)
  }
  return agent
}

const words =
  (field: "role" | "goal" | "backstory", most: number) =>
  (value: unknown, { reader, path, to, agent }: At): void => {
    const text = reader.text(value, path, `${to}.${field}`, most)
    if (text !== undefined) agent.draft[field] = [text, agent.draft[field]].filter(Boolean).join("\n\n")
  }

const limit =
  (field: "max_iterations" | "max_calls_per_minute" | "max_seconds", most: number) =>
  (value: unknown, { reader, path, to, config }: At): void => {
    const number = reader.whole(value, path, `${to}.config.limits.${field}`, most)
    if (number !== undefined) config.limits = { ...config.limits, [field]: number }
  }

/** What becomes of each field that has a counterpart. */
const readers: Record<string, (value: unknown, at: At) => void> = {
  role: words("role", 500),
  goal: words("goal", 4_000),
  backstory: words("backstory", 10_000),
  max_iter: limit("max_iterations", 100),
  max_rpm: limit("max_calls_per_minute", 10_000),
  max_execution_time: limit("max_seconds", 3_600),
  llm: model,
  tools: (value, at) => grantTools(value, at),
  allow_delegation: (value, { reader, path, to, agent, config }) => {
    const may = reader.flag(value, path)
    if (may === undefined) return
    agent.mayDelegate = may
    config.allow_delegation = may
    if (may) reader.changed(path, "config.delegation", "Edges to everybody in the crew say whom it may ask.")
    else reader.mapped(path, `${to}.config.allow_delegation`)
  },
  memory: (value, { reader, path, to, config }) => {
    const isOn = reader.flag(value, path)
    if (isOn === undefined) return
    config.memory = isOn
    reader.mapped(path, `${to}.config.memory`)
  },
  inject_date: (value, { reader, path, to, agent }) => {
    if (reader.flag(value, path) === undefined) return
    if (value === false) return reader.mapped(path, `${to}.tool_ids`)
    grant(agent.draft, "builtin:time")
    reader.changed(path, `${to}.tool_ids`, "It is given the tool that tells the time.")
  },
  guardrail: (value, { reader, path, to, agent }) => {
    const said = sentence(reader, value, path)
    if (said === undefined) return
    const goal = [agent.draft.goal, `What you answer must keep to this: ${said}`].filter(Boolean).join("\n\n")
    if (goal.length > 4_000) {
      reader.fault(path, "Goal and guardrail are too long together.")
      return
    }
    agent.draft.goal = goal
    reader.changed(path, `${to}.goal`, "Said to the agent: guardrails here are patterns and expressions.")
  },
}

/** A guardrail in words; one in Python is only named. */
export function sentence(reader: Reader, value: unknown, path: string): string | undefined {
  const said = reader.text(value, path, "", 2_000)
  if (said === undefined) return undefined
  reader.report.mapped.pop()
  if (/\s/.test(said)) return said
  reader.dropped(path, "A Python function. Write a guardrail as a pattern or an expression.")
  return undefined
}

function model(value: unknown, { reader, path, to, agent, config, here }: At): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    for (const [field, one] of filled(value as Record<string, unknown>)) {
      const at = `${path}.${field}`
      if (field === "model") named(one, at)
      else if (field === "temperature" && typeof one === "number" && one >= 0 && one <= 2) {
        config.temperature = one
        reader.mapped(at, `${to}.config.temperature`)
      } else if (field === "max_tokens" && typeof one === "number") {
        config.max_tokens = reader.whole(one, at, `${to}.config.max_tokens`, 1_000_000)
      } else reader.dropped(at, "Said by the model alias or the provider here.")
    }
    return
  }
  named(value, path)

  function named(name: unknown, at: string): void {
    const said = reader.plainText(name, at)
    if (said === undefined) return
    const known = here.model(said)
    if (!known)
      return reader.dropped(
        at,
        `There is no provider for ${said.slice(0, 100)} here; the default one is asked.`,
      )
    Object.assign(agent.draft, known)
    if (known.model === said) reader.mapped(at, `${to}.model`)
    else reader.changed(at, `${to}.model`, "Provider and model are two fields.")
  }
}

/** Tools by their names: those of the tenant, and builtin ones. */
export function grantTools(
  value: unknown,
  { reader, path, to, agent, here }: Omit<At, "config">,
  why?: string,
): void {
  for (const name of reader.names(value, path)) {
    const tool = here.tool(name)
    const at = `${path}.${name}`
    if (!tool) {
      reader.dropped(at, "A tool in Python. Create a tool of this name here and give it to the agent.")
      continue
    }
    grant(agent.draft, tool)
    if (why === undefined) reader.mapped(at, `${to}.tool_ids`)
    else reader.changed(at, `${to}.tool_ids`, why)
  }
}

function grant(draft: Draft, tool: NonNullable<Draft["tool_ids"]>[number]): void {
  if (!draft.tool_ids?.includes(tool)) draft.tool_ids = [...(draft.tool_ids ?? []), tool]
}
