import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"

const root = join(import.meta.dirname, "../..")
const page = readFileSync(join(root, "docs/security.md"), "utf8")

/** The rows of a table, by the first cell. */
const rowsOf = (heading: string): { name: string; last: string }[] => {
  const from = page.indexOf(`## ${heading}\n`)
  const part = page.slice(
    from,
    page.indexOf("\n## ", from + 3) < 0 ? undefined : page.indexOf("\n## ", from + 3),
  )
  return part
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (?:Row|---)/.test(line))
    .map((line) => {
      const cells = line.slice(2, -2).split(" | ")
      return { name: cells[0]!, last: cells.at(-1)! }
    })
}

const asvs = rowsOf("ASVS 5.0")
const advisories = rowsOf("What happened to others")

/** `path/of.test.ts` › "words of a test" */
const testsIn = (cell: string): [string, string][] =>
  [...cell.matchAll(/`([^`]+\.test\.tsx?)` › "([^"]+)"/g)].map(([, file, words]) => [file!, words!])

describe("the page on security", () => {
  it("has every row", () => {
    expect(asvs.map(({ name }) => name)).toEqual(Array.from({ length: 70 }, (_, i) => `A${i + 1}`))
    expect(advisories.map(({ name }) => name)).toEqual(Array.from({ length: 52 }, (_, i) => String(i + 1)))
  })

  it.each([...asvs, ...advisories].map((row) => [row.name, row.last] as const))(
    "names in row %s tests that there are, or says plainly that there is none",
    (_, cell) => {
      const tests = testsIn(cell)
      expect(tests.length > 0 || cell.includes("not yet")).toBe(true)
      for (const [file, words] of tests) {
        const path = join(root, file)
        expect([file, existsSync(path)]).toEqual([file, true])
        expect([file, words, readFileSync(path, "utf8").includes(words)]).toEqual([file, words, true])
      }
    },
  )

  it("leaves nothing that is not proved", () => {
    const open = [...asvs, ...advisories].filter(({ last }) => testsIn(last).length === 0)
    expect(open.map(({ name }) => name)).toEqual([])
  })
})
