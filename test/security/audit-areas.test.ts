import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { expect, it } from "vitest"
import { areas } from "#web/features/audit/words.ts"

const worker = join(import.meta.dirname, "../../worker")

/** What entries are about: the first word of each action that is named where one is written. */
const told = new Set(
  readdirSync(worker, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .flatMap((name) => [
      ...readFileSync(join(worker, name), "utf8").matchAll(/\baudit\([^"]{0,200}"([a-z_]+)\.[a-z_]+"/g),
    ])
    .map(([, area]) => area!),
)

it("the log can be asked on its page for all that is told in it, by what that is about", () => {
  const values = areas.map(({ value }) => value)
  expect(new Set(values).size).toBe(values.length)
  expect(told.size).toBeGreaterThan(20)
  expect([...told].filter((area) => !values.includes(area)).toSorted()).toEqual([])
})
