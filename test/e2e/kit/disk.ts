import { readdirSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"

/** Every database of a state folder: the tenants' and the control one under `d1`, the objects' under `do`. */
export const databasesOf = (state: string): string[] =>
  readdirSync(join(state, "data"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".sqlite"))
    .map((name) => join(state, "data", name))

const textOf = (value: unknown): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value)

/** Everything that stands in a database, as text; the tables that are named are left out. */
export function textIn(file: string, but: readonly string[] = []): string {
  // A server that is writing just now is waited for.
  const database = new DatabaseSync(file, { readOnly: true, timeout: 10_000 })
  try {
    const names = database.prepare("select name from sqlite_master where type = 'table'").all()
    const rows = names.flatMap(({ name }) => {
      if (but.includes(String(name))) return []
      const all = database.prepare(`select * from "${String(name)}"`)
      all.setReadBigInts(true)
      return all.all().map((row) => `${String(name)} ${Object.values(row).map(textOf).join(" ")}`)
    })
    return rows.join("\n")
  } finally {
    database.close()
  }
}
