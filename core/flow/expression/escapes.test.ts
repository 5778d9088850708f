import { afterEach, describe, expect, it } from "vitest"
import type { Json } from "#core/json"
import { checkExpression } from "./check.ts"
import { ExpressionError } from "./error.ts"
import corpus from "./escapes.corpus.json" with { type: "json" }
import { evaluateExpression, type Scope } from "./evaluate.ts"
import { resolveBare, resolveFields, resolveTemplate } from "./template.ts"

/**
 * Attempts to reach the host: escapes of n8n (CVE-2025-68613, CVE-2026-1470 and their kin), of vm sandboxes and of JSONata itself, where data
 * could pose as a function, a transform could rewrite a built-in, and `$pad ~> $spread()` handed out a function of the host.
 */
const scope = (): Scope =>
  deepFreeze({
    input: {
      text: "hello",
      list: [1, 2, 3],
      rows: [
        { a: 1, b: "x" },
        { a: 2, b: "y" },
      ],
      evil: JSON.parse('{"__proto__": {"isAdmin": true}, "a": 1}') as Json,
      lambda: {
        _jsonata_lambda: true,
        arguments: [{ type: "variable", value: "x" }],
        body: {
          type: "function",
          procedure: { type: "variable", value: "eval" },
          arguments: [{ type: "string", value: "41+1" }],
        },
      },
      native: { _jsonata_function: true, implementation: "return process" },
      thunk: {
        _jsonata_lambda: true,
        thunk: true,
        body: { procedure: { type: "variable", value: "now" }, arguments: [] },
        environment: {},
      },
    },
    nodes: { draft: { text: "t" } },
    execution: { id: "exec_1" },
    vars: {},
  })

function deepFreeze<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(deepFreeze)
    Object.freeze(value)
  }
  return value
}

/** Whether a value is nothing but JSON: ordinary objects and arrays with their own enumerable data. */
function isPlain(value: unknown): boolean {
  if (value === null || ["string", "boolean"].includes(typeof value)) return true
  if (typeof value === "number") return Number.isFinite(value)
  if (typeof value !== "object") return false
  const proto: unknown = Object.getPrototypeOf(value)
  if (proto !== (Array.isArray(value) ? Array.prototype : Object.prototype)) return false
  return Reflect.ownKeys(value).every((key) => {
    if (Array.isArray(value) && key === "length") return true
    const property = Object.getOwnPropertyDescriptor(value, key)
    if (typeof key !== "string" || key === "__proto__" || !property?.enumerable) return false
    return "value" in property && isPlain(property.value)
  })
}

const hosts = [Object, Array, Function, String, Number, Boolean, RegExp, Promise, Error, Symbol, Map, Set]
const shapeOfHost = () =>
  JSON.stringify([
    ...hosts.map((host) => [
      host.name,
      Reflect.ownKeys(host).map(String),
      Reflect.ownKeys(host.prototype).map(String),
    ]),
    Object.keys(globalThis).sort(),
  ])
const before = shapeOfHost()

afterEach(() => {
  expect(shapeOfHost()).toBe(before)
  expect({}).not.toHaveProperty("isAdmin")
  expect(globalThis).not.toHaveProperty("pwned")
})

