import type { Credential } from "#core/contract/credentials"
import { Failure, found } from "#core/errors"
import type { CredentialId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as credentials from "#worker/db/credentials"
import { withCredential as toolsWithCredential } from "#worker/db/tools"
import { usersSaid } from "#worker/services/in-use"
import { forgetCredentials } from "./resolve.ts"
import { credentialOf } from "./shape.ts"

/** Deletes a credential softly, once no flow and no tool names it any more. */
export async function removeCredential(ctx: Ctx, id: CredentialId): Promise<void> {
  allow(ctx.actor, "credential.edit")
  const row = found(await credentials.byId(ctx.db, id), "credential.not_found")
  const [flows, tools] = [await credentials.usersOf(ctx.db, id), await toolsWithCredential(ctx.db, id)]
  const users = [...flows, ...tools]
  if (users.length > 0) {
    throw new Failure("credential.in_use", {
      detail: `${usersSaid(users)} ${users.length === 1 ? "names" : "name"} this credential. Take it out there first, or turn it off.`,
      more: { flows, tools },
    })
  }
  await commit(
    ctx,
    undefined,
    credentials.save(ctx.db, id, row.version, { deleted_at: isoTime(ctx.now) }),
    audit(ctx, "credential.delete", { target: id, before: { name: row.name } }),
  )
  forgetCredentials(ctx.tenant.id)
}

/** Brings a deleted credential back with its secret. */
export async function restoreCredential(ctx: Ctx, id: CredentialId): Promise<{ credential: Credential }> {
  allow(ctx.actor, "credential.edit")
  const row = found(await credentials.deletedById(ctx.db, id), "credential.not_found")
  const back = { ...row, deleted_at: null, version: row.version + 1 }
  return commit(
    ctx,
    { credential: credentialOf(back, ctx.actor) },
    credentials.save(ctx.db, id, row.version, { deleted_at: null }),
    audit(ctx, "credential.restore", { target: id, after: { name: row.name } }),
  )
}
