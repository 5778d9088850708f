import { describe, expect, it } from "vitest"
import { testEnv } from "#test/kit/tenants"
import { slotOf } from "#test/kit/dump"
import { ledger, migrate } from "#worker/db/migrate"
import { tenantMigrations as all } from "#worker/db/migrations"
import { slotNames } from "#worker/db/tenant"

// The last ones: no tenant of this file has them.
const free = slotNames(testEnv).slice(-3).map(slotOf)

const idsIn = async (d1: D1Database): Promise<string[]> => {
  const { results } = await d1.prepare(`select id from ${ledger} order by id`).all<{ id: string }>()
  return results.map(({ id }) => id)
}
const ids = all.map(({ id }) => id)

/** Counts how often a database is written to. */
function counting(d1: D1Database): { d1: D1Database; batches: () => number } {
  let batches = 0
  const counted = new Proxy(d1, {
    get(target, name) {
      if (name === "batch") batches++
      const member: unknown = Reflect.get(target, name)
      return typeof member === "function" ? (member.bind(target) as unknown) : member
    },
  })
  return { d1: counted, batches: () => batches }
}

describe("a database", () => {
  it("that is new has all its migrations in one batch, and none of them twice", async () => {
    const { d1, batches } = counting(free[0]!)
    expect(await migrate(d1, all)).toBe(all.length)
    expect([await idsIn(d1), batches()]).toEqual([ids, 1])
    expect(await migrate(d1, all)).toBe(0)
    expect(batches()).toBe(1)
  })

  it("that eight isolates open at once is migrated by one of them, also when some know fewer migrations", async () => {
    const d1 = free[1]!
    const wanted = Array.from({ length: 8 }, (_, i) => (i % 2 === 0 ? all : all.slice(0, -2)))
    const counts = await Promise.all(wanted.map((some) => migrate(d1, some)))
    expect(counts.reduce((sum, count) => sum + count)).toBe(all.length)
    expect(await idsIn(d1)).toEqual(ids)
  })

  it("that has some already gets the others one by one, and what fails leaves it where it was", async () => {
    const { d1, batches } = counting(free[2]!)
    const broken = { id: "9999_broken", sql: "create table half (id text)--> statement-breakpoint\nnonsense" }
    await expect(migrate(d1, [...all.slice(0, 3), broken])).rejects.toThrow("nonsense")
    expect(await migrate(d1, all.slice(0, 3))).toBe(3)
    await expect(migrate(d1, [...all, broken])).rejects.toThrow("nonsense")
    expect(await idsIn(d1)).toEqual(ids)
    expect(batches()).toBe(2 + all.length - 3 + 1)
    const { results } = await d1.prepare("select name from sqlite_master where name = 'half'").all()
    expect(results).toEqual([])
  })
})
