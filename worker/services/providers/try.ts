import type { providersApi } from "#core/contract/llm-providers"
import type { ReplyOf } from "#core/contract/endpoint"
import { found } from "#core/errors"
import type { ProviderId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as providers from "#worker/db/llm-providers"
import { settingsOf, type Env } from "#worker/env"
import { testProvider } from "#worker/llm/gateway"
import { egressOf } from "#worker/services/egress"
import { openRow } from "./resolve.ts"
import { accountOf } from "./target.ts"

/** Whether a provider answers with its stored credentials, how fast, and with which models. */
export async function tryProvider(
  env: Env,
  ctx: Ctx,
  id: ProviderId,
  signal: AbortSignal,
): Promise<ReplyOf<typeof providersApi.test>> {
  allow(ctx.actor, "provider.edit")
  const row = found(await providers.byId(ctx.db, id), "provider.not_found")
  // Beforehand, so that a key is never sent that the log does not know of.
  await commit({ db: ctx.db }, undefined, audit(ctx, "provider.test", { target: id }, true))
  const account = accountOf(await openRow(ctx, settingsOf(env), row))
  return testProvider(account, { signal, egress: egressOf(env) })
}
