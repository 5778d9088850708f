import { and, eq, isNull, or } from "drizzle-orm"
import type { FlowId } from "#core/ids"
import type { Db } from "./commit.ts"
import { triggers } from "./schema/triggers.ts"

/** Whether an active trigger fires at the ends of this flow's executions, or starts them and learns how they went. */
export const hasFollowers = async (db: Db, id: FlowId): Promise<boolean> =>
  (
    await db
      .select({ id: triggers.id })
      .from(triggers)
      .where(
        and(
          or(eq(triggers.source_flow_id, id), eq(triggers.flow_id, id)),
          eq(triggers.is_active, true),
          isNull(triggers.deleted_at),
        ),
      )
      .limit(1)
  ).length > 0
