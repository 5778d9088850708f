import { failureOf, problemResponse } from "./failure.ts"
import type { Incoming } from "./incoming.ts"

/** Refusals that a page is not told of, since it may not be one that a key allows. */
const untold: readonly string[] = ["request.foreign_origin", "auth.required", "auth.invalid", "access.denied"]

/** Lets the page read the answer that asked for it; that it may ask was found out before anything was answered. */
export const crossOrigin =
  (handle: (incoming: Incoming) => Promise<Response>) =>
  async (incoming: Incoming): Promise<Response> => {
    const answered = await handle(incoming).catch((error: unknown) => {
      const failure = failureOf(error, incoming.requestId)
      if (untold.includes(failure.code)) throw error
      return problemResponse(failure, incoming.requestId)
    })
    const origin = incoming.request.headers.get("origin")
    const response = new Response(answered.body, answered)
    if (origin !== null) response.headers.set("access-control-allow-origin", origin)
    response.headers.append("vary", "origin")
    return response
  }

/** A browser's question whether a page may ask at all: who asks is not known yet, so that the answer is the same for all. */
export const preflight = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, POST",
      "access-control-allow-headers": "authorization, content-type, idempotency-key, last-event-id",
      "access-control-max-age": "86400",
    },
  })
