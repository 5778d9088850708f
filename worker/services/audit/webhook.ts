import { actorId } from "#core/access/roles"
import type { auditWebhookApi, AuditWebhook } from "#core/contract/audit-webhook"
import type { BodyOf, ReplyOf } from "#core/contract/endpoint"
import { Failure, found } from "#core/errors"
import type { TenantId } from "#core/ids"
import type { Post } from "#durable/sealer/messages"
import type { PostEnd, SignedCheckpoint } from "#durable/sealer/ports"
import { audit } from "#worker/audit/record"
import { allow, assertVersion, isoTime, type Ctx } from "#worker/context"
import * as webhooks from "#worker/db/audit-webhook"
import { commit } from "#worker/db/commit"
import { controlDb, tenantDb } from "#worker/db/tenant"
import { settingsOf, type Env } from "#worker/env"
import type { Place } from "#worker/secrets/vault"
import { hintOf, openSecret, sealSecret } from "#worker/services/vault"
import { newSigningSecret, postSigned, webhookFault, type WebhookFault } from "#worker/services/webhooks"
import { ask, sealerStub } from "#worker/stubs"

/** Where the secret of the webhook lies, which its ciphertext is bound to. */
export const secretPlace = (tenant: string, row: string): Place => ({
  tenant,
  table: "audit_webhooks",
  row,
  field: "secret",
  version: 1,
})

/** A webhook as its readers see it. The secret stays in the vault. */
const shown = (
  { url, hint, version, updated_at }: webhooks.AuditWebhookRow,
  { last, waiting }: Post,
): AuditWebhook => ({ url, secret: { set: true, hint }, version, updated_at, delivery: last, waiting })

/** Where checkpoints are sent, if anywhere, and what became of the last one. */
export async function getAuditWebhook(env: Env, ctx: Ctx): Promise<ReplyOf<typeof auditWebhookApi.get>> {
  allow(ctx.actor, "audit.read")
  const row = await webhooks.webhook(ctx.db)
  return { webhook: row ? shown(row, await sealerStub(env, ctx.tenant.id).post()) : null }
}

/** Sends checkpoints to an address from now on, the newest one at once. Another address gets another secret. */
export async function putAuditWebhook(
  env: Env,
  ctx: Ctx,
  { url }: BodyOf<typeof auditWebhookApi.put>,
  ifMatch: number | undefined,
): Promise<ReplyOf<typeof auditWebhookApi.put>> {
  allow(ctx.actor, "workspace.edit")
  const settings = settingsOf(env)
  assertEncrypted(url, settings.EGRESS_ALLOW)
  const was = await webhooks.webhook(ctx.db)
  if (was) assertVersion(was.version, ifMatch)
  const secret = was?.url === url ? null : newSigningSecret(ctx.chance)
  const kept =
    secret === null
      ? { secret: was!.secret, hint: was!.hint }
      : {
          secret: await sealSecret(ctx, settings, secretPlace(ctx.tenant.id, "webhook"), secret),
          hint: hintOf(secret),
        }
  const row: webhooks.AuditWebhookRow = {
    id: "webhook",
    url,
    ...kept,
    version: (was?.version ?? 0) + 1,
    updated_by: actorId(ctx.actor),
    updated_at: isoTime(ctx.now),
  }
  const before = was ? { before: { url: was.url } } : {}
  const reply = await commit(
    ctx,
    { webhook: shown(row, { last: null, waiting: 0 }), secret },
    webhooks.put(ctx.db, row, was),
    audit(ctx, "audit.set_webhook", { target: ctx.tenant.id, ...before, after: { url } }),
  )
  await tellSealer(env, ctx)
  return reply
}

/** https, but to hosts that the operator has named: those of a developer. */
function assertEncrypted(url: string, named: readonly string[]): void {
  const { protocol, hostname, port } = new URL(url)
  if (protocol === "https:" || named.includes(`${hostname}:${port || "80"}`)) return
  throw new Failure("request.invalid", { errors: [{ path: "url", message: "Use an https address" }] })
}

/** Should the sealer not be reached, the next checkpoint is sent all the same. */
async function tellSealer(env: Env, { tenant }: Ctx): Promise<void> {
  try {
    await sealerStub(env, tenant.id).postAnew(tenant.id)
  } catch (error) {
    console.warn("audit: the sealer was not told of a webhook", { error: String(error) })
  }
}

/** Sends checkpoints nowhere any more. */
export async function removeAuditWebhook(ctx: Ctx, ifMatch: number | undefined): Promise<void> {
  allow(ctx.actor, "workspace.edit")
  const was = found(await webhooks.webhook(ctx.db), "audit.no_webhook")
  assertVersion(was.version, ifMatch)
  await commit(
    ctx,
    undefined,
    webhooks.remove(ctx.db, was),
    audit(ctx, "audit.remove_webhook", { target: ctx.tenant.id, before: { url: was.url } }),
  )
}

/** Signs a checkpoint over everything by now and sends it, out of the row of the others, and says what became of it. */
export async function testAuditWebhook(env: Env, ctx: Ctx): Promise<ReplyOf<typeof auditWebhookApi.test>> {
  allow(ctx.actor, "workspace.edit")
  const { id } = ctx.tenant
  const row = found(await webhooks.webhook(ctx.db), "audit.no_webhook")
  const checkpoint = await ask(sealerStub(env, id).signNow(id))
  // The sealer may sign another of this size, which is not the same.
  const error = await faultOf(env, id, row, checkpoint, `:${checkpoint.at}`)
  const told = { ok: error === null, size: checkpoint.size, error }
  const after = { ok: told.ok, size: told.size }
  return commit(ctx, told, audit(ctx, "audit.test_webhook", { target: id, after }, true))
}

/** Sends a checkpoint to where a tenant wants them. For its sealer, which asks again. */
export async function postCheckpoint(
  env: Env,
  tenant: { id: TenantId; slot: string },
  checkpoint: SignedCheckpoint,
): Promise<PostEnd> {
  const row = await webhooks.webhook(await tenantDb(env, tenant.slot))
  if (!row) return { is: "nobody" }
  const error = await faultOf(env, tenant.id, row, checkpoint)
  return error ? { is: "failed", error } : { is: "arrived" }
}

async function faultOf(
  env: Env,
  tenant: TenantId,
  { url, secret: sealed }: webhooks.AuditWebhookRow,
  { size, at, note }: SignedCheckpoint,
  mark = "",
): Promise<WebhookFault | null> {
  try {
    const keeper = { tenant: { id: tenant }, control: () => controlDb(env) }
    const secret = await openSecret(keeper, settingsOf(env), secretPlace(tenant, "webhook"), sealed)
    const data = { tenant_id: tenant, size, note }
    const body = { type: "audit.checkpoint", timestamp: at, data }
    await postSigned(env, { url, secret, id: `checkpoint:${tenant}:${size}${mark}`, body })
    return null
  } catch (error) {
    const fault = webhookFault(error, "checkpoint")
    // Neither the address nor what it answered: both are the tenant's.
    console.warn("audit: a checkpoint did not arrive", { tenant, code: fault.code })
    return fault
  }
}
