import * as fc from "fast-check"
import { describe, expect, expectTypeOf, it } from "vitest"
import type { Json } from "#core/json"
import { checkExpression, checkTemplate } from "./check.ts"
import { ExpressionError } from "./error.ts"
import { partsOf } from "./parts.ts"
import { resolveBare, resolveFields, resolveTemplate, type Scope } from "./template.ts"

const scope: Scope = {
  input: { name: "Ann", n: 3, list: [1, 2], none: null, braces: "{{ x }}", quote: 'say "hi"' },
  nodes: { draft: { text: "Dear }} reader" } },
  execution: { id: "exec_1" },
  vars: {},
}

const resolve = (text: string) => resolveTemplate(text, scope)

describe("a template that is exactly one expression", () => {
  it.each<[string, Json | undefined]>([
    ["{{ input.n }}", 3],
    ["{{input.n}}", 3],
    ["  {{ input.n }}\n", 3],
    ["{{ input.list }}", [1, 2]],
    ["{{ input.list[0] = 1 }}", true],
    ["{{ input.none }}", null],
    ["{{ input.missing }}", undefined],
    ["{{ {'a': input.n} }}", { a: 3 }],
    ["{{ {} }}", {}],
    ["{{ input }}", scope.input],
  ])("keeps the type: %s", async (text, value) => {
    expect(await resolve(text)).toEqual(value)
  })

  it("has the types that it says", () => {
    expectTypeOf(resolveTemplate).returns.resolves.toEqualTypeOf<Json | undefined>()
    expectTypeOf(resolveBare).returns.resolves.toEqualTypeOf<Json | undefined>()
    expectTypeOf(resolveFields).returns.resolves.toEqualTypeOf<Json>()
  })
})

describe("a template with text around", () => {
  it.each([
    ["Hello {{ input.name }}", "Hello Ann"],
    ["{{ input.name }}!", "Ann!"],
    ["{{ input.name }}{{ input.n }}", "Ann3"],
    ["{{ input.n }} {{ input.n }}", "3 3"],
    ["a {{ input.missing }} b", "a  b"],
    ["a {{ input.none }} b", "a  b"],
    ["list {{ input.list }}", "list [1,2]"],
    ["{{ {'a': [1, null, true]} }}.", '{"a":[1,null,true]}.'],
    ["sum {{ 0.1 + 0.2 }}", "sum 0.3"],
    ["is {{ input.n > 2 }}", "is true"],
    ["It's {{ input.name }}'s", "It's Ann's"],
    ['"{{ input.name }}"', '"Ann"'],
    ["{ {{ input.n }} }", "{ 3 }"],
    ["{{{'a': 1}}} and", '{"a":1} and'],
    ["}} {{ input.n }} }}", "}} 3 }}"],
    ["no braces }} { here", "no braces }} { here"],
    ["", ""],
  ])("joins: %s", async (text, value) => {
    expect(await resolve(text)).toBe(value)
  })
})

describe("braces inside an expression", () => {
  it.each<[string, Json]>([
    ['{{ {"a": "}}"} }}', { a: "}}" }],
    ["{{ {'a': '{{'} }}", { a: "{{" }],
    ['{{ "a \\" }} b" }}', 'a " }} b'],
    ["{{ 'it\\u0027s }}' }}", "it's }}"],
    ["{{ {'a': {'b': {'c': 1}}}}}", { a: { b: { c: 1 } } }],
    ["{{ input.list{$string($): {'v': $}} }}", { 1: { v: 1 }, 2: { v: 2 } }],
    ["{{ /* }} */ input.n }}", 3],
    ["{{ input.n /* it's }} */ }}", 3],
    ["{{ $replace(nodes.draft.text, /\\}\\}/, '-') }}", "Dear - reader"],
    ["{{ $replace(nodes.draft.text, /[\\}]{2}/, '\"') }}", 'Dear " reader'],
    ["{{ $contains('a/b', /a\\/b/) }}", true],
    ["{{ $contains('ab', /[/\\}]/) }}", false],
    ["{{ input.n / 3 }}", 1],
    ["{{ (input.n) / 3 }}", 1],
    ["{{ input.list[0] / 1 & '}}' }}", "1}}"],
    ["{{ {'}}': 1}.`}}` }}", 1],
    ["{{ ($f := function($x){ {'x': $x} }; $f(1)) }}", { x: 1 }],
    ["{{ function($x)<n:n>{ $x }(2) }}", 2],
    ["{{ input ~> |$|{'n': 4}|}}", { ...(scope.input as { [key: string]: Json }), n: 4 }],
    ["{{ $map(input.list, function($v){ $v }) }}", [1, 2]],
    ["{{ $count(*) / 2 & /* / */ '}}' }}", "2}}"],
  ])("belong to it: %s", async (text, value) => {
    expect(await resolve(text)).toEqual(value)
  })

  it("survive any data, as JSON in an expression", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 3 }), fc.boolean(), async (json, isTight) => {
        const text = isTight ? `{{${json}}}` : `{{ ${json} }}`
        const fault = checkTemplate(text)
        if (fault) expect(fault.code).toBe(checkExpression(json)?.code)
        else expect(await resolve(text)).toEqual(await resolveBare(`(${json})`, scope))
      }),
      { seed: 11, numRuns: 1_000 },
    )
  })

  it("survive any text, as a literal in an expression", async () => {
    const texts = fc
      .array(fc.constantFrom("{", "}", "{{", "}}", '"', "'", "`", "/", "\\", "*", "a", " ", "é", "\n"))
      .map((all) => all.join(""))
    await fc.assert(
      fc.asyncProperty(texts, texts, async (first, second) => {
        expect(await resolve(`{{ ${JSON.stringify(first)} }}`)).toBe(first)
        expect(await resolve(`<{{${JSON.stringify(first)}}}|{{ ${JSON.stringify(second)} }}>`)).toBe(
          `<${first}|${second}>`,
        )
        expect(await resolve(`{{ /*${second.replaceAll("*", "")}*/ ${JSON.stringify(first)} }}`)).toBe(first)
      }),
      { seed: 12, numRuns: 2_000 },
    )
  })

  it("leave the text around as it is", async () => {
    const around = fc.string().filter((text) => !text.includes("{{") && !text.endsWith("{"))
    await fc.assert(
      fc.asyncProperty(around, around, async (before, after) => {
        const text = `${before}{{ input.name }}${after}`
        expect(await resolve(text)).toBe((before + after).trim() === "" ? "Ann" : `${before}Ann${after}`)
        expect(
          partsOf(text)
            .map((part) => (typeof part === "string" ? part : `{{${part.source}}}`))
            .join(""),
        ).toBe(text)
      }),
      { seed: 13, numRuns: 1_000 },
    )
  })
})

