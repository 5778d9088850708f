import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { at } from "./paths.ts"
import { withMoreSlots } from "./slots.ts"

describe("more databases for tenants", () => {
  const toml = readFileSync(at("wrangler.toml"), "utf8")
  const bound = (text: string) => [...text.matchAll(/TENANT_DB_(\d+)/g)].map(([, number]) => Number(number))

  it("go on from the last, and leave all else as it was", () => {
    const more = withMoreSlots(toml, 3)
    expect(more.toml.startsWith(toml.trimEnd())).toBe(true)
    const count = bound(toml).length
    expect(bound(more.toml)).toEqual([...bound(toml), count, count + 1, count + 2])
    expect([more.first, more.last]).toEqual([count, count + 2].map((n) => String(n).padStart(3, "0")))
  })

  it("never take the number of one that was retired", () => {
    const retired = `${toml.trimEnd()}\n\n# [[d1_databases]]\n# binding = "TENANT_DB_4700"\n`
    expect(withMoreSlots(retired, 1).first).toBe("4701")
    const all = Array.from({ length: 4_900 }, (_, i) => `# binding = "TENANT_DB_${5_000 + i}"`).join("\n")
    expect(withMoreSlots(`${toml}\n${all}\n`, 1).first).toBe("9900")
  })

  it("begin where there are none", () => {
    expect(withMoreSlots('name = "edgecrew"\n', 1).toml).toContain('binding = "TENANT_DB_000"')
  })

  it("stay within what a Worker may bind", () => {
    expect(() => withMoreSlots(toml, 5_000)).toThrow("at most 4,900 databases")
  })
})
