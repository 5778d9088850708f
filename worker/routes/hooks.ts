import type { Context } from "hono"
import { sealingOf } from "#worker/audit/sealing"
import { randomBytes, type BaseCtx } from "#worker/context"
import { controlDb } from "#worker/db/tenant"
import type { AppEnv } from "#worker/http/mount"
import { receiveHook } from "#worker/services/triggers/receive"
import type { HookAnswer } from "#worker/services/triggers/take"

/** `/hooks/{tenant_slug}/{token}`: where webhooks are delivered to. Not part of the API: senders are no callers of ours. */
export async function hook(c: Context<AppEnv, "/hooks/:slug/:token">): Promise<Response> {
  const base: BaseCtx = {
    requestId: c.get("requestId"),
    now: Date.now(),
    chance: randomBytes,
    control: () => controlDb(c.env),
    after: (work) => c.executionCtx.waitUntil(work),
    sealing: sealingOf(c.env, (work) => c.executionCtx.waitUntil(work)),
  }
  const { slug, token } = c.req.param()
  const answer = await receiveHook(c.env, base, { request: c.req.raw, url: c.get("url"), slug, token })
  return c.json(said(answer), answer.status, { "cache-control": "no-store" })
}

/** The body of an answer. A duplicate names the execution that the first delivery of the same has started. */
function said(answer: HookAnswer) {
  switch (answer.is) {
    case "accepted":
      return { execution_id: answer.execution_id }
    case "ended": {
      const { status, outputs, error } = answer.started
      const { execution_id } = answer
      return { execution_id, status, outputs: outputs ?? null, ...(error === undefined ? {} : { error }) }
    }
    case "duplicate":
      return { execution_id: answer.execution_id, duplicate: true }
    case "captured":
      return { captured: true }
    default:
      return answer satisfies never
  }
}
