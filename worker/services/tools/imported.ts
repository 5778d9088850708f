import { Failure, type InputFault } from "#core/errors"
import { isJsonObject } from "#core/json"
import { builtinTools } from "#core/tool/builtin/all"
import type { Risk, ToolDraft } from "#core/tool/tool"
import type { Ctx } from "#worker/context"
import * as tools from "#worker/db/tools"
import { workFaults } from "./shape.ts"

/** What may be settled for each tool as it is made. */
export type Settled = {
  name?: string | undefined
  risk?: Risk | undefined
  needs_approval?: boolean | undefined
}

/** The names that a new tool cannot have. */
export async function takenNames(ctx: Ctx): Promise<ReadonlySet<string>> {
  const own = await tools.names(ctx.db)
  return new Set([...builtinTools.map(({ definition }) => definition.name), ...own.map((one) => one.name)])
}

/** A tool that could be made, as it is offered. */
export const offered = (draft: ToolDraft, taken: ReadonlySet<string>) => ({
  name: draft.name,
  description: draft.description,
  risk: draft.risk,
  needs_approval: draft.needs_approval,
  arguments: Object.keys(
    isJsonObject(draft.input_schema["properties"]) ? draft.input_schema["properties"] : {},
  ),
  taken: taken.has(draft.name),
})

export const settledDraft = <D extends ToolDraft>(draft: D, settled: Settled): D => ({
  ...draft,
  name: settled.name ?? draft.name,
  risk: settled.risk ?? draft.risk,
  needs_approval: settled.needs_approval ?? draft.needs_approval,
})

/** Refuses the whole import where one of its tools could not be, with the place of it in the request. */
export async function assertImportable(
  ctx: Ctx,
  drafts: readonly ToolDraft[],
  taken: ReadonlySet<string>,
  list: string,
): Promise<void> {
  const errors: InputFault[] = []
  const names = new Set(taken)
  for (const [i, draft] of drafts.entries()) {
    if (names.has(draft.name))
      errors.push({
        path: `${list}.${i}.name`,
        message: `Another tool is called ${draft.name}. Choose another name.`,
      })
    names.add(draft.name)
    for (const { path, message } of await workFaults(ctx, draft))
      if (path !== "name") errors.push({ path: `${list}.${i}`, message: `${path}: ${message}` })
  }
  if (errors.length > 0) throw new Failure("request.invalid", { errors: errors.slice(0, 50) })
}
