import type { FeatureName } from "#core/features"
import type { UserId } from "#core/ids"
import { write, type Db, type Statement } from "./commit.ts"
import { feature_switches } from "./schema/control.ts"

/** What has been switched so far. */
export const all = (db: Db) => db.select().from(feature_switches)

export const set = (
  db: Db,
  name: FeatureName,
  change: { is_on: boolean; updated_by: UserId; updated_at: string },
): Statement =>
  write(
    db
      .insert(feature_switches)
      .values({ name, ...change })
      .onConflictDoUpdate({ target: feature_switches.name, set: change }),
  )
