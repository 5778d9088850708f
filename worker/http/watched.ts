import { isCapability } from "#core/access/capabilities"
import type { Endpoint } from "#core/contract/endpoint"
import type { Ctx } from "#worker/context"
import type { Env } from "#worker/env"
import { passOf, untilShutOut } from "#worker/services/auth/may-stay"

/**
 * A stream of events ends, within 5 s, for whoever may not see it any more: signed out, disabled, removed, with less rights or a revoked
 * key. Every stream is passed on here, whoever makes it; sockets are their objects' own affair (`durable/kit/viewers.ts`).
 */
export function watched(
  response: Response,
  {
    ctx,
    env,
    needs,
  }: {
    ctx: Pick<Ctx, "session" | "actor" | "tenant" | "about" | "after">
    env: Env
    needs: Endpoint["needs"]
  },
): Response {
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") === true
  const pass = isCapability(needs) ? passOf(ctx, needs) : undefined
  if (!isStream || !response.body || !pass) return response
  const { readable, writable } = new IdentityTransformStream()
  const leave = new AbortController()
  // The end is said by us alone: a reader sees a stream that ends, not one that breaks.
  const piped = response.body
    .pipeTo(writable, { signal: leave.signal, preventAbort: true })
    .catch((error: unknown) => (leave.signal.aborted ? undefined : brokenOff(writable, error)))
  ctx.after(
    untilShutOut(env, ctx.tenant, pass, piped).then(async (end) => {
      if (end === "over") return
      leave.abort()
      await piped
      await writable.close().catch(() => undefined)
    }),
  )
  return new Response(readable, response)
}

/** What breaks off on its way breaks off for the reader too. */
const brokenOff = (writable: WritableStream, error: unknown): Promise<void> =>
  writable.abort(error).catch(() => undefined)
