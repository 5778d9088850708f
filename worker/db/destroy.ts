import { ledger } from "./migrate.ts"

/** A statement may take 30 s: rows go in portions. */
const mostRows = 5_000

const plain =
  "type = 'table' and sql not like 'create virtual%' and name not like '\\_cf\\_%' escape '\\' and name not like 'sqlite\\_%' escape '\\'"

/**
 * Empties a database that was shut, down to its ledger; nothing holds on to what is gone already, so whatever cuts it off, it is done
 * again from its beginning. Answers whether all is gone: `most` bounds the portions of one call.
 */
export async function destroy(d1: D1Database, most: number): Promise<boolean> {
  for (const name of await namesOf(d1, "type = 'trigger'")) await drop(d1, "trigger", name)
  // With an index for search go the tables that it is made of.
  for (const name of await namesOf(d1, "type = 'table' and sql like 'create virtual%'"))
    await drop(d1, "table", name)
  const budget = { left: most }
  const names = (await namesOf(d1, plain)).filter((name) => name !== ledger)
  // One that others refer to is emptied once they are empty, and none is dropped before all are: its children would miss it.
  for (let left = names; left.length > 0;) {
    const later: string[] = []
    for (const name of left) {
      const was = await emptied(d1, name, budget)
      if (was === "more") return false
      if (was === "referred to") later.push(name)
    }
    if (later.length === left.length) throw new Error(`tables cannot be emptied: ${later.join(", ")}`)
    left = later
  }
  for (const name of names) await drop(d1, "table", name)
  return true
}

async function namesOf(d1: D1Database, which: string): Promise<string[]> {
  const { results } = await d1
    .prepare(`select name from sqlite_master where ${which}`)
    .all<{ name: string }>()
  return results.map(({ name }) => name)
}

const drop = (d1: D1Database, what: "table" | "trigger", name: string) =>
  d1.prepare(`drop ${what} if exists "${name}"`).run()

async function emptied(
  d1: D1Database,
  name: string,
  budget: { left: number },
): Promise<"empty" | "more" | "referred to"> {
  const portion = d1.prepare(
    `delete from "${name}" where rowid in (select rowid from "${name}" limit ${mostRows})`,
  )
  try {
    for (let isMore = true; isMore;) {
      if (budget.left-- <= 0) return "more"
      isMore = (await portion.run()).meta.changes >= mostRows
    }
    return "empty"
  } catch (error) {
    const text = String(error)
    if (text.includes("FOREIGN KEY")) return "referred to"
    // What it refers to was dropped before we were cut off: then all were empty.
    if (text.includes("no such table")) return "empty"
    throw error
  }
}
