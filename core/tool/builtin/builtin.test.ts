import { describe, expect, it } from "vitest"
import { checkSchema } from "#core/json-schema"
import type { Json, JsonObject } from "#core/json"
import { ToolName } from "../tool.ts"
import { builtinTool, builtinTools } from "./all.ts"
import { pageText } from "./page-text.ts"

const now = "2026-03-29T01:30:00.000Z"

async function run(name: string, args: JsonObject): Promise<Json> {
  const { deed } = builtinTool(`builtin:${name}`)!
  if (deed.is !== "computed") throw new Error("not computed")
  return deed.run(args, { now })
}

describe("builtin tools", () => {
  it("say what they take in schemas that can be used, under names that models take", () => {
    for (const { definition } of builtinTools) {
      expect(checkSchema(definition.input_schema)).toEqual([])
      expect(ToolName.safeParse(definition.name).success).toBe(true)
      expect(definition.input_schema["additionalProperties"]).toBe(false)
    }
    expect(new Set(builtinTools.map((one) => one.definition.id)).size).toBe(builtinTools.length)
    expect(builtinTool("builtin:shell")).toBeUndefined()
  })

  it("[A45] have no way to anything of the tenant but an agent's own memory", () => {
    const deeds = new Map(builtinTools.map(({ definition, deed }) => [definition.name, deed.is]))
    expect(Object.fromEntries(deeds)).toEqual({
      time: "computed",
      math: "computed",
      json_query: "computed",
      web_page: "page",
      recall: "recall",
      remember: "remember",
    })
    const page = builtinTool("builtin:web_page")!.deed
    if (page.is !== "page") throw new Error("no page")
    const { headers } = page.request({ url: "https://a.test/x" })
    expect(Object.keys(headers).filter((name) => /auth|cookie|key|token/i.test(name))).toEqual([])
  })

  it("tell the time where one is, across the change of the clocks", async () => {
    expect(await run("time", { time_zone: "Europe/Berlin" })).toEqual({
      now,
      time_zone: "Europe/Berlin",
      local: "Sunday, 29 March 2026 at 03:30:00 CEST",
    })
    await expect(run("time", { time_zone: "Mars/Olympus" })).rejects.toMatchObject({ code: "tool.arguments" })
  })

  it("calculate, and reach nothing", async () => {
    expect(await run("math", { expression: "(12.5 * 8) / 3" })).toEqual({ result: 33.333333333333336 })
    expect(await run("math", { expression: "$sum([1..10]) % 7" })).toEqual({ result: 6 })
    await expect(run("math", { expression: "($f := function($n) { $f($n) }; $f(1))" })).rejects.toThrow()
    expect(await run("math", { expression: "process.env" })).toEqual({ result: null })
  })

  it("answer questions about data", async () => {
    const data = { orders: [{ total: 90 }, { total: 120, customer: "Ana" }] }
    expect(await run("json_query", { data, query: "data.orders[total > 100].customer" })).toEqual({
      result: "Ana",
    })
    expect(await run("json_query", { data: [1, 2], query: "$sum(data)" })).toEqual({ result: 3 })
  })

  it("read pages as text", () => {
    const { deed } = builtinTool("builtin:web_page")!
    if (deed.is !== "page") throw new Error("no page")
    expect(deed.request({ url: "https://a.test/x" })).toMatchObject({ url: "https://a.test/x" })
    expect(deed.read("plain <b>text</b>", "text/plain")).toEqual({ text: "plain <b>text</b>" })
    expect(deed.read("<p>One</p><p>Two", "text/html; charset=utf-8")).toEqual({ text: "One\n\nTwo" })
    expect(deed.read({ a: 1 }, "application/json")).toEqual({ text: '{"a":1}' })
    expect(deed.read({ base64: "AA==", content_type: "image/png" }, "image/png")).toEqual({
      text: "The address answers with a file that is not text.",
    })
  })
})

describe("the text of a page", () => {
  it("is what somebody reads", () => {
    const page = `<!doctype html><html><head><title>A &amp; B</title><style>p { color: red }</style></head>
      <body><h1>Head</h1><script>alert("</p>")</script><ul><li>one</li><li>two &lt;3</li></ul>
      <table><tr><td>a</td><td>b</td></tr></table><!-- <p>not this</p> -->x&nbsp;&#8364;&#x20AC;&nope;</body></html>`
    expect(pageText(page)).toBe("A & B\n\nHead\n\n- one\n- two <3\n\na b\n\nx €€&nope;")
  })

  it.each([
    "<p",
    "<script>never ends",
    "<!-- never ends",
    "a < b and c > d",
    "<".repeat(50_000),
    "&#99999999;",
    "",
  ])("ends, whatever the page is: %#", (page) => {
    expect(pageText(page).length).toBeLessThanOrEqual(page.length + 2)
  })
})
