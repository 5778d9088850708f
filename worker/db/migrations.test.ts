import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { describe, expect, it } from "vitest"
import * as z from "zod"

const root = join(import.meta.dirname, "../..")
const list = readFileSync(join(import.meta.dirname, "migrations.ts"), "utf8")

const Journal = z.object({ entries: z.array(z.object({ tag: z.string() })) })

describe.each(["control", "tenant"])("the list of %s migrations", (kind) => {
  const folder = join(root, "migrations", kind)
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()

  it("names every file of its folder, in order", () => {
    const imported = [
      ...list.matchAll(new RegExp(`import (${kind}\\d{4}) from "../../migrations/${kind}/(.+)"`, "g")),
    ]
    expect(imported.map(([, , file]) => file)).toEqual(files)
    const entries = [...list.matchAll(new RegExp(`\\{ id: "(.+)", sql: (${kind}\\d{4}) \\}`, "g"))]
    expect(entries.map(([, id, name]) => [`${id}.sql`, name])).toEqual(
      imported.map(([, name, file]) => [file, name]),
    )
  })

  it("is the one that drizzle-kit keeps", () => {
    const journal = Journal.parse(JSON.parse(readFileSync(join(folder, "meta/_journal.json"), "utf8")))
    expect(journal.entries.map(({ tag }) => `${tag}.sql`)).toEqual(files)
  })
})

it("keeps the tools that were made before versions were kept as the version that they have", () => {
  const db = new DatabaseSync(":memory:")
  const folder = join(root, "migrations/tenant")
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()
  const apply = (some: readonly string[]) => {
    for (const file of some) db.exec(readFileSync(join(folder, file), "utf8"))
  }
  const at = files.indexOf("0012_tool_versions.sql")
  apply(files.slice(0, at))
  const columns = "id, definition, name, description, version, created_by, created_at, updated_at"
  db.exec(
    `insert into tools (${columns}) values ('tool_1', '{"name":"a"}', 'a', 'A', 4, 'user_1', 'then', 'now')`,
  )
  apply(files.slice(at))
  expect(db.prepare("select * from tool_versions").all()).toEqual([
    { tool_id: "tool_1", version: 4, definition: '{"name":"a"}', created_by: "user_1", created_at: "now" },
  ])
})
