import { createHmac, timingSafeEqual } from "node:crypto"
import type { WebhookSignature } from "#core/contract/trigger-config"
import { sameSecret } from "#worker/digest"

/** A delivery as it came: the raw bytes are what was signed. */
export type Signed = { headers: Headers; body: Uint8Array; now: number }

export type Verdict = { ok: true } | { ok: false; reason: string }

const right: Verdict = { ok: true }
const wrong = (reason: string): Verdict => ({ ok: false, reason })

/** Whether a delivery was signed with the secret, in the way that its trigger asks for. */
export function verify(signature: WebhookSignature, secret: string, signed: Signed): Verdict {
  switch (signature.kind) {
    case "none":
      return right
    case "header":
      return sameHeader(signed, signature.header, secret)
    case "gitlab":
      return sameHeader(signed, "X-Gitlab-Token", secret)
    case "github":
      return hmacHeader(signed, secret, { header: "X-Hub-Signature-256", encoding: "hex", prefix: "sha256=" })
    case "hmac_sha256":
      return custom(signed, secret, signature)
    case "standard_webhooks":
      return standard(signed, secret, signature.tolerance_seconds)
    case "stripe":
      return stripe(signed, secret, signature.tolerance_seconds)
    default:
      return signature satisfies never
  }
}

function sameHeader({ headers }: Signed, name: string, secret: string): Verdict {
  const given = headers.get(name)
  if (given === null) return wrong(`There is no ${name} header`)
  return sameSecret(given, secret) ? right : wrong(`The ${name} header does not hold the secret`)
}

type Hmac = { header: string; encoding: "hex" | "base64"; prefix: string }

/** What is signed: the raw body, with texts around it. */
type Content = { before: string; after: string }

const bodyAlone: Content = { before: "", after: "" }

function mac(secret: string | Uint8Array, body: Uint8Array, { before, after }: Content): Buffer {
  return createHmac("sha256", secret).update(before).update(body).update(after).digest()
}

/** In constant time, once the length is right: that of an HMAC is no secret. */
const same = (given: Buffer, made: Buffer): boolean =>
  given.byteLength === made.byteLength && timingSafeEqual(given, made)

/** Strictly: what is no hex or base64 decodes to nothing that could match. */
function decoded(text: string, encoding: "hex" | "base64"): Buffer {
  const isWhole = encoding === "hex" ? /^[\da-f]{64}$/i.test(text) : /^[A-Za-z\d+/]{43}=?$/.test(text)
  return isWhole ? Buffer.from(text, encoding) : Buffer.alloc(0)
}

function hmacHeader(
  { headers, body }: Signed,
  secret: string,
  { header, encoding, prefix }: Hmac,
  content = bodyAlone,
): Verdict {
  const given = headers.get(header)
  if (given === null) return wrong(`There is no ${header} header`)
  if (!given.startsWith(prefix)) return wrong(`The ${header} header does not begin with ${prefix}`)
  return same(decoded(given.slice(prefix.length).trim(), encoding), mac(secret, body, content))
    ? right
    : wrong(`The signature in ${header} is wrong`)
}

function custom(
  signed: Signed,
  secret: string,
  signature: Extract<WebhookSignature, { kind: "hmac_sha256" }>,
): Verdict {
  const { timestamp_header, tolerance_seconds } = signature
  const timestamp = timestamp_header === null ? "" : (signed.headers.get(timestamp_header) ?? "")
  if (timestamp_header !== null) {
    const late = lateness(timestamp, tolerance_seconds, signed.now, timestamp_header)
    if (late) return late
  }
  const template = signature.content ?? (timestamp_header === null ? "{body}" : "{timestamp}.{body}")
  const [before = "", after = ""] = template.split("{body}")
  const filled = (text: string) => text.replaceAll("{timestamp}", timestamp)
  return hmacHeader(signed, secret, signature, { before: filled(before), after: filled(after) })
}

/** Refuses a timestamp that is none, too old or too new. */
function lateness(text: string, tolerance: number, now: number, where: string): Verdict | undefined {
  if (!/^\d{1,12}$/.test(text)) return wrong(`${where} holds no timestamp`)
  if (Math.abs(now / 1000 - Number(text)) <= tolerance) return undefined
  return wrong(`The timestamp in ${where} is more than ${tolerance} seconds away from now`)
}

/** https://github.com/standard-webhooks/standard-webhooks: several signatures while a secret is rotated. */
function standard({ headers, body, now }: Signed, secret: string, tolerance: number): Verdict {
  const id = headers.get("webhook-id")
  const timestamp = headers.get("webhook-timestamp") ?? ""
  const given = headers.get("webhook-signature")
  if (id === null || given === null) return wrong("The webhook-id or webhook-signature header is missing")
  const late = lateness(timestamp, tolerance, now, "webhook-timestamp")
  if (late) return late
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64")
  const made = mac(key, body, { before: `${id}.${timestamp}.`, after: "" })
  const signatures = given.split(" ").flatMap((one) => (one.startsWith("v1,") ? [one.slice(3)] : []))
  const isSigned = signatures.slice(0, mostSignatures).some((one) => same(decoded(one, "base64"), made))
  return isSigned ? right : wrong("No signature in webhook-signature is right")
}

const mostSignatures = 10

/** https://docs.stripe.com/webhooks: `t=…,v1=…`, where several `v1` may stand while a secret is rotated. */
function stripe({ headers, body, now }: Signed, secret: string, tolerance: number): Verdict {
  const given = headers.get("Stripe-Signature")
  if (given === null) return wrong("There is no Stripe-Signature header")
  const parts = given.split(",").map((one) => one.trim())
  const valuesOf = (name: string) =>
    parts.flatMap((one) => (one.startsWith(`${name}=`) ? [one.slice(name.length + 1)] : []))
  const timestamp = valuesOf("t")[0] ?? ""
  const late = lateness(timestamp, tolerance, now, "Stripe-Signature")
  if (late) return late
  const made = mac(secret, body, { before: `${timestamp}.`, after: "" })
  const isSigned = valuesOf("v1")
    .slice(0, mostSignatures)
    .some((one) => same(decoded(one, "hex"), made))
  return isSigned ? right : wrong("No v1 signature in Stripe-Signature is right")
}
