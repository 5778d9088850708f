import { sql } from "drizzle-orm"
import type { systemApi } from "#core/contract/system"
import type { ReplyOf } from "#core/contract/endpoint"
import type { BaseCtx } from "#worker/context"

/** Whether the installation can serve, without saying anything about it. */
export async function health(ctx: Pick<BaseCtx, "control">): Promise<ReplyOf<typeof systemApi.health>> {
  const database = await ctx
    .control()
    .then((control) => control.run(sql`select 1`))
    .then(
      () => "ok" as const,
      () => "failing" as const,
    )
  return { status: database === "ok" ? "ok" : "degraded", checks: { database } }
}
