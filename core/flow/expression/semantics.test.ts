import * as fc from "fast-check"
import jsonata from "jsonata"
import { describe, expect, it } from "vitest"
import type { Json } from "#core/json"
import { compileExpression } from "./compile.ts"
import { ExpressionError } from "./error.ts"
import { evaluateExpression, type Scope } from "./evaluate.ts"
import { builtins } from "./functions/table.ts"
import { Native } from "./interpreter/value.ts"
import equal from "./semantics.corpus.json" with { type: "json" }

/** JSONata's own evaluator is the judge: on data that it can be trusted with, ours must answer as it does. */
const scope: Scope = {
  input: {
    text: "Hello World",
    n: 3,
    f: 1.5,
    t: true,
    z: null,
    e: [],
    o: {},
    list: [1, 2, 3],
    words: ["b", "a", "c"],
    one: [7],
    nested: [
      [1, 2],
      [3, [4]],
    ],
    obj: { a: 1, b: "two", c: [1] },
    "odd name": { "": 1, "a.b": 2 },
    rows: [
      { a: 1, b: "x", tags: ["p", "q"] },
      { a: 2, b: "y", tags: [] },
      { a: 3, b: "x", tags: ["p"], sub: { k: [{ v: 1 }, { v: 2 }] } },
    ],
    order: {
      id: "o1",
      lines: [
        { sku: "A", price: 10, qty: 2, vendor: { name: "Acme" } },
        { sku: "B", price: 2.5, qty: 4, vendor: { name: "Bolt" } },
        { sku: "A", price: 9, qty: 1, vendor: { name: "Acme" } },
      ],
    },
  },
  nodes: { draft: { text: "t", score: 0.7 } },
  execution: { now: "2026-01-02T03:04:05.678Z" },
  vars: {},
}

const REFUSED = "refused"

/** A result of JSONata as JSON; a function or an infinite number in it is what we refuse. */
function asJson(value: unknown): Json | undefined {
  let refused = false
  const text = JSON.stringify(value, (_, item: unknown) => {
    const isFunction = typeof item === "object" && item !== null && "_jsonata_lambda" in item
    if (typeof item === "function" || isFunction || (typeof item === "number" && !Number.isFinite(item)))
      refused = true
    return item
  })
  if (refused || typeof value === "function") return REFUSED
  return text === undefined ? undefined : (JSON.parse(text) as Json)
}

async function theirs(source: string, data: unknown): Promise<Json | undefined> {
  try {
    return asJson(await jsonata(source, { stack: 400, timeout: 2_000 }).evaluate(structuredClone(data)))
  } catch {
    return REFUSED
  }
}

async function ours(source: string, data: Scope): Promise<Json | undefined> {
  try {
    return await evaluateExpression(source, data)
  } catch (fault) {
    expect(fault).toBeInstanceOf(ExpressionError)
    expect((fault as ExpressionError).cause).toBeUndefined()
    return REFUSED
  }
}

describe("an expression answers as JSONata does", () => {
  it.each(equal.answered)("%s", async (source) => {
    const want = await theirs(source, scope)
    expect(want).not.toBe(REFUSED)
    expect(await ours(source, scope)).toEqual(want)
  })
})

describe("an expression is refused where JSONata refuses it", () => {
  it.each(equal.refused)("%s", async (source) => {
    expect(await theirs(source, scope)).toBe(REFUSED)
    expect(await ours(source, scope)).toBe(REFUSED)
  })
})

const unary = [
  "sum",
  "count",
  "max",
  "min",
  "average",
  "string",
  "lowercase",
  "uppercase",
  "length",
  "trim",
  "number",
]
  .concat([
    "floor",
    "ceil",
    "round",
    "abs",
    "sqrt",
    "boolean",
    "not",
    "keys",
    "exists",
    "spread",
    "merge",
    "reverse",
  ])
  .concat([
    "type",
    "sort",
    "distinct",
    "base64encode",
    "encodeUrlComponent",
    "clone",
    "zip",
    "single",
    "assert",
    "error",
  ])