describe("a template that does not end", () => {
  const fault = async (text: string): Promise<ExpressionError> => {
    const thrown = await resolve(text).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(ExpressionError)
    expect(checkTemplate(text)).toMatchObject({ code: (thrown as ExpressionError).code })
    return thrown as ExpressionError
  }

  it.each([
    ["{{", 0],
    ["{{ input.n", 0],
    ["a {{ input.n }", 2],
    ["a {{ {'a': 1 }}", 2],
    ["{{ input.n }} {{", 14],
    ["{{ 'a }}", 3],
    ["{{ /* a }}", 3],
    ["{{ `a }}", 3],
    ["{{ $match('a', /b }}", 15],
    ["{{ }}", 2],
    ["{{}} a", 2],
    ["ab {{ 1 + }}", 10],
    ["ab {{ input..n }}", 13],
  ])("is refused where the fault is: %s", async (text, position) => {
    const { code, position: at } = await fault(text)
    expect(code).toBe("expression.syntax")
    expect(at).toBe(position)
  })

  it("tells the place of a fault that only data shows", async () => {
    const { code, position } = await resolve("Total: {{ 1 + input.name }}").then(
      () => new ExpressionError("expression.failed", "none"),
      (error: ExpressionError) => error,
    )
    expect([code, position]).toEqual(["expression.failed", 13])
  })
})

describe("a field that takes a bare expression", () => {
  const bare = (source: string) => resolveBare(source, scope)

  it.each<[string, Json | undefined]>([
    ["input.n > 2", true],
    ["input.n", 3],
    ["{{ input.n > 2 }}", true],
    [" {{ input.n }} ", 3],
    ["{{ input.n }} and {{ input.name }}", "3 and Ann"],
    ["Hello {{ input.name }}", "Hello Ann"],
    ["It's {{ input.name }}", "It's Ann"],
    ["$contains(input.braces, '{{')", true],
    ["input.braces = '{{ x }}'", true],
    ['{"a": {"b": input.n}}', { a: { b: 3 } }],
    ["input.missing", undefined],
  ])("takes %s", async (source, value) => {
    expect(await bare(source)).toEqual(value)
  })

  it("refuses what is neither", async () => {
    await expect(bare("not an expression")).rejects.toMatchObject({ code: "expression.syntax" })
    await expect(bare("")).rejects.toMatchObject({
      code: "expression.syntax",
      message: "The expression is empty. Write one, such as input.text.",
    })
  })
})

describe("the fields of a value", () => {
  it("are resolved at any depth, keys and other data left alone", async () => {
    const value: Json = {
      a: "{{ input.n }}",
      b: ["x {{ input.name }}", 1, null, true, { c: "{{ input.list }}" }],
      "{{ k }}": "v",
    }
    expect(await resolveFields(value, scope)).toEqual({
      a: 3,
      b: ["x Ann", 1, null, true, { c: [1, 2] }],
      "{{ k }}": "v",
    })
  })

  it("without an answer are left out, or null where a place must be kept", async () => {
    expect(await resolveFields({ a: "{{ input.missing }}", b: ["{{ input.missing }}", 1] }, scope)).toEqual({
      b: [null, 1],
    })
    expect(await resolveFields("{{ input.missing }}", scope)).toBeNull()
  })

  it("may not nest without end", async () => {
    let deep: Json = "{{ input.n }}"
    for (let i = 0; i < 300; i++) deep = [deep]
    await expect(resolveFields(deep, scope)).rejects.toMatchObject({ code: "expression.depth" })
  })
})
