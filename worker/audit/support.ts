import type { Endpoint } from "#core/contract/endpoint"
import { commit } from "#worker/db/commit"
import type { Ctx } from "#worker/context"
import { audit } from "./record.ts"

/** What is no change of a tenant's work: the session's own, and what has its own log. */
const own: ReadonlySet<Endpoint["needs"]> = new Set(["public", "session", "member", "platform"])

/**
 * Tells the audit log of each request with which support changes something in somebody's name, before it is done: a change itself
 * may stand in a journal alone, which knows that person's name and not who acted in it (ASVS 5.0 §8.4.2).
 */
export async function noteSupport(
  ctx: Ctx,
  { method, path, needs, reads }: Endpoint,
  params: object | undefined,
): Promise<void> {
  if (ctx.actor.is !== "user" || !ctx.actor.support) return
  if (method === "GET" || reads || own.has(needs)) return
  const deed = { target: `${method} ${path}`, after: { ...params } }
  await commit({ db: ctx.db }, undefined, audit(ctx, "support.change", deed, true))
}
