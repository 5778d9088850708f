import { actorId } from "#core/access/roles"
import type { debuggingApi } from "#core/contract/debugging"
import type { BodyOf, ReplyOf } from "#core/contract/endpoint"
import { Failure, failures, type FailureCode } from "#core/errors"
import { isSettled } from "#core/execution/status"
import type { ExecutionId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as executions from "#worker/db/executions"
import { usableIn } from "#worker/db/shares"
import type { Env } from "#worker/env"
import { ask } from "#worker/stubs"
import { removeArtifacts } from "./artifacts.ts"
import { coordinatorOf } from "./find.ts"

type Reply = ReplyOf<typeof debuggingApi.bulk>
type Refused = Reply["refused"][number]

/** Each may wait some seconds for a call that does not end. */
const mostAtOnce = 20

/** Cancels or deletes many executions; says for each that it was done, or why not. */
export async function changeMany(
  env: Env,
  ctx: Ctx,
  { action, execution_ids }: BodyOf<typeof debuggingApi.bulk>,
): Promise<Reply> {
  allow(ctx.actor, action === "cancel" ? "execution.cancel" : "execution.delete")
  const ids = [...new Set(execution_ids)]
  return action === "cancel" ? cancelMany(env, ctx, ids) : deleteMany(env, ctx, ids)
}

async function cancelMany(env: Env, ctx: Ctx, ids: ExecutionId[]): Promise<Reply> {
  const refused: Refused[] = []
  const usable = { ...ctx, db: usableIn(ctx.db) }
  const cancel = async (id: ExecutionId): Promise<void> => {
    try {
      await ask((await coordinatorOf(env, usable, id)).cancel(id, actorId(ctx.actor)))
    } catch (error) {
      // What is wrong with one must not hide what was done with the others.
      if (error instanceof Failure) refused.push(refusal(id, error.code, error.message))
      else {
        console.error("execution: could not be cancelled", { execution: id, error: String(error) })
        refused.push(refusal(id, "internal"))
      }
    }
  }
  for (let i = 0; i < ids.length; i += mostAtOnce) {
    await Promise.all(ids.slice(i, i + mostAtOnce).map(cancel))
  }
  return parted(ids, refused)
}

async function deleteMany(env: Env, ctx: Ctx, ids: ExecutionId[]): Promise<Reply> {
  const known = new Map(
    (await executions.statusesOf(usableIn(ctx.db, "edit"), ids)).map(({ id, status }) => [id, status]),
  )
  const refused = ids.flatMap((id): Refused[] => {
    const status = known.get(id)
    if (status === undefined) return [refusal(id, "execution.not_found")]
    return isSettled(status) ? [] : [refusal(id, "execution.not_settled")]
  })
  const reply = parted(ids, refused)
  if (reply.done.length === 0) return reply
  await commit(
    ctx,
    reply,
    executions.markDeleted(ctx.db, reply.done, isoTime(ctx.now)),
    audit(ctx, "execution.delete", { before: { execution_ids: reply.done } }, true),
  )
  // From here on nobody can read them, whatever comes of it.
  ctx.after(
    removeArtifacts(env.BLOBS, ctx.tenant.id, reply.done).catch((error: unknown) =>
      console.error("execution: files could not be deleted", { error: String(error) }),
    ),
  )
  return reply
}

const refusal = (
  execution_id: ExecutionId,
  code: FailureCode,
  message: string = failures[code].say,
): Refused => ({ execution_id, code, message })

function parted(ids: ExecutionId[], refused: Refused[]): Reply {
  const left = new Set(refused.map((one) => one.execution_id))
  return { done: ids.filter((id) => !left.has(id)), refused }
}
