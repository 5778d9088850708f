import type { WebhookConfig } from "#core/contract/trigger-config"
import type { DeliveryEnvelope } from "#core/contract/triggers"
import { isJsonObject } from "#core/json"
import type { Mark } from "#worker/db/trigger-receipts"
import { digestOf } from "#worker/digest"

type Kind = WebhookConfig["signature"]["kind"]

/** Where vendors name a delivery. GitHub does not sign its name, so that alone stops nobody who replays one. */
const idHeaders: Partial<Record<Kind, string>> = {
  github: "X-GitHub-Delivery",
  gitlab: "Idempotency-Key",
  standard_webhooks: "webhook-id",
}

const dayMs = 86_400_000

/** By what a delivery is known again: its id, its body. None where the trigger asks for neither. */
export function marksOf(
  { dedupe, signature }: WebhookConfig,
  headers: Headers,
  envelope: DeliveryEnvelope,
  bodyDigest: string,
  now: number,
): Mark[] {
  const header = dedupe.id_header ?? idHeaders[signature.kind]
  const id = (header === undefined ? null : headers.get(header)) ?? eventId(signature.kind, envelope)
  const idMs = dedupe.id_window_seconds * 1000
  const bodyMs =
    dedupe.body_window_seconds === null
      ? signature.kind === "github"
        ? dayMs
        : 0
      : dedupe.body_window_seconds * 1000
  const said = [envelope.method, JSON.stringify(envelope.query), bodyDigest].join(" ")
  return [
    ...(id !== null && id !== "" && idMs > 0 ? [{ key: `id ${digestOf(id)}`, expires: now + idMs }] : []),
    ...(bodyMs > 0 ? [{ key: `body ${digestOf(said)}`, expires: now + bodyMs }] : []),
  ]
}

/** Stripe names an event in its body, which is signed. */
function eventId(kind: Kind, { body }: DeliveryEnvelope): string | null {
  const id = kind === "stripe" && isJsonObject(body) ? body["id"] : undefined
  return typeof id === "string" ? id : null
}
