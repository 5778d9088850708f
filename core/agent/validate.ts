import { RE2JS } from "re2js"
import type { AgentConfig, Guardrail } from "#core/agent/agent"
import type { InputFault } from "#core/errors"
import { checkExpression } from "#core/flow/expression/check"
import { checkSchema } from "#core/json-schema"

type Checked = Pick<AgentConfig, "output_schema" | "guardrails">

/** What keeps an agent's configuration from working, beyond the shape of its fields. */
export function agentFaults({ config }: { config: Checked }, path = "config"): InputFault[] {
  return [
    ...schemaFaultsAt(config.output_schema, `${path}.output_schema`),
    ...guardrailFaults(config.guardrails, `${path}.guardrails`),
  ]
}

/** What is wrong with a schema that a person wrote, under the path of its field. */
export const schemaFaultsAt = (schema: object | undefined, path: string): InputFault[] =>
  schema === undefined ? [] : checkSchema(schema, path)

/** Patterns and expressions that nothing could be held against. */
export const guardrailFaults = (guardrails: readonly Guardrail[], path: string): InputFault[] =>
  guardrails.flatMap((guardrail, i) => {
    if (guardrail.type === "expression") {
      const fault = checkExpression(guardrail.when)
      return fault ? [{ path: `${path}.${i}.when`, message: fault.message }] : []
    }
    if (guardrail.type === "max_characters" || isPattern(guardrail.pattern)) return []
    const message = "This regular expression is not valid here (RE2: no look-around, no back-references)."
    return [{ path: `${path}.${i}.pattern`, message }]
  })

function isPattern(pattern: string): boolean {
  try {
    RE2JS.compile(pattern)
    return true
  } catch {
    return false
  }
}
