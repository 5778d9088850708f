import type { auditApi } from "#core/contract/audit"
import type { QueryOf, ReplyOf } from "#core/contract/endpoint"
import { toBase64 } from "#core/audit/bytes"
import { originOf, verifierKey } from "#core/audit/note"
import { found } from "#core/errors"
import type { AuditId } from "#core/ids"
import { auditKey } from "#worker/audit/sign"
import { allow, type Ctx } from "#worker/context"
import * as entries from "#worker/db/audit"
import type { Env } from "#worker/env"
import { ask, sealerStub } from "#worker/stubs"
import { sealedOf, shown } from "./shape.ts"

/** A page of the audit log. */
export async function searchAudit(
  ctx: Ctx,
  query: QueryOf<typeof auditApi.list>,
): Promise<ReplyOf<typeof auditApi.list>> {
  allow(ctx.actor, "audit.read")
  const { rows, next } = await entries.search(ctx.db, query)
  return { entries: await shown(ctx, rows), next }
}

/** One entry with what proves it, for whoever wants to check it without trusting us. */
export async function getAuditEntry(env: Env, ctx: Ctx, id: AuditId): Promise<ReplyOf<typeof auditApi.get>> {
  allow(ctx.actor, "audit.read")
  const row = found(await entries.byId(ctx.db, id), "audit.not_found")
  const [entry] = await shown(ctx, [row])
  const sealed = sealedOf(ctx.tenant.id, row) ?? null
  const inclusion = sealed && (await ask(sealerStub(env, ctx.tenant.id).inclusion(sealed.entry.seq)))
  return {
    entry: found(entry, "audit.not_found"),
    sealed,
    inclusion,
    verifier_key: verifierKey(auditKey(env, originOf(ctx.tenant.id))),
  }
}

/** The log as its sealer has it. */
export async function auditState(env: Env, ctx: Ctx): Promise<ReplyOf<typeof auditApi.state>> {
  allow(ctx.actor, "audit.read")
  const { seq: size, ...state } = await sealerStub(env, ctx.tenant.id).state(ctx.tenant.id)
  return { size, ...state }
}

/** The checkpoints, the newest first. */
export async function listCheckpoints(
  env: Env,
  ctx: Ctx,
  { before = Number.MAX_SAFE_INTEGER, limit }: QueryOf<typeof auditApi.checkpoints>,
): Promise<ReplyOf<typeof auditApi.checkpoints>> {
  allow(ctx.actor, "audit.read")
  const found = await sealerStub(env, ctx.tenant.id).checkpoints(before, limit + 1)
  const checkpoints = found.slice(0, limit)
  return { checkpoints, next: found.length > limit ? (checkpoints.at(-1)?.size ?? null) : null }
}

/** That the log only ever grew. */
export async function proveConsistency(
  env: Env,
  ctx: Ctx,
  { from, to }: QueryOf<typeof auditApi.consistency>,
): Promise<ReplyOf<typeof auditApi.consistency>> {
  allow(ctx.actor, "audit.read")
  return { from, to, hashes: await ask(sealerStub(env, ctx.tenant.id).consistency(from, to)) }
}

/** The key that checkpoints are signed with. */
export async function getAuditKey(env: Env, ctx: Ctx): Promise<ReplyOf<typeof auditApi.key>> {
  allow(ctx.actor, "audit.read")
  const key = auditKey(env, originOf(ctx.tenant.id))
  return { verifier_key: verifierKey(key), public_key: toBase64(key.publicKey) }
}
