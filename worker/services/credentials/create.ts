import type { Credential, credentialsApi } from "#core/contract/credentials"
import type { BodyOf } from "#core/contract/endpoint"
import { newId, type CredentialId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as credentials from "#worker/db/credentials"
import { hintOf, sealSecret, type VaultSettings } from "#worker/services/vault"
import { assertWhole, credentialOf, factsOf, secretPlace } from "./shape.ts"

/** Stores a credential. Its secret goes into the vault and never comes out again by this door. */
export async function createCredential(
  ctx: Ctx,
  settings: VaultSettings,
  body: BodyOf<typeof credentialsApi.create>,
): Promise<{ credential: Credential }> {
  allow(ctx.actor, "credential.edit")
  assertWhole(body)
  const id = newId<CredentialId>("cred", ctx.now, ctx.chance)
  const at = isoTime(ctx.now)
  const row: credentials.CredentialRow = {
    id,
    name: body.name,
    kind: body.kind,
    config: body.config,
    secret: await sealSecret(ctx, settings, secretPlace(ctx.tenant.id, id), body.secret),
    hint: hintOf(body.secret),
    allowed_hosts: body.allowed_hosts,
    is_active: body.is_active,
    version: 1,
    created_at: at,
    updated_at: at,
    deleted_at: null,
  }
  return commit(
    ctx,
    { credential: credentialOf(row, ctx.actor) },
    credentials.insert(row),
    audit(ctx, "credential.create", { target: id, after: factsOf(row) }),
  )
}
