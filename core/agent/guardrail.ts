import { RE2JS } from "re2js"
import { resolveBare } from "#core/flow/expression/template"
import { asText, type Json } from "#core/json"
import type { Guardrail } from "./agent.ts"

/** What an answer violates, in a sentence that the agent can act on; undefined when it keeps to everything. */
export async function violation(
  answer: Json,
  guardrails: readonly Guardrail[],
  now: string,
): Promise<string | undefined> {
  for (const guardrail of guardrails) {
    const said = await violated(answer, guardrail, now)
    if (said !== undefined) return said
  }
  return undefined
}

async function violated(answer: Json, guardrail: Guardrail, now: string): Promise<string | undefined> {
  const text = asText(answer)
  switch (guardrail.type) {
    case "max_characters":
      return text.length <= guardrail.most
        ? undefined
        : `The answer has ${text.length} characters; ${guardrail.most} are the most.`
    case "must_match":
      return finds(guardrail.pattern, text)
        ? undefined
        : (guardrail.message ?? `The answer must match ${guardrail.pattern}.`)
    case "must_not_match":
      return finds(guardrail.pattern, text)
        ? (guardrail.message ?? `The answer must not match ${guardrail.pattern}.`)
        : undefined
    case "expression":
      return (await holds(guardrail.when, answer, now)) ? undefined : guardrail.message
    default:
      return guardrail satisfies never
  }
}

/** In RE2's syntax and in linear time, whoever wrote it. */
const finds = (pattern: string, text: string): boolean => RE2JS.compile(pattern).matcher(text).find()

/** An expression that fails says nothing good of the answer. */
async function holds(when: string, output: Json, now: string): Promise<boolean> {
  const scope = { input: null, nodes: {}, execution: { now }, vars: {}, output }
  try {
    return (await resolveBare(when, scope)) === true
  } catch {
    return false
  }
}
