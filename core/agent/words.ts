import { isTemplate } from "#core/flow/expression/parts"
import { resolveTemplate, type Scope } from "#core/flow/expression/template"
import { asText, isJsonObject, type Json, type JsonObject } from "#core/json"
import type { AgentAtWork } from "./at-work.ts"

const fields = ["role", "goal", "backstory"] as const

/**
 * A crew's member may speak of what the crew is given (`an expert for {{ input.topic }}`): those of its own words, and of its
 * colleagues' roles, that hold expressions, with their values. Nothing when none does, or outside of a crew.
 */
export async function wordsIn(
  { agent, position, delegates }: AgentAtWork,
  scope: Scope,
): Promise<JsonObject | undefined> {
  if (position === undefined) return undefined
  const words: JsonObject = {}
  for (const field of fields)
    if (isTemplate(agent[field])) words[field] = asText(await resolveTemplate(agent[field], scope))
  const roles: JsonObject = {}
  for (const one of delegates)
    if (isTemplate(one.agent.role)) roles[one.position] = asText(await resolveTemplate(one.agent.role, scope))
  if (Object.keys(roles).length > 0) words["colleagues"] = roles
  return Object.keys(words).length > 0 ? words : undefined
}

/** An agent at work, in those words. */
export function inWords(work: AgentAtWork, words: Json | undefined): AgentAtWork {
  if (!isJsonObject(words)) return work
  const { colleagues, ...own } = words
  const roles = isJsonObject(colleagues) ? colleagues : {}
  return {
    ...work,
    agent: { ...work.agent, ...texts(own) },
    delegates: work.delegates.map((one) => {
      const role = Object.hasOwn(roles, one.position) ? roles[one.position] : undefined
      return typeof role === "string" ? { ...one, agent: { ...one.agent, role } } : one
    }),
  }
}

const texts = (words: JsonObject): Partial<Record<(typeof fields)[number], string>> =>
  Object.fromEntries(
    fields.flatMap((field) => (typeof words[field] === "string" ? [[field, words[field]]] : [])),
  )
