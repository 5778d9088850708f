import { actorId } from "#core/access/roles"
import { Failure } from "#core/errors"
import type { Started } from "#durable/execution/messages"
import type { Ctx } from "#worker/context"
import { digestOf } from "#worker/digest"
import { Reply } from "#worker/http/reply"
import type { StartOptions } from "#worker/services/executions/beginning"

const mostWaitSeconds = 60

/** How long the caller of an execution waits for its end, in ms (RFC 7240: `Prefer: wait=30`); a stream waits for nothing. */
export function waitOf(headers: Headers): number {
  if (wantsStream(headers)) return 0
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})/i.exec(headers.get("prefer") ?? "")?.[1]
  return Math.min(Number(seconds ?? 0), mostWaitSeconds) * 1000
}

export const wantsStream = (headers: Headers): boolean =>
  headers.get("accept")?.includes("text/event-stream") ?? false

/** 202 at once; 200 with the outputs when the caller waited and it has ended in that time. */
export function startedReply(
  { execution_id, status, outputs, error }: Extract<Started, { is: "started" }>,
  waitMs: number,
): Reply {
  const hasEnded = waitMs > 0 && (outputs !== undefined || error !== undefined || status === "cancelled")
  const place = { location: `/api/v1/executions/${execution_id}` }
  if (!hasEnded) return new Reply({ execution_id, status }, { status: 202, headers: place })
  const said = { execution_id, status, outputs: outputs ?? null, ...(error === undefined ? {} : { error }) }
  return new Reply(said, {
    status: 200,
    headers: { ...place, "preference-applied": `wait=${waitMs / 1000}` },
  })
}

/** A key is remembered by the lane that it hashes to, with what was asked: the flow or the tool, and the body. */
export function keyOf(
  { ctx, text, request }: { ctx: Ctx; text: string; request: Request },
  executed: string,
): StartOptions["idempotency"] {
  const key = request.headers.get("idempotency-key")
  if (key === null) return undefined
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new Failure("request.invalid", {
      errors: [{ path: "Idempotency-Key", message: "Use 1 to 255 visible ASCII characters" }],
    })
  }
  return { key: digestOf([actorId(ctx.actor), executed, key].join(" ")), digest: digestOf(text) }
}
