import type { Credential, credentialsApi } from "#core/contract/credentials"
import type { BodyOf } from "#core/contract/endpoint"
import { found } from "#core/errors"
import type { CredentialId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, assertVersion, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as credentials from "#worker/db/credentials"
import { hintOf, sealSecret, type VaultSettings } from "#worker/services/vault"
import { forgetCredentials } from "./resolve.ts"
import { assertSameReceivers, assertWhole, credentialOf, factsOf, secretPlace } from "./shape.ts"

/** Changes a credential; a secret that is not sent stays as it is. */
export async function updateCredential(
  ctx: Ctx,
  settings: VaultSettings,
  id: CredentialId,
  was: number | undefined,
  body: BodyOf<typeof credentialsApi.update>,
): Promise<{ credential: Credential }> {
  allow(ctx.actor, "credential.edit")
  const before = found(await credentials.byId(ctx.db, id), "credential.not_found")
  assertVersion(before.version, was)
  const { name, kind, config, allowed_hosts, is_active, secret } = body
  assertWhole({ kind, config, secret })
  if (secret === undefined) assertSameReceivers(before, body)
  const change = {
    name,
    kind,
    config,
    allowed_hosts,
    is_active,
    ...(secret === undefined
      ? {}
      : {
          secret: await sealSecret(ctx, settings, secretPlace(ctx.tenant.id, id), secret),
          hint: hintOf(secret),
        }),
    updated_at: isoTime(ctx.now),
  }
  const after = { ...before, ...change, version: before.version + 1 }
  const facts = { before: factsOf(before), after: { ...factsOf(after), new_secret: secret !== undefined } }
  const reply = await commit(
    ctx,
    { credential: credentialOf(after, ctx.actor) },
    credentials.save(ctx.db, id, before.version, change),
    audit(ctx, "credential.update", { target: id, ...facts }),
  )
  forgetCredentials(ctx.tenant.id)
  return reply
}
