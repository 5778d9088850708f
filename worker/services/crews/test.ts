import type { crewsApi } from "#core/contract/crews"
import type { BodyOf, ReplyOf } from "#core/contract/endpoint"
import { Failure, found } from "#core/errors"
import { isValid } from "#core/flow/finding"
import type { CrewId } from "#core/ids"
import { schemaFaults } from "#core/json-schema"
import { allow, type Ctx } from "#worker/context"
import * as crews from "#worker/db/crews"
import { unveiled } from "#worker/db/shares"
import type { Env } from "#worker/env"
import { crewDefinition } from "#worker/services/executions/definitions"
import { startCrew, type DefinitionOptions } from "#worker/services/executions/start-definition"
import { findingsOf, membersOf } from "./references.ts"

/** Lets a crew work on an input that fits its schema. One with errors is refused, with all of them. */
export async function testCrew(
  env: Env,
  ctx: Ctx,
  id: CrewId,
  { input }: BodyOf<typeof crewsApi.test>,
  options: DefinitionOptions,
): Promise<ReplyOf<typeof crewsApi.test>> {
  allow(ctx.actor, "execution.start")
  const row = found(await crews.byId(ctx.db, id), "crew.not_found")
  const draft = row.definition
  // Whoever saved the crew could use its members; whoever may execute it need not see them.
  const whole = { ...ctx, db: unveiled(ctx.db) }
  const findings = findingsOf(draft, await membersOf(ctx, draft)).filter((one) => !isValid([one]))
  if (findings.length > 0)
    throw new Failure("crew.not_ready", { detail: findings[0]!.message, more: { findings } })
  const faults = draft.input_schema ? schemaFaults(draft.input_schema, input) : []
  if (faults.length > 0) {
    throw new Failure("execution.inputs_invalid", {
      detail: "The input does not fit what the crew wants.",
      errors: faults.map(({ path, message }) => ({ path: path ? `input.${path}` : "input", message })),
    })
  }
  const definition = await crewDefinition(whole, row, draft, {}, refuse)
  const { execution_id, status } = await startCrew(env, ctx, definition, input, options)
  return { execution_id, status }
}

function refuse(message: string): never {
  throw new Failure("crew.not_ready", { detail: message })
}
