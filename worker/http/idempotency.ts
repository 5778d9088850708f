import { actorId } from "#core/access/roles"
import type { Endpoint } from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import { isoTime, type Ctx } from "#worker/context"
import type { Receipt } from "#worker/db/commit"
import * as idempotency from "#worker/db/idempotency"
import { base64url, digestOf, keyedDigest } from "#worker/digest"

const keptMs = 86_400_000
/** Longer than any request of ours lasts: a claim this old without an answer died with its isolate. */
const deadMs = 60_000

export type Repeat =
  | { is: "first"; receipt: Receipt; end: (answer: unknown) => Promise<void>; release: () => Promise<void> }
  | { is: "replay"; answer: unknown }

type Asked = {
  endpoint: Endpoint
  url: URL
  text: string
  key: string
  once: boolean
  /** Keys the fingerprint: a body may hold a password, which a plain digest in the database would give away to guessing. */
  pepper: string
}

/**
 * draft-ietf-httpapi-idempotency-key-header: the same key and request give the stored answer for 24 h; another request under it is
 * 422, one still being handled 409. The answer is kept in the batch of the effect.
 */
export async function claimKey(ctx: Ctx, asked: Asked): Promise<Repeat> {
  const { endpoint, url, text, once, pepper } = asked
  if (!/^[\x21-\x7e]{1,255}$/.test(asked.key)) {
    const message = "Use 1 to 255 visible ASCII characters"
    throw new Failure("request.invalid", { errors: [{ path: "Idempotency-Key", message }] })
  }
  const key = digestOf([actorId(ctx.actor), endpoint.method, endpoint.path, asked.key].join(" "))
  const fingerprint = base64url(keyedDigest(pepper, `request:${url.pathname}${url.search} ${text}`))
  const created_at = isoTime(ctx.now)
  const row = { key, fingerprint, request_id: ctx.requestId, created_at }
  await sweepSometimes(ctx)
  if (!(await idempotency.claim(ctx.db, row, isoTime(ctx.now - deadMs))))
    return repeatOf(ctx, key, fingerprint)
  // What is shown once is kept nowhere: neither with the effect nor behind it.
  const rowOf = (reply: unknown) => ({
    key,
    answer: once ? null : JSON.stringify(reply ?? null),
    created_at,
  })
  const receipt: Receipt = { kept: false, keep: (reply) => idempotency.answer(rowOf(reply)) }
  return {
    is: "first",
    receipt,
    async end(reply) {
      if (!receipt.kept) await idempotency.answerNow(ctx.db, rowOf(reply))
    },
    async release() {
      if (!receipt.kept) await idempotency.release(ctx.db, key, ctx.requestId)
    },
  }
}

async function repeatOf(ctx: Ctx, key: string, fingerprint: string): Promise<Repeat> {
  const known = await idempotency.look(ctx.db, key)
  if (known && known.fingerprint !== fingerprint) throw new Failure("idempotency.mismatch")
  if (!known || known.answered === null) throw new Failure("idempotency.in_flight", { retryAfterSeconds: 1 })
  if (known.answer === null) {
    throw new Failure("conflict.duplicate", {
      detail:
        "This was done by an earlier request with this Idempotency-Key, and its answer held a secret that is shown only once.",
    })
  }
  return { is: "replay", answer: JSON.parse(known.answer) }
}

/** Expired keys are cleared before one in sixteen claims, so that a key older than a day is new again soon enough. */
async function sweepSometimes(ctx: Ctx): Promise<void> {
  if ((ctx.chance(1)[0]! & 15) === 0) await idempotency.sweep(ctx.db, isoTime(ctx.now - keptMs))
}