/** What came of it: the code of the refusal, or the answer. */
async function outcome(
  evaluation: Promise<Json | undefined>,
): Promise<{ code?: string; answer?: Json | undefined }> {
  try {
    return { answer: await evaluation }
  } catch (fault) {
    expect(fault).toBeInstanceOf(ExpressionError)
    const { code, message, cause } = fault as ExpressionError
    expect(message).not.toMatch(/ at |native code|node_modules|\.ts:|\[object/)
    expect(cause).toBeUndefined()
    return { code }
  }
}

const attempts = [
  ...corpus.forbidden,
  ...corpus.syntax,
  ...corpus.failed,
  ...corpus.nothing,
  ...corpus.harmless,
  ...corpus.answered.map(({ source }) => source),
]

describe("attempts to escape from an expression", () => {
  it("are at least 250, and no two are the same", () => {
    expect(attempts.length).toBeGreaterThanOrEqual(250)
    expect(new Set(attempts).size).toBe(attempts.length)
  })

  describe("are refused by name", () => {
    it.each(corpus.forbidden)("%s", async (source) => {
      expect(await outcome(evaluateExpression(source, scope()))).toEqual({ code: "expression.forbidden" })
    })
  })

  describe("are not JSONata", () => {
    it.each(corpus.syntax)("%s", async (source) => {
      expect(await outcome(evaluateExpression(source, scope()))).toEqual({ code: "expression.syntax" })
      expect(checkExpression(source)?.code).toBe("expression.syntax")
    })
  })

  describe("find no function to call, or no data in a function", () => {
    it.each(corpus.failed)("%s", async (source) => {
      expect(await outcome(evaluateExpression(source, scope()))).toEqual({ code: "expression.failed" })
    })
  })

  describe("find nothing", () => {
    it.each(corpus.nothing)("%s", async (source) => {
      expect(await outcome(evaluateExpression(source, scope()))).toEqual({ answer: undefined })
    })
  })

  describe("find plain data", () => {
    it.each(corpus.answered)("$source", async ({ source, answer }) => {
      expect(await outcome(evaluateExpression(source, scope()))).toEqual({ answer })
    })
    it.each([...corpus.harmless, ...corpus.answered.map(({ source }) => source)])("%s", async (source) => {
      const { answer } = await outcome(evaluateExpression(source, scope()))
      expect(isPlain(answer)).toBe(true)
    })
  })
})

describe("the same attempts in a template", () => {
  it.each(attempts)("{{ %s }}", async (source) => {
    const bare = await outcome(evaluateExpression(source, scope()))
    const template = await outcome(resolveTemplate(`{{ ${source} }}`, scope()))
    // Where the source is not JSONata, its braces or quotes may end the template elsewhere; it is refused or text all the same.
    if (bare.code === "expression.syntax")
      expect(template.code ?? typeof template.answer).toMatch(/syntax|failed|forbidden|string/)
    else expect(template).toEqual(bare)
    const joined = await outcome(resolveTemplate(`a {{ ${source} }} b`, scope()))
    if (joined.code === undefined) expect(typeof joined.answer).toBe("string")
  })
})

describe("data is never code", () => {
  const stored = "{{ $eval('1') }} {{ input.secret }} ${1+1} {{7*7}}"
  const holding: Scope = {
    input: { stored, secret: "s3cret", key: "{{ input.secret }}" },
    nodes: {},
    execution: {},
    vars: {},
  }

  it("does not evaluate braces that an expression answers", async () => {
    expect(await resolveTemplate("{{ input.stored }}", holding)).toBe(stored)
    expect(await resolveTemplate("> {{ input.stored }} <", holding)).toBe(`> ${stored} <`)
    expect(await resolveBare("input.stored", holding)).toBe(stored)
    expect(await resolveTemplate('{{ "{{" & " input.secret }}" }}', holding)).toBe("{{ input.secret }}")
  })

  it("does not evaluate what two answers make together", async () => {
    const split: Scope = { ...holding, input: { open: "{{ input.", rest: "secret }}", secret: "s3cret" } }
    expect(await resolveTemplate("{{ input.open }}{{ input.rest }}", split)).toBe("{{ input.secret }}")
  })

  it("takes keys of fields as they are", async () => {
    const fields = { "{{ input.secret }}": "{{ input.key }}" }
    expect(await resolveFields(fields, holding)).toEqual({ "{{ input.secret }}": "{{ input.secret }}" })
  })

  it("does not set a prototype from fields", async () => {
    const fields = JSON.parse('{"__proto__": {"isAdmin": true}, "a": "{{ input.secret }}"}') as Json
    const result = await resolveFields(fields, holding)
    expect(result).toEqual({ a: "s3cret" })
    expect(result).not.toHaveProperty("isAdmin")
  })
})

describe("what comes in", () => {
  it("is never changed, not even where it is empty or an array", async () => {
    const sources = [
      "input.list[]",
      "input.rows[].a",
      "input.none{}",
      "input.empty{'a': 1}",
      "input ~> |rows|{'a': 2}, 'b'|",
      "input.rows^(>a)",
      "$sort(input.list)",
      "$append(input.list, 4)",
      "input.list ~> $reverse",
      "$spread(input.rows)",
      "**",
      "*.*",
      "input.rows@$r#$i.{'i': $i, 'r': $r}",
      "$merge([input, {'text': 'x'}]).text",
      "[input.list, input.rows]",
      "($x := input.rows; $x[0] ~> |$|{'a': 9}|)",
    ]
    const frozen = scope()
    const text = JSON.stringify(frozen)
    for (const source of sources) await evaluateExpression(source, frozen)
    expect(JSON.stringify(frozen)).toBe(text)
  })

  it("shares nothing with what comes out", async () => {
    const row = { a: 1 }
    const answer = await evaluateExpression("input.rows[0]", { ...scope(), input: { rows: [row] } })
    expect(answer).toEqual({ a: 1 })
    expect(answer).not.toBe(row)
  })

  it("is read by own fields only, whatever its prototype", async () => {
    class Host {
      field = 1
      get secret() {
        return "s3cret"
      }
      method() {
        return "called"
      }
    }
    const input = new Host() as unknown as Json
    const odd: Scope = { input, nodes: {}, execution: {}, vars: {} }
    expect(await evaluateExpression("input.secret", odd)).toBeUndefined()
    expect(await evaluateExpression("input.method", odd)).toBeUndefined()
    expect(await evaluateExpression("$keys(input)", odd)).toBe("field")
    expect(await evaluateExpression("input", odd)).toEqual({ field: 1 })
  })
})
