import type { AliasDraft, ModelAlias } from "#core/contract/model-aliases"
import { Failure, found } from "#core/errors"
import type { AliasId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, assertVersion, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as aliases from "#worker/db/model-aliases"
import { forgetAliases } from "./known.ts"
import { aliasOf, assertTargets } from "./shape.ts"

/** Changes an alias; executions that run already ask the new targets from their next call on. */
export async function updateAlias(
  ctx: Ctx,
  id: AliasId,
  was: number | undefined,
  body: AliasDraft,
): Promise<{ model_alias: ModelAlias }> {
  allow(ctx.actor, "provider.edit")
  const before = found(await aliases.byId(ctx.db, id), "alias.not_found")
  assertVersion(before.version, was)
  await assertTargets(ctx, body)
  const namesake = await aliases.byName(ctx.db, body.name)
  if (namesake && namesake.id !== id) throw new Failure("alias.name_taken")
  const change = { ...body, updated_at: isoTime(ctx.now) }
  const after = { ...before, ...change, version: before.version + 1 }
  const reply = await commit(
    ctx,
    { model_alias: aliasOf(after) },
    aliases.save(ctx.db, id, before.version, change),
    audit(ctx, "model_alias.update", { target: id, before: aliasOf(before), after: aliasOf(after) }),
  )
  forgetAliases(ctx.tenant.id)
  return reply
}
