import { Webhook } from "standardwebhooks"
import type { Chance } from "#core/ids"
import { EgressRefused } from "#worker/egress/refused"
import type { Env } from "#worker/env"
import { egressOf } from "#worker/services/egress"

const timeoutMs = 10_000

export type WebhookFault = { code: string; message: string }

/** A secret as Standard Webhooks spells them, of 256 bits. */
export const newSigningSecret = (chance: Chance): string =>
  `whsec_${Buffer.from(chance(32)).toString("base64")}`

class Unwelcome extends Error {}

type Message = { url: string; secret: string; id: string; body: object }

/**
 * Posts a message as https://www.standardwebhooks.com says: the id is the same for every try, the time is that of the try. Throws when
 * it may not go there, does not arrive in time or is not welcome; `webhookFault` says which.
 */
export async function postSigned(env: Env, { url, secret, id, body }: Message): Promise<void> {
  const text = JSON.stringify(body)
  const now = new Date()
  const answer = await egressOf(env)(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1_000)),
      "webhook-signature": new Webhook(secret).sign(id, now, text),
    },
    body: text,
    signal: AbortSignal.timeout(timeoutMs),
  })
  await answer.body?.cancel()
  if (!answer.ok) throw new Unwelcome(`The receiver answered ${answer.status}.`)
}

/** Why a message did not arrive, with codes of what it was: `alert.refused`. Nothing that the receiver said is in it. */
export function webhookFault(error: unknown, what: string): WebhookFault {
  const cause = error instanceof Error && error.cause instanceof EgressRefused ? error.cause : error
  if (cause instanceof EgressRefused) return { code: "egress.refused", message: cause.message }
  if (error instanceof Unwelcome) return { code: `${what}.refused`, message: error.message }
  return { code: `${what}.not_delivered`, message: "It did not arrive in time, or nobody is there." }
}
