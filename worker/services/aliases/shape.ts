import type { AliasDraft, ModelAlias } from "#core/contract/model-aliases"
import { Failure, type InputFault } from "#core/errors"
import type { Ctx } from "#worker/context"
import * as providers from "#worker/db/llm-providers"
import type { AliasRow } from "#worker/db/model-aliases"

export const aliasOf = (row: AliasRow): ModelAlias => row

/** Every target must stand at a provider that there is. */
export async function assertTargets(ctx: Ctx, { targets }: AliasDraft): Promise<void> {
  const ids = [...new Set(targets.map((one) => one.llm_provider_id))]
  const rows = await Promise.all(ids.map((id) => providers.byId(ctx.db, id)))
  const known = new Set(rows.flatMap((row) => (row ? [row.id] : [])))
  const errors = targets.flatMap((target, i): InputFault[] =>
    known.has(target.llm_provider_id)
      ? []
      : [{ path: `targets.${i}.llm_provider_id`, message: "There is no such provider. Choose another" }],
  )
  if (errors.length > 0) throw new Failure("request.invalid", { errors })
}
