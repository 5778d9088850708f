import * as fc from "fast-check"
import { expect, it } from "vitest"
import { draft, edge, frame, inside, node } from "../test-flow.ts"
import { fieldTokens } from "./expression-tokens.ts"
import { renameFault, renameInText, renameNode } from "./rename.ts"

const names = new Map([["draft", "reply"]])
const inTemplate = (text: string, to = names) => renameInText(text, false, to)
const inExpression = (text: string, to = names) => renameInText(text, true, to)

it.each([
  ["{{ nodes.draft.title }}", "{{ nodes.reply.title }}"],
  ["Hi {{nodes.draft}}, {{ nodes . draft }}!", "Hi {{nodes.reply}}, {{ nodes . reply }}!"],
  ["{{ nodes.`draft` }}", "{{ nodes.reply }}"],
  ["{{ $$.nodes.draft }}", "{{ $$.nodes.reply }}"],
  ['{{ nodes["draft"].title }}', '{{ nodes["reply"].title }}'],
  ['{{ $lookup(nodes, "draft") }}', '{{ $lookup(nodes, "reply") }}'],
  ["{{ $sum(nodes.draft.items) + nodes.draft.total }}", "{{ $sum(nodes.reply.items) + nodes.reply.total }}"],
  ["{{ execution.callbacks.draft }}", "{{ execution.callbacks.reply }}"],
  ["{{ $$.execution.approvals.`draft` }}", "{{ $$.execution.approvals.reply }}"],
  ["{{ $lookup(execution.callbacks, 'draft') }}", "{{ $lookup(execution.callbacks, 'reply') }}"],
  ['{{ {"a": {"b": nodes.draft}} }}', '{{ {"a": {"b": nodes.reply}} }}'],
])("follows a new name in %s", (before, after) => expect(inTemplate(before)).toBe(after))

it.each([
  "nodes.draft outside of braces is text",
  '{{ "nodes.draft" }}',
  "{{ nodes.drafts }}",
  "{{ other.nodes.draft }}",
  "{{ input.draft }}",
  "{{ callbacks.draft }}",
  "{{ input.execution.callbacks.draft }}",
  "{{ execution.draft }}",
  "{{ /* nodes.draft */ 1 }}",
  "{{ nodes.draft",
])("leaves %s alone", (text) => expect(inTemplate(text)).toBe(text))

it("renames in a bare expression, and in a template that stands in its place", () => {
  expect(inExpression('nodes.draft = "x" and $contains(nodes.draft, "y")')).toBe(
    'nodes.reply = "x" and $contains(nodes.reply, "y")',
  )
  expect(inExpression("nodes.draft is {{ nodes.draft }}")).toBe("nodes.draft is {{ nodes.reply }}")
})

it("quotes a name that is no plain name to JSONata", () => {
  expect(inTemplate("{{ nodes.draft }}", new Map([["draft", "my-draft"]]))).toBe("{{ nodes.`my-draft` }}")
  expect(inTemplate("{{ nodes.draft }}", new Map([["draft", "in"]]))).toBe("{{ nodes.`in` }}")
})

it("loses no character of any text", () => {
  const piece = fc.constantFrom(
    "{{",
    "}}",
    "nodes",
    ".",
    "draft",
    '"',
    "`",
    "'",
    "/*",
    "{",
    "}",
    " ",
    "\n",
    "\\",
    "ü",
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), fc.boolean(), (pieces, bare) => {
      const text = pieces.join("")
      expect(
        fieldTokens(text, bare)
          .map((token) => token.text)
          .join(""),
      ).toBe(text)
    }),
  )
})

it("renames a node with its edges, its children and the expressions that name it, and nothing else", () => {
  const before = draft(
    [
      node("draft", "llm", { prompt: "{{ input.text }}" }),
      node("check", "condition", { branches: [{ id: "long", when: "$length(nodes.draft) > 5" }] }),
      node("out", "output", { value: { a: ["{{ nodes.draft }}"], "b.c": "{{ nodes.draft }}" } }),
      { ...node("child", "transform", { value: "1" }), parent_id: "draft" },
    ],
    [edge("draft", "check"), edge("check", "out", "long")],
  )
  const after = renameNode(before, "draft", "reply")
  expect(after.nodes.map((one) => one.id)).toEqual(["reply", "check", "out", "child"])
  expect(after.nodes[1]!.data["branches"]).toEqual([{ id: "long", when: "$length(nodes.reply) > 5" }])
  expect(after.nodes[2]!.data["value"]).toEqual({ a: ["{{ nodes.reply }}"], "b.c": "{{ nodes.reply }}" })
  expect(after.nodes[3]!.parent_id).toBe("reply")
  expect(after.edges[0]).toMatchObject({ source: "reply", target: "check" })
  expect(after.edges[1]).toBe(before.edges[1])
})

it("refuses a name that is taken, reserved or malformed, and says why", () => {
  const flow = draft([node("a", "llm"), node("b", "llm")])
  expect(renameFault(flow, "a", "b")).toBe("Another node has this name")
  expect(renameFault(flow, "a", "constructor")).toMatch(/reserved/)
  expect(renameFault(flow, "a", "1x")).toMatch(/letter/)
  expect(renameFault(flow, "a", "a")).toBeNull()
  expect(renameNode(flow, "a", "b")).toBe(flow)
})

it("follows a new name through the fields of every kind", () => {
  const flow = draft([
    node("old", "llm", { prompt: "x" }),
    node("map", "map", { items: "nodes.old.list" }),
    node("loop", "loop", {
      state: { seed: "{{ nodes.old }}" },
      while: "nodes.old.go",
      until: "nodes.old.done",
    }),
    node("http", "http", {
      url: "https://x/{{ nodes.old.id }}",
      query: { "a.b": "{{ nodes.old }}" },
      headers: { "X-Id": "{{ nodes.old.id }}" },
      body: { deep: [{ value: "{{ nodes.old }}" }] },
    }),
    node("classify", "classify", { text: "{{ nodes.old }}", classes: [] }),
    node("ask", "approval", {
      title: "{{ nodes.old }}?",
      message: "{{ nodes.old }}",
      assignees: ["{{ nodes.old.mail }}"],
    }),
    node("rest", "wait", { seconds: "{{ nodes.old.s }}", until: "{{ nodes.old.at }}" }),
    node("call", "subflow", { inputs: { a: { b: "{{ nodes.old }}" } } }),
  ])
  const renamed = JSON.stringify(renameNode(flow, "old", "fresh").nodes.map((one) => one.data))
  expect(renamed).not.toContain("nodes.old")
  expect(renamed.match(/nodes\.fresh/g)).toHaveLength(15)
})

it("keeps children in a renamed map", () => {
  const flow = draft([
    frame("each", "map", 0, 0, 600, 300),
    inside("each", node("a", "llm", { prompt: "{{ item }}" })),
  ])
  expect(renameNode(flow, "each", "mails").nodes[1]).toMatchObject({
    parent_id: "mails",
    data: { prompt: "{{ item }}" },
  })
})
