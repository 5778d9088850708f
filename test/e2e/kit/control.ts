import { DatabaseSync } from "node:sqlite"
import type { Server } from "#test/kit/server"
import { databasesOf } from "./disk.ts"

/** Reads or writes the control database of a running server, by its file. */
export function inControl<T>(server: Server, act: (database: DatabaseSync) => T): T {
  for (const file of databasesOf(server.state)) {
    const database = new DatabaseSync(file, { timeout: 10_000 })
    try {
      const isControl = database
        .prepare("select 1 from sqlite_master where type = 'table' and name = 'memberships'")
        .get()
      if (isControl) return act(database)
    } finally {
      database.close()
    }
  }
  throw new Error("There is no control database.")
}
