import { Failure } from "#core/errors"
import { quotaDetail } from "#core/governor/quota"
import type { Ctx } from "#worker/context"
import * as quotas from "#worker/db/quotas"
import { settingsOf, type Env } from "#worker/env"
import { usualIn } from "./limits.ts"

/** Turns the word of a statement that there is no room for another flow into one that says how many there may be. */
export async function withinFlows<T>(
  env: Env,
  { db, now }: Pick<Ctx, "db" | "now">,
  write: Promise<T>,
): Promise<T> {
  try {
    return await write
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "quota.full") throw error
    const [set, { flows: used }] = await Promise.all([
      quotas.limits(db),
      quotas.counted(db, new Date(now).toISOString().slice(0, 10)),
    ])
    const limit = { ...usualIn(settingsOf(env)), ...set }.flows ?? Infinity
    if (used < limit) throw new Failure("conflict.stale")
    throw new Failure("quota.full", quotaDetail({ quota: "flows", limit, used, resets: undefined }, now))
  }
}
