import { actorId, can } from "#core/access/roles"
import type { apiKeysApi } from "#core/contract/api-keys"
import type { BodyOf, ReplyOf } from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import { newId, type ApiKeyId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import * as apiKeys from "#worker/db/api-keys"
import { commit } from "#worker/db/commit"
import { base64url, digestOf } from "#worker/digest"
import { ownerOf } from "#worker/services/owner"
import { keyOf } from "./shape.ts"

type Body = BodyOf<typeof apiKeysApi.create>

/** Creates an API key with some of its creator's own rights. Its secret is in this answer and nowhere else. */
export async function createKey(ctx: Ctx, body: Body): Promise<ReplyOf<typeof apiKeysApi.create>> {
  allow(ctx.actor, "key.edit")
  const lacking = body.scopes.filter((scope) => !can(ctx.actor, scope))
  if (lacking.length > 0) {
    throw new Failure("key.scope", {
      errors: lacking.map((scope) => ({ path: "scopes", message: `You do not have ${scope} yourself` })),
    })
  }
  assertWidget(body)
  const expires = body.expires_at === undefined ? undefined : new Date(body.expires_at)
  if (expires && expires.getTime() <= ctx.now) {
    throw new Failure("request.invalid", {
      errors: [{ path: "expires_at", message: "Choose a time in the future" }],
    })
  }
  const control = await ctx.control()
  const secret = `eck_${base64url(ctx.chance(32))}`
  const row: apiKeys.ApiKeyRow = {
    id: newId<ApiKeyId>("key", ctx.now, ctx.chance),
    tenant_id: ctx.tenant.id,
    digest: digestOf(secret),
    hint: secret.slice(-4),
    name: body.name,
    scopes: [...new Set(body.scopes)],
    restrictions: body.restrictions ?? null,
    owner_id: await ownerOf(ctx),
    created_by: actorId(ctx.actor),
    created_at: isoTime(ctx.now),
    expires_at: expires?.toISOString() ?? null,
    used_at: null,
    revoked_at: null,
  }
  await commit(
    { db: control },
    undefined,
    apiKeys.insert(control, row),
    audit(ctx, "key.create", {
      target: row.id,
      after: { name: row.name, scopes: row.scopes, ...restrictionsOf(body) },
    }),
  )
  return { api_key: keyOf(row), secret }
}

/** A key that anybody can read in a site's source may begin chats, and nothing else. */
function assertWidget({ restrictions, scopes }: Body): void {
  if (!restrictions || scopes.every((scope) => scope === "chat.write")) return
  throw new Failure("request.invalid", {
    errors: [{ path: "scopes", message: "A key with restrictions holds chat.write alone" }],
  })
}

const restrictionsOf = ({ restrictions }: Body) => (restrictions ? { restrictions } : {})
