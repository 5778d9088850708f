import { drizzle } from "drizzle-orm/d1"
import { expect, it } from "vitest"
import { seal } from "#core/audit/entry"
import { number, waitingHere } from "#worker/db/audit"
import { databaseOf } from "#test/kit/dump"
import { newTenant } from "#test/kit/tenants"

/** A database that notes what it is asked. */
function listened(d1: D1Database, asked: string[]): D1Database {
  return new Proxy(d1, {
    get(target, name) {
      if (name !== "prepare") return (target[name as keyof D1Database] as () => unknown).bind(target)
      return (text: string) => {
        asked.push(text)
        return target.prepare(text)
      }
    },
  })
}

it("[AL14] many entries that wait are sealed a portion at a time, and each portion reads no more than its own", async () => {
  const { id } = await newTenant("backlog")
  const d1 = await databaseOf(id)
  const asked: string[] = []
  const db = drizzle(listened(d1, asked))
  await waitingHere(db, 250)
  const deed = { id: "audit_none", at: "2026-11-23T00:00:00.000Z", actor: "system", action: "flow.create" }
  const last = { seq: 0, hash: "0".repeat(64) }
  const rest = { target: null, request_id: "req_none", detail: "null" }
  const sealed = seal(id, last, { ...deed, ...rest }, new Uint8Array(32))
  await number(db, [{ ...sealed, place: "tenant" }])
  expect(asked).toHaveLength(2)
  const [read, write] = await Promise.all(
    asked.map(async (text) => {
      const given = text.includes("limit") ? 250 : "[]"
      const { results } = await d1.prepare(`explain query plan ${text}`).bind(given).all<{ detail: string }>()
      return results.map(({ detail }) => detail)
    }),
  )
  // In the order in which they wait, without sorting all of them.
  expect(read).toEqual(["SCAN audit_entries USING INDEX audit_entries_waiting"])
  // Each found by its id: not all of them for each.
  expect(write).toEqual([
    expect.stringMatching(/^SCAN json_each/),
    expect.stringMatching(/^SEARCH audit_entries USING INDEX sqlite_autoindex_audit_entries_1 \(id=\?\)/),
  ])
})
