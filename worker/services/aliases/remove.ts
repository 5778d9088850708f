import { found } from "#core/errors"
import type { AliasId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as aliases from "#worker/db/model-aliases"
import { forgetAliases } from "./known.ts"
import { aliasOf } from "./shape.ts"

/** Deletes an alias; who names it then asks for a model of that name. */
export async function removeAlias(ctx: Ctx, id: AliasId): Promise<void> {
  allow(ctx.actor, "provider.edit")
  const row = found(await aliases.byId(ctx.db, id), "alias.not_found")
  await commit(
    ctx,
    undefined,
    aliases.remove(ctx.db, id, row.version),
    audit(ctx, "model_alias.delete", { target: id, before: aliasOf(row) }),
  )
  forgetAliases(ctx.tenant.id)
}
