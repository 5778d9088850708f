import type { Db, Statement } from "./commit.ts"
import { write } from "./commit.ts"
import { workspace_settings } from "./schema/workspace.ts"

export type WorkspaceRow = typeof workspace_settings.$inferSelect

/** What was set for the whole workspace; undefined while nobody has changed anything. */
export const settings = async (db: Db): Promise<WorkspaceRow | undefined> =>
  (await db.select().from(workspace_settings))[0]

export const keep = (db: Db, row: Omit<WorkspaceRow, "id">): Statement =>
  write(
    db
      .insert(workspace_settings)
      .values({ id: "workspace", ...row })
      .onConflictDoUpdate({ target: workspace_settings.id, set: row }),
  )