const binary = [
  "append",
  "lookup",
  "substringBefore",
  "substringAfter",
  "contains",
  "split",
  "join",
  "power",
  "round",
].concat([
  "pad",
  "substring",
  "zip",
  "formatBase",
  "string",
  "map",
  "filter",
  "sift",
  "each",
  "sort",
  "single",
])
const infix = ["+", "-", "*", "/", "%", "=", "!=", "<", ">=", "&", "and", "or", "in", "??", "?:"]
const paths = [
  "input.rows",
  "input.list",
  "input.obj",
  "input.text",
  "input.words",
  "input.rows.a",
  "$",
  "$$",
  "$x",
]
const names = [
  "input",
  "text",
  "n",
  "f",
  "t",
  "z",
  "e",
  "o",
  "list",
  "words",
  "one",
  "nested",
  "obj",
  "rows",
  "a",
  "b",
  "missing",
]
const literals = [
  "1",
  "0",
  "-1",
  "2.5",
  '"a"',
  '""',
  '"x"',
  "true",
  "false",
  "null",
  "[]",
  "{}",
  "[1,2]",
  "[[1]]",
]

type Grammar = { expr: string; path: string; call: string; lambda: string; group: string }

const { expr } = fc.letrec<Grammar>((tie) => {
  const e = tie("expr")
  const of = (make: (...parts: string[]) => string, count: number) =>
    fc.tuple(...Array.from({ length: count }, () => e)).map((parts) => make(...parts))
  return {
    path: fc.oneof(
      of((a, b) => `${a}.${b}`, 2),
      of((a, b) => `${a}[${b}]`, 2),
      of((a) => `${a}[]`, 1),
      of((a, b) => `${a}.(${b})`, 2),
      of((a, b) => `${a}^(${b})`, 2),
      of((a, b) => `${a}^(>${b}, a)`, 2),
      of((a, b) => `${a}@$x.${b}`, 2),
      of((a, b) => `${a}#$x.(${b})`, 2),
      of((a, b) => `${a}#$x[${b}]`, 2),
      of((a) => `${a}.(%.n)`, 1),
      of((a) => `input.rows.${a}.%.a`, 1),
    ),
    group: of((a, b, c) => `input.${a}{$string(${b}): ${c}}`, 3),
    lambda: fc.oneof(
      of((a) => `function($x){${a}}`, 1),
      of((a) => `function($x,$y){${a}}`, 1),
      of((a) => `function($x,$i,$all){${a}}`, 1),
      fc.constantFrom(...unary).map((name) => `$${name}`),
    ),
    call: fc.oneof(
      fc.tuple(fc.constantFrom(...unary), e).map(([name, a]) => `$${name}(${a})`),
      fc.constantFrom(...unary).map((name) => `$${name}()`),
      fc.tuple(fc.constantFrom(...binary), e, e).map(([name, a, b]) => `$${name}(${a}, ${b})`),
      fc
        .tuple(fc.constantFrom("map", "filter", "each", "sift", "single", "sort", "reduce"), e, tie("lambda"))
        .map(([name, a, b]) => `$${name}(${a}, ${b})`),
      fc.tuple(e, fc.constantFrom(...unary)).map(([a, name]) => `${a} ~> $${name}`),
      fc.tuple(e, fc.constantFrom(...binary), e).map(([a, name, b]) => `(${a}) ~> $${name}(${b})`),
      fc.tuple(tie("lambda"), e).map(([f, a]) => `(${f})(${a})`),
      of((a, b) => `${a} ~> |rows|{"q": ${b}}, "a"|`, 2),
    ),
    expr: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom(...names, ...paths, ...literals),
      fc.constantFrom(...names, ...paths),
      tie("path"),
      tie("path"),
      tie("call"),
      tie("group"),
      fc.tuple(e, fc.constantFrom(...infix), e).map(([a, operator, b]) => `(${a} ${operator} ${b})`),
      of((a, b) => `[${a}..${b}]`, 2),
      of((a, b) => `[${a}, ${b}]`, 2),
      of((a, b) => `{"a": ${a}, "k": ${b}}`, 2),
      of((a, b, c) => `(${a} ? ${b} : ${c})`, 3),
      of((a, b) => `($x := ${a}; ${b})`, 2),
      of((a) => `-${a}`, 1),
    ),
  }
})

