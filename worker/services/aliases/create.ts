import type { AliasDraft, ModelAlias } from "#core/contract/model-aliases"
import { newId, type AliasId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as aliases from "#worker/db/model-aliases"
import { forgetAliases } from "./known.ts"
import { aliasOf, assertTargets } from "./shape.ts"

/** Gives a chain of models a name, by which agents and nodes call it. */
export async function createAlias(ctx: Ctx, body: AliasDraft): Promise<{ model_alias: ModelAlias }> {
  allow(ctx.actor, "provider.edit")
  await assertTargets(ctx, body)
  const at = isoTime(ctx.now)
  const row: aliases.AliasRow = {
    id: newId<AliasId>("alias", ctx.now, ctx.chance),
    ...body,
    version: 1,
    created_at: at,
    updated_at: at,
  }
  const entry = audit(ctx, "model_alias.create", { target: row.id, after: aliasOf(row) })
  const reply = await commit(ctx, { model_alias: aliasOf(row) }, aliases.insert(row), entry)
  forgetAliases(ctx.tenant.id)
  return reply
}
