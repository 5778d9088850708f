import { found } from "#core/errors"
import type { ProviderId } from "#core/ids"
import type { BaseCtx, Ctx } from "#worker/context"
import * as identities from "#worker/db/identities"
import type { Settings } from "#worker/env"
import { vaultOf } from "#worker/services/vault"
import { credentialsPlace, hintOf } from "./shape.ts"

export type ProviderSettings = Pick<Settings, "SECRETS_KEK" | "EGRESS_ALLOW">

type Keeper = { tenant: Pick<Ctx["tenant"], "id">; control: BaseCtx["control"] }

const dataKey = async ({ tenant, control }: Keeper): Promise<string> =>
  found(await identities.dataKeyOf(await control(), tenant.id), "tenant.not_found")

/** An API key as it is stored: sealed for this row of this tenant, with the hint that people recognise it by. */
export async function sealKey(keeper: Keeper, settings: ProviderSettings, id: ProviderId, secret: string) {
  const place = credentialsPlace(keeper.tenant.id, id)
  const credentials = await vaultOf(settings).seal(await dataKey(keeper), place, secret)
  return { credentials, hint: hintOf(secret) }
}

/** The API key that was sealed for this row. */
export async function openKey(keeper: Keeper, settings: ProviderSettings, id: ProviderId, sealed: string) {
  return vaultOf(settings).open(await dataKey(keeper), credentialsPlace(keeper.tenant.id, id), sealed)
}
