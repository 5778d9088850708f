import { describe, expect, it } from "vitest"
import { evaluateExpression } from "#core/flow/expression/evaluate"
import { translated, Untranslatable, type Seen } from "./expression.ts"

const seen: Seen = {
  json: { root: "nodes.before" },
  node: (name) =>
    ({
      Trigger: { root: "input" },
      "HTTP Request": { root: "nodes.call.body", fields: { statusCode: "nodes.call.status" } },
    })[name],
}
const scope = {
  input: { user: { name: "Ana" } },
  nodes: {
    before: {
      a: 2,
      b: "x",
      list: ["p", "q"],
      "with space": 1,
      deep: { list: [{ id: 7 }, { id: 8 }] },
      none: "",
    },
    call: { status: 201, body: { id: "r1" } },
  },
  execution: { id: "exec_1" },
  vars: {},
}

describe("an expression of n8n", () => {
  it.each([
    ["$json.a", 2],
    ['$json["with space"]', 1],
    ["$json.deep.list[1].id", 8],
    ["$json.list.length", 2],
    ["$json.b.length", 1],
    ["$input.item.json.b", "x"],
    ["$input.first().json.b", "x"],
    ["$('Trigger').item.json.user.name", "Ana"],
    ['$node["Trigger"].json["user"]["name"].toUpperCase()', "ANA"],
    ["$('HTTP Request').first().json.id", "r1"],
    ["$('HTTP Request').item.json.statusCode", 201],
    ["$json.a === 2 && $json.b !== 'y'", true],
    ["!($json.a > 3)", true],
    ["$json.a >= 2 ? 'many' : 'few'", "many"],
    ["$json.none || 'nothing'", "nothing"],
    ["$json.missing ?? 5", 5],
    ["$json.missing === undefined", true],
    ["'n: ' + $json.a", "n: 2"],
    ["`${$json.a} of ${$json.b}`", "2 of x"],
    ["2 + 3 * 4", 14],
    ["$json.a * 10", 20],
    ["'  x '.trim()", "x"],
    ["$json.list.includes('q')", true],
    ["$json.b.includes('x')", true],
    ["'a,b'.split(',')", ["a", "b"]],
    ["$json.list.join('-')", "p-q"],
    ["JSON.stringify($json.deep.list[0])", '{"id":7}'],
    ["JSON.stringify({ a: $json.a, 'b c': { gone: $json.nowhere } })", '{"a":2,"b c":{}}'],
    ["({ a: 1, })", { a: 1 }],
    ["Object.keys($json.deep)", "list"],
    ["Math.round(2.5)", 3],
    ["[1, 'two']", [1, "two"]],
    ["$execution.id", "exec_1"],
    ["'abcdef'.slice(1, 3)", "bc"],
  ])("%s says the same here", async (source, value) => {
    const answer = await evaluateExpression(translated(source, seen).source, scope)
    expect(answer).toEqual(value)
  })

  it.each([
    "$json.a + $json.b",
    "$('Gone').item.json.x",
    "$('Trigger').all().length",
    "$fromAI('city')",
    "$json.list.map(x => x.id)",
    "$now.minus({ days: 1 })",
    "new Date().getTime()",
    "$json.a = 3",
    "$json.a; process.exit()",
    "require('fs')",
    "$env.SECRET",
    "this",
    "'unended",
    "",
    "$json.__proto__.x = 1",
    `${"(".repeat(5_000)}1${")".repeat(5_000)}`,
  ])("%s has no counterpart", (source) => {
    expect(() => translated(source, seen)).toThrow(Untranslatable)
  })
})
