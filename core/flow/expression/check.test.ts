import { describe, expect, it } from "vitest"
import { checkBare, checkExpression, checkTemplate } from "./check.ts"
import { compileExpression } from "./compile.ts"
import { bareReferences, expressionReferences, templateReferences } from "./references.ts"

describe("checking without data", () => {
  it.each([
    "input.text",
    "$sum(nodes.a.items[price > 3].price)",
    "1/0",
    "$nothing()",
    "input ~> |a|{'b': 1}|",
    "$now()",
  ])("finds no fault in %s", (source) => expect(checkExpression(source)).toBeNull())

  it.each([
    ["", "expression.syntax", 0],
    ["input.", "expression.syntax", 6],
    ["input.constructor", "expression.forbidden", 17],
    ["1 + $eval('1')", "expression.forbidden", 9],
    ["$match('a', /(?=b)/)", "expression.syntax", 19],
    ["$match('a', /(?<!b)a/)", "expression.syntax", 21],
    ["$match('a', /(a)\\1/)", "expression.syntax", 19],
    ["$match('a', /(?<n>a)\\k<n>/)", "expression.syntax", 26],
    ["$match('a', /(/)", "expression.syntax", 12],
    ["$match('a', /a{1001}/)", "expression.syntax", 21],
    ["x".repeat(20_000), "expression.too_large", undefined],
  ])("finds the fault of %s", (source, code, position) => {
    const fault = checkExpression(source)
    expect([fault?.code, fault?.position]).toEqual([code, position])
    expect(fault?.message).toMatch(/^[A-Z].*\.$/)
    expect(() => compileExpression(source)).toThrow(fault!.message)
  })

  it("says which construct of a regular expression is missing", () => {
    expect(checkExpression("$match('a', /(?=b)/)")?.message).toContain("Look-around")
    expect(checkExpression("$match('a', /(a)\\1/)")?.message).toContain("Back-references")
  })

  it("counts positions of a template in its whole text", () => {
    expect(checkTemplate("Hello {{ input.name }}, {{ $eval('1') }}")).toMatchObject({
      code: "expression.forbidden",
      position: 32,
    })
    expect(checkTemplate("Hello {{ input.name }}")).toBeNull()
    expect(checkTemplate("no expression")).toBeNull()
  })

  it("takes a bare field for what it is", () => {
    expect(checkBare("input.n > 2")).toBeNull()
    expect(checkBare("{{ input.n > 2 }}")).toBeNull()
    expect(checkBare("It's {{ input.name }}")).toBeNull()
    expect(checkBare("$contains(input.text, '{{')")).toBeNull()
    expect(checkBare("It's not")).toMatchObject({ code: "expression.syntax" })
    expect(checkBare("{{ input.n")).toMatchObject({ code: "expression.syntax" })
  })
})

describe("what an expression reads", () => {
  it.each<[string, string[], string[]]>([
    ["input.text", ["input"], []],
    ["nodes.draft.text", ["nodes"], ["draft"]],
    ["nodes.`my node`.text", ["nodes"], ["my node"]],
    ['nodes."draft".text', ["nodes"], ["draft"]],
    ['nodes["draft"].text', ["nodes"], ["draft"]],
    ['$lookup(nodes, "draft").text', ["nodes"], ["draft"]],
    ['nodes ~> $lookup("draft")', ["nodes"], ["draft"]],
    ["nodes.(draft.text & other.text)", ["nodes"], ["draft", "other"]],
    ["nodes.{'a': draft, 'b': other}", ["nodes"], ["draft", "other"]],
    ["nodes.[draft, other]", ["nodes"], ["draft", "other"]],
    ["$$.nodes.draft", ["nodes"], ["draft"]],
    ["$.nodes.draft", ["nodes"], ["draft"]],
    ["($n := nodes; $n.draft.text)", ["nodes"], ["draft"]],
    ["($all := $$; $all.nodes.draft)", ["nodes"], ["draft"]],
    ["input.items[price > nodes.draft.limit]", ["input"], []],
    ["input.items[price > $$.nodes.draft.limit]", ["input", "nodes"], ["draft"]],
    ["$map(input.items, function($i){ $i.name & nodes.draft.text })", ["input", "nodes"], ["draft"]],
    ["input.items.(name & text)", ["input"], []],
    ["input.items{name: $sum(price)}", ["input"], []],
    ["input.items^(>price)", ["input"], []],
    ["input ~> |items|{'a': b}|", ["input"], []],
    ["input.a ?? nodes.draft.text ?: vars.x", ["input", "nodes", "vars"], ["draft"]],
    ["input.a > 1 ? nodes.draft : nodes.other", ["input", "nodes"], ["draft", "other"]],
    ["(input.a ? nodes : nodes).draft", ["input", "nodes"], ["draft"]],
    ["function($nodes){ $nodes.draft }(1)", [], []],
    ["[nodes.a, -nodes.b, {'k': nodes.c}]", ["nodes"], ["a", "b", "c"]],
    ["inptu.text", ["inptu"], []],
    ["nodes.*", ["nodes"], []],
    ["$keys(nodes)", ["nodes"], []],
    ["'nodes.draft'", [], []],
    ["nodes.draft.", [], []],
    ["$eval('nodes.draft')", [], []],
  ])("%s", (source, roots, nodes) => {
    expect(expressionReferences(source)).toEqual({ roots, nodes })
  })

  it("adds up over a template, and over a bare field of either kind", () => {
    const text = "{{ nodes.a.text }} and {{ nodes.b.text & input.x }} but not nodes.c"
    expect(templateReferences(text)).toEqual({ roots: ["nodes", "input"], nodes: ["a", "b"] })
    expect(bareReferences(text)).toEqual({ roots: ["nodes", "input"], nodes: ["a", "b"] })
    expect(bareReferences("nodes.a.n > 2")).toEqual({ roots: ["nodes"], nodes: ["a"] })
    expect(templateReferences("{{ nodes.a")).toEqual({ roots: [], nodes: [] })
  })

  it("is nothing for a tree that is too deep to walk", () => {
    expect(expressionReferences(`nodes.a${" & nodes.b".repeat(1_000)}`)).toEqual({ roots: [], nodes: [] })
  })
})
