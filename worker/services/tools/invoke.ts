import { Failure, found } from "#core/errors"
import type { ToolId } from "#core/ids"
import type { JsonObject } from "#core/json"
import { schemaFaults, withDefaults } from "#core/json-schema"
import { noSandbox } from "#core/tool/program"
import { allow, type Ctx } from "#worker/context"
import * as tools from "#worker/db/tools"
import type { Env } from "#worker/env"
import { startTool, type DefinitionOptions } from "#worker/services/executions/start-definition"
import { canRun } from "./place.ts"

/** Calls a tool once with arguments that fit its schema, as an execution of its own. */
export async function invokeTool(
  env: Env,
  ctx: Ctx,
  id: ToolId,
  input: JsonObject,
  options: DefinitionOptions,
) {
  allow(ctx.actor, "execution.start")
  const row = found(await tools.byId(ctx.db, id), "tool.not_found")
  if (!canRun(env, row.definition.kind)) throw new Failure("sandbox.unavailable", { detail: noSandbox })
  const whole = withDefaults(row.definition.input_schema, input)
  const faults = schemaFaults(row.definition.input_schema, whole)
  if (faults.length > 0)
    throw new Failure("execution.inputs_invalid", {
      detail: "The input does not fit what the tool wants.",
      errors: faults.map(({ path, message }) => ({ path: path ? `input.${path}` : "input", message })),
    })
  return startTool(env, ctx, { id, version: row.version, ...row.definition }, whole, options)
}
