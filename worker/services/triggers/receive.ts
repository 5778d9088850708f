import { WebhookConfig } from "#core/contract/trigger-config"
import type { DeliveryEnvelope } from "#core/contract/triggers"
import { Failure } from "#core/errors"
import { isoTime, type BaseCtx } from "#worker/context"
import * as deliveries from "#worker/db/trigger-deliveries"
import type { TriggerRow } from "#worker/db/triggers"
import { bytesDigest } from "#worker/digest"
import { originFor, settingsOf, type Env } from "#worker/env"
import { BoundedCache } from "#worker/cache"
import { openSecret, type VaultSettings } from "#worker/services/vault"
import { envelopeOf, queryOf, shownHeaders, textOf } from "./envelope.ts"
import { deliveryRow, sentenceOf, type Site } from "./fire.ts"
import { readRaw } from "./raw-body.ts"
import { secretPlace } from "./shape.ts"
import { verify } from "./signature.ts"
import { siteAt } from "./site.ts"
import { takeDelivery, type Admitted, type HookAnswer } from "./take.ts"

type Incoming = { request: Request; url: URL; slug: string; token: string }

/**
 * A delivery at a webhook's address: bounded and timed while it is read, its signature checked on the raw bytes before anything
 * else is made of it.
 */
export async function receiveHook(env: Env, base: BaseCtx, incoming: Incoming): Promise<HookAnswer> {
  const at = await siteAt(env, base, "webhook", incoming.slug, incoming.token)
  if (!at?.row.is_active) throw new Failure("hook.not_found")
  const { site, row } = at
  const config = WebhookConfig.parse(row.config)
  const delivery = {
    headers: shownHeaders(incoming.request.headers, config),
    query: queryOf(incoming.url.searchParams),
    method: incoming.request.method,
  }
  const read: Read = { raw: new Uint8Array() }
  try {
    const admitted = await admit(env, site, { row, config, delivery, read }, incoming)
    return await takeDelivery(env, site, admitted)
  } catch (error) {
    if (error instanceof Failure && !read.isAdmitted) await noteRefused(site, row, delivery, read.raw, error)
    throw error
  }
}

type Facts = Omit<DeliveryEnvelope, "body">
type Read = { raw: Uint8Array; isAdmitted?: true }
type Applicant = { row: TriggerRow; config: WebhookConfig; delivery: Facts; read: Read }

async function admit(
  env: Env,
  site: Site,
  applicant: Applicant,
  { request, url }: Incoming,
): Promise<Admitted> {
  const { row, config, delivery, read } = applicant
  const methods: string[] = config.methods
  if (!methods.includes(delivery.method)) {
    throw new Failure("route.method", {
      detail: `This webhook takes ${methods.join(", ")}.`,
      more: { allow: methods },
    })
  }
  const settings = settingsOf(env)
  read.raw = await readRaw(request, {
    mostBytes: config.max_body_bytes,
    ms: settings.QUOTAS["hook_body_ms"],
  })
  const { headers } = request
  if (config.signature.kind !== "none") {
    const secret = await secretOf(site, settings, row)
    const verdict = verify(config.signature, secret, { headers, body: read.raw, now: site.now })
    if (!verdict.ok) throw new Failure("hook.bad_signature", { detail: `${verdict.reason}.` })
  }
  const text = textOf(read.raw)
  const occasion = { is: "webhook", envelope: envelopeOf(text, delivery), text } as const
  read.isAdmitted = true
  return { row, config, headers, occasion, digest: bytesDigest(read.raw), origin: originFor(env, url) }
}

const secrets = new BoundedCache<string, string>(1_000)
const secretLifeMs = 5_000

/** Remembered for 5 s by its sealed text, which is another when the secret is: a flood of deliveries asks the vault once. */
async function secretOf(site: Site, settings: VaultSettings, row: TriggerRow): Promise<string> {
  const sealed = row.secret ?? ""
  const known = secrets.get(sealed, site.now)
  if (known !== undefined) return known
  const secret = await openSecret(site, settings, secretPlace(site.tenant.id, row.id), sealed)
  secrets.set(sealed, secret, site.now + secretLifeMs)
  return secret
}

const mostRefusedBytes = 4_096

/** Writes down what was turned away. Lossy, for this is only looked at: a body that was refused is never delivered again. */
async function noteRefused(
  site: Site,
  row: TriggerRow,
  delivery: Facts,
  raw: Uint8Array,
  failure: Failure,
): Promise<void> {
  const text = new TextDecoder().decode(raw.slice(0, mostRefusedBytes))
  const refused = deliveryRow(
    site,
    row,
    { is: "webhook", envelope: { ...delivery, body: null }, text },
    {
      outcome: "refused",
      reason: sentenceOf(failure),
      status: failure.status,
      digest: raw.byteLength > 0 ? bytesDigest(raw) : null,
      body_bytes: raw.byteLength,
    },
  )
  await deliveries.addRefused(site.db, refused, isoTime(site.now - 60_000))
}
