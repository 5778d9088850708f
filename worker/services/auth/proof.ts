import { Failure } from "#core/errors"
import type { SessionId } from "#core/ids"
import type { BaseCtx } from "#worker/context"
import type { Settings } from "#worker/env"
import { forgetSession, liveSession } from "./live.ts"

const holdsSeconds = 15 * 60

/** How long a password that was given counts as given lately, in ms. */
export const proofMs = ({ QUOTAS }: Pick<Settings, "QUOTAS">): number =>
  (QUOTAS["proof_seconds"] ?? holdsSeconds) * 1_000

/**
 * Refuses what needs a recent password (ASVS 5.0 §7.5.1), unless there is one. An isolate's memory of the session may be older
 * than the proof, so before it refuses it asks the database itself. An API key has no password to give.
 */
export async function assertProven(
  ctx: Pick<BaseCtx, "now" | "control">,
  session: SessionId | undefined,
  settings: Pick<Settings, "QUOTAS">,
): Promise<void> {
  if (session === undefined) return
  const isRecent = async (): Promise<boolean> => {
    const live = await liveSession(ctx, session)
    return live !== undefined && Date.parse(live.proven_at) + proofMs(settings) > ctx.now
  }
  if (await isRecent()) return
  forgetSession(session)
  if (await isRecent()) return
  throw new Failure("auth.reauthentication_required")
}
