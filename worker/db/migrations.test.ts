import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
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
