import { settingsOf, type Env } from "#worker/env"
import { admit, headersOf } from "#worker/services/limits/admit"
import { limitsOf } from "#worker/services/limits/policies"
import type { BaseCtx } from "#worker/context"
import type { Caller } from "./session.ts"

/** Counts a request against its caller's limits, and answers the headers that tell of them. Throws `rate.limited`. */
export async function withinRate(
  env: Env,
  request: Request,
  { tenant, actor }: Caller,
  { after }: Pick<BaseCtx, "after">,
): Promise<Record<string, string>> {
  const limits = limitsOf(settingsOf(env), actor)
  if (limits.length === 0) return {}
  const reads = request.method === "GET" || request.method === "HEAD"
  return headersOf(await admit({ env, tenant, limits, reads, after }))
}

/** Puts headers on an answer; those of objects and assets come with headers that cannot be changed. */
export function headed(response: Response, headers: Record<string, string>): Response {
  const list = Object.entries(headers)
  if (list.length === 0 || response.status === 101) return response
  try {
    for (const [name, value] of list) response.headers.set(name, value)
    return response
  } catch {
    const copy = new Response(response.body, response)
    for (const [name, value] of list) copy.headers.set(name, value)
    return copy
  }
}
