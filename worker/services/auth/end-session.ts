import { Failure } from "#core/errors"
import type { SessionId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as impersonations from "#worker/db/impersonations"
import * as sessions from "#worker/db/sessions"
import { forgetSession, isConfined } from "./live.ts"
import { listSessions } from "./list-sessions.ts"
import { personOf } from "./me.ts"

/** Ends one of the person's sessions, with all its refresh tokens. */
export async function endSession(ctx: Ctx, id: SessionId): Promise<void> {
  const user = personOf(ctx)
  const control = await ctx.control()
  if (await isConfined(ctx)) {
    const { sessions: own } = await listSessions(ctx)
    if (!own.some((one) => one.id === id)) throw new Failure("session.not_found")
  }
  await commit(
    { db: control },
    undefined,
    sessions.end(control, id, user, isoTime(ctx.now), id === ctx.session ? "logout" : "ended"),
    audit(ctx, "session.end", { target: id }),
    impersonations.end(control, id, isoTime(ctx.now)),
  )
  forgetSession(id)
}