describe("any expression", () => {
  it("answers as JSONata does, or is refused as there", async () => {
    await fc.assert(
      fc.asyncProperty(expr, async (source) => {
        expect({ source, answer: await ours(source, scope) }).toEqual({
          source,
          answer: await theirs(source, scope),
        })
      }),
      { seed: 20_260_102, numRuns: 3_000 },
    )
  }, 60_000)
})

describe("a path of names", () => {
  const key = fc.constantFrom("a", "b", "c", "toString", "length", "0", "odd name")
  const { json } = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { depthSize: "medium" },
      fc.constantFrom<Json>(null, true, 0, 1.5, "", "text", [], {}),
      fc.array(tie("json"), { maxLength: 3 }),
      fc.dictionary(key, tie("json"), { maxKeys: 4 }),
      fc.dictionary(key, tie("json"), { maxKeys: 4 }),
    ),
  }))
  const quoted = (name: string) => `\`${name}\``

  it("takes the short way exactly where it makes no difference", async () => {
    await fc.assert(
      fc.asyncProperty(json, fc.array(key, { minLength: 1, maxLength: 5 }), async (input, path) => {
        const source = ["input", ...path].map(quoted).join(".")
        const data: Scope = { input, nodes: {}, execution: {}, vars: {} }
        expect(compileExpression(source).path).toEqual(["input", ...path])
        const want = await theirs(source, data)
        expect(await ours(source, data)).toEqual(want)
        expect(await ours(`($x := ${quoted("input")}; $x.${path.map(quoted).join(".")})`, data)).toEqual(want)
        // The same path where no short way exists.
        expect(await ours(`(${source})`, data)).toEqual(want)
        expect(await ours(`$$.${source}`, data)).toEqual(want)
      }),
      { seed: 7, numRuns: 2_000 },
    )
  })
})

describe("the functions", () => {
  type Definition = { implementation?: { length: number } }
  const environment = (): { lookup(name: string): Definition | undefined } => {
    let found: { lookup(name: string): Definition | undefined } | undefined
    const probe = jsonata("null")
    probe.assign(
      Symbol.for("jsonata.__evaluate_entry") as unknown as string,
      (_: unknown, __: unknown, env: typeof found) => {
        found = env
      },
    )
    void probe.evaluate(null)
    return found!
  }
  const documented =
    "abs append assert average base64decode base64encode boolean ceil clone contains count decodeUrl decodeUrlComponent distinct each encodeUrl " +
    "encodeUrlComponent error exists filter floor formatBase formatInteger formatNumber fromMillis join keys length lookup lowercase map match max " +
    "merge millis min not now number pad parseInteger power reduce replace reverse round sift single sort split spread sqrt string substring " +
    "substringAfter substringBefore sum toMillis trim type uppercase zip"

  it("are JSONata's, but for those that a flow cannot replay", () => {
    expect([...builtins.keys()].sort()).toEqual(documented.split(" "))
    const theirEnvironment = environment()
    for (const name of ["eval", "random", "shuffle"]) {
      expect(theirEnvironment.lookup(name)).toBeDefined()
      expect(builtins.has(name)).toBe(false)
    }
  })

  it("take as many arguments from $map and the like as JSONata's do", () => {
    const theirEnvironment = environment()
    for (const [name, value] of builtins) {
      const arity = value instanceof Native ? value.arity : undefined
      expect([name, arity]).toEqual([name, theirEnvironment.lookup(name)?.implementation?.length])
    }
  })
})
