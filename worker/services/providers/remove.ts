import type { Provider } from "#core/contract/llm-providers"
import { Failure, found } from "#core/errors"
import type { ProviderId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as providers from "#worker/db/llm-providers"
import { forgetProviders } from "./resolve.ts"
import { providerOf } from "./shape.ts"

/** Deletes a provider softly; nodes that name it fail until it is restored. The default one stays. */
export async function removeProvider(ctx: Ctx, id: ProviderId): Promise<void> {
  allow(ctx.actor, "provider.edit")
  const row = found(await providers.byId(ctx.db, id), "provider.not_found")
  if (row.is_default) throw new Failure("provider.in_use")
  await commit(
    ctx,
    undefined,
    providers.save(ctx.db, id, row.version, { deleted_at: isoTime(ctx.now) }),
    audit(ctx, "provider.delete", { target: id, before: { name: row.name } }),
  )
  forgetProviders(ctx.tenant.id)
}

/** Brings a deleted provider back with its credentials. */
export async function restoreProvider(ctx: Ctx, id: ProviderId): Promise<{ llm_provider: Provider }> {
  allow(ctx.actor, "provider.edit")
  const row = found(await providers.deletedById(ctx.db, id), "provider.not_found")
  const back = { ...row, deleted_at: null, version: row.version + 1 }
  return commit(
    ctx,
    { llm_provider: providerOf(back) },
    providers.save(ctx.db, id, row.version, { deleted_at: null }),
    audit(ctx, "provider.restore", { target: id, after: { name: row.name } }),
  )
}
