import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { parse } from "yaml"
import { describe, expect, it } from "vitest"
import { importDocument } from "#core/exchange/import"
import { formatOf, readDocument } from "#core/exchange/read"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { evilTexts, mostMs, quickest } from "#test/kit/evil-texts"

const folder = join(import.meta.dirname, "../fixtures/exchange")
const files = readdirSync(folder, { withFileTypes: true }).flatMap((one) =>
  one.isDirectory() ? readdirSync(join(folder, one.name)).map((file) => `${one.name}/${file}`) : [],
)
const installation = {
  here: { tool: () => undefined, model: () => undefined },
  crew_id: "crew_01JD0000000000000000000000",
  tool_id: () => "tool_01JD0000000000000000000000",
}

/** Reads a file as an upload is read; a refusal is an answer as well. */
function imported(content: JsonObject): void {
  const read = readDocument(content)
  const format = read.ok ? formatOf(read.document.value) : undefined
  if (read.ok && format && format !== "edgecrew.flow") importDocument(read.document, format, installation)
}

type Leaf = { path: (string | number)[]; text: string }

function leavesOf(value: Json, path: (string | number)[] = []): Leaf[] {
  if (typeof value === "string") return [{ path, text: value }]
  if (Array.isArray(value)) return value.flatMap((one, i) => leavesOf(one, [...path, i]))
  return isJsonObject(value)
    ? Object.entries(value).flatMap(([key, one]) => leavesOf(one, [...path, key]))
    : []
}

/** The same document with another text in one place. */
function withText(document: JsonObject, path: Leaf["path"], text: string): JsonObject {
  const copy = structuredClone(document)
  let at = copy as unknown as Record<string | number, unknown>
  for (const step of path.slice(0, -1)) at = at[step] as typeof at
  at[path.at(-1)!] = text
  return copy
}

const texts = evilTexts(60_000)
/** Each file gets so many texts in one of its places each; the long form has ten times as many. */
const tries = process.env["SECURITY"] === "long" ? 800 : 80

describe("[A6] a file of another product with a text in it that is made to take long", () => {
  it.each(files)(
    "%s is read in no time",
    async (file) => {
      const document = parse(readFileSync(join(folder, file), "utf8")) as JsonObject
      const leaves = leavesOf(document)
      expect(leaves.length).toBeGreaterThan(0)
      for (let i = 0; i < tries; i++) {
        // Two strides without a common divisor with most lengths: every place and every text has its turn.
        const { path, text: was } = leaves[(i * 37 + files.indexOf(file)) % leaves.length]!
        const { name, text } = texts[(i * 101 + files.indexOf(file) * 7) % texts.length]!
        const evil = was.startsWith("=") ? `={{ ${text} }}` : i % 2 === 0 ? text : was + text
        const ms = await quickest(() => imported(withText(document, path, evil)))
        expect([path.join("."), name, ms > mostMs ? ms : 0]).toEqual([path.join("."), name, 0])
      }
    },
    240_000,
  )
})

describe("[A6] a file of another product with a text in it that has more levels than a stack", () => {
  const levels = 20_000
  const nested = [
    "a.".repeat(levels),
    `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`,
    `${"[".repeat(levels)}1${"]".repeat(levels)}`,
    `={{ ${"(".repeat(levels)}1${")".repeat(levels)} }}`,
  ]
  it.each(files)(
    "%s is read, or refused, wherever it stands",
    (file) => {
      const document = parse(readFileSync(join(folder, file), "utf8")) as JsonObject
      // Of places that are alike, as in the nodes of a list, one.
      const places = new Map(
        leavesOf(document).map(({ path }) => [
          path.map((part) => (typeof part === "number" ? "" : part)).join("."),
          path,
        ]),
      )
      for (const [i, path] of [...places.values()].entries())
        for (const text of [nested[0]!, nested[1 + (i % 3)]!])
          expect(() => imported(withText(document, path, text))).not.toThrow()
    },
    60_000,
  )
})

/** A step of n8n whose data says an expression. */
const n8n = (expression: string): JsonObject => ({
  nodes: [
    { id: "1", name: "Start", type: "n8n-nodes-base.manualTrigger", position: [0, 0], parameters: {} },
    {
      id: "2",
      name: "Set",
      type: "n8n-nodes-base.set",
      typeVersion: 3.4,
      position: [200, 0],
      parameters: {
        assignments: {
          assignments: [{ id: "a", name: "sum", type: "string", value: `={{ ${expression} }}` }],
        },
      },
    },
  ],
  connections: { Start: { main: [[{ node: "Set", type: "main", index: 0 }]] } },
})

describe("[A6] an expression of n8n that would grow with every sign", () => {
  it.each([
    ["and", Array(900).fill("$json.a").join(" && ")],
    ["is nothing", `$json.a${" == null".repeat(900)}`],
    ["is not nothing", `$json.a${" != null".repeat(900)}`],
    ["or", Array(900).fill("$json.a").join(" || ")],
    ["if", `${"$json.a ? ".repeat(38)}1${" : 2".repeat(38)}`],
    ["methods", `$json.a${".trim().toUpperCase().length".repeat(300)}`],
    ["templates", "`${$json.a}".repeat(800) + "`"],
    ["a call in a call", `${"Math.max($json.a, ".repeat(38)}1${")".repeat(38)}`],
  ])("%s", async (_, expression) => {
    expect(await quickest(() => imported(n8n(expression)))).toBeLessThan(mostMs)
  })
})

describe("a file with more in it than a flow has", () => {
  const told = (content: JsonObject) => {
    const read = readDocument(content)
    if (!read.ok) return read.faults[0]!.message
    const made = importDocument(read.document, "n8n", installation)
    return made.ok ? "read" : made.faults[0]!.message
  }

  it("of expressions is refused before they are read", async () => {
    expect(told(n8n("$json.a }} {{ $json.b ".repeat(6_000)))).toMatch(/at most 5,000 expressions/)
  })

  it("of secrets is refused before they are looked for", () => {
    const keys = Array.from({ length: 20_000 }, (_, i) => `sk-proj-${String(i).padStart(20, "0")}`)
    expect(told(n8n(`"${keys.join(" ")}"`))).toMatch(/more than 200 secrets/)
    expect(told(n8n(`"${keys.slice(0, 100).join(" ")}"`))).toBe("read")
  })
})
