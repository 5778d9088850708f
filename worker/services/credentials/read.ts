import type { credentialsApi } from "#core/contract/credentials"
import { pageInfo, type QueryOf, type ReplyOf } from "#core/contract/endpoint"
import { found } from "#core/errors"
import type { CredentialId } from "#core/ids"
import { allow, type Ctx } from "#worker/context"
import * as credentials from "#worker/db/credentials"
import { credentialOf } from "./shape.ts"

/** A page of the tenant's credentials. */
export async function listCredentials(
  ctx: Ctx,
  query: QueryOf<typeof credentialsApi.list>,
): Promise<ReplyOf<typeof credentialsApi.list>> {
  allow(ctx.actor, "credential.read")
  const { rows, total } = await credentials.list(ctx.db, query)
  return {
    credentials: rows.map((row) => credentialOf(row, ctx.actor)),
    total,
    page_info: pageInfo(query.page, query.limit, total),
  }
}

/** A credential with the flows that name it. */
export async function getCredential(ctx: Ctx, id: CredentialId): Promise<ReplyOf<typeof credentialsApi.get>> {
  allow(ctx.actor, "credential.read")
  const row = found(await credentials.byId(ctx.db, id), "credential.not_found")
  return { credential: credentialOf(row, ctx.actor), used_by: await credentials.usersOf(ctx.db, id) }
}
