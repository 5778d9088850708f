import { describe, expect, it } from "vitest"
import type { JsonObject } from "#core/json"
import { answerOfResult, headerText, mirroredHeaders, mirrorsOf } from "./mcp.ts"
import { mcpImports, type McpReading } from "./mcp-import.ts"

describe("arguments that a server wants to see in headers", () => {
  const region = { type: "string", "x-mcp-header": "Region" }

  it("are read at their place, however deep, and left out where they are not", () => {
    const schema = {
      type: "object",
      properties: {
        region: region,
        at: { type: "object", properties: { line: { type: "integer", "x-mcp-header": "Line" } } },
        flag: { type: "boolean", "x-mcp-header": "Flag" },
      },
    }
    expect(mirroredHeaders(schema, { region: "us-west1", at: { line: 42 }, flag: false, other: 1 })).toEqual({
      "Mcp-Param-Region": "us-west1",
      "Mcp-Param-Line": "42",
      "Mcp-Param-Flag": "false",
    })
    expect(mirroredHeaders(schema, { region: null, at: 5 })).toEqual({})
  })

  it.each([
    ["us-west1", "us-west1"],
    ["Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="],
    [" padded ", "=?base64?IHBhZGRlZCA=?="],
    ["line1\nline2", "=?base64?bGluZTEKbGluZTI=?="],
    ["=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="],
    ["a b\tc", "a b\tc"],
    ["", "=?base64??="],
  ])("%j is written as the specification's table says", (text, written) => {
    expect(headerText(text)).toBe(written)
  })

  it("make a tool unusable where they stand wrongly", () => {
    const at = (properties: JsonObject, more: JsonObject = {}) =>
      mirrorsOf({ type: "object", properties, ...more }).ok
    expect(at({ region })).toBe(true)
    expect(at({ a: { type: "string", "x-mcp-header": "" } })).toBe(false)
    expect(at({ a: { type: "string", "x-mcp-header": "A\r\nB" } })).toBe(false)
    expect(at({ a: { type: "number", "x-mcp-header": "A" } })).toBe(false)
    expect(at({ region, other: { type: "string", "x-mcp-header": "REGION" } })).toBe(false)
    expect(at({ a: { type: "array", items: region } })).toBe(false)
    expect(at({ a: { anyOf: [region] } })).toBe(false)
    expect(at({}, { $defs: { a: region } })).toBe(false)
    expect(at({}, { "x-mcp-header": "A" })).toBe(false)
    // A property may be called so: it is no annotation.
    expect(at({ "x-mcp-header": { type: "string" } })).toBe(true)
  })
})

it("the answer of a result is its structure, else its text, else its parts", () => {
  const text = { type: "text", text: "a" }
  const image = { type: "image", data: "aGk=", mimeType: "image/png" }
  expect(answerOfResult({ content: [text], structuredContent: [1] })).toEqual([1])
  expect(answerOfResult({ content: [text, text] })).toBe("a\na")
  expect(answerOfResult({ content: [text, image] })).toEqual([text, image])
  expect(answerOfResult({ content: [] })).toBe("")
})

describe("the tools of a server", () => {
  const reading: McpReading = {
    server: { url: "https://mcp.example.com/mcp", headers: {} },
    credentials: undefined,
    prefix: "",
    isTrusted: false,
  }
  const inputSchema = { type: "object", properties: { order: { type: "string" } } }
  const read = mcpImports
  const of = (tool: JsonObject, more: Partial<McpReading> = {}) =>
    read([{ name: "find", inputSchema, ...tool }], { ...reading, ...more })[0]!

  it("become tools of ours under names that models take", () => {
    const names = read(
      ["findOrder", "find-order", "admin.tools.list", "größe", "7"].map((name) => ({ name, inputSchema })),
      { ...reading, prefix: "shop_" },
    ).map((one) => one.draft?.name)
    expect(names).toEqual([
      "shop_find_order",
      "shop_find_order_2",
      "shop_admin_tools_list",
      "shop_gr_e",
      "shop_7",
    ])
    expect(of({ description: "Finds it", outputSchema: { type: "object" } }).draft).toMatchObject({
      kind: "mcp",
      description: "Finds it",
      output_schema: { type: "object" },
      execution_config: { url: "https://mcp.example.com/mcp", tool_name: "find" },
    })
  })

  it("are as harmful as can be unless their server is trusted", () => {
    const judged = (annotations: JsonObject, isTrusted: boolean) => {
      const { draft } = of({ annotations }, { isTrusted })
      return [draft!.risk, draft!.needs_approval, draft!.execution_config.may_repeat]
    }
    expect(judged({ readOnlyHint: true }, false)).toEqual(["danger", true, undefined])
    expect(judged({ readOnlyHint: true }, true)).toEqual(["read", false, true])
    expect(judged({}, true)).toEqual(["danger", true, false])
    expect(judged({ destructiveHint: false, idempotentHint: true }, true)).toEqual(["write", false, true])
  })

  it("are refused one by one where their schemas lie", () => {
    const problem = (tool: JsonObject) => {
      const made = of(tool)
      return made.draft ? undefined : made.problems[0]
    }
    expect(problem({})).toBeUndefined()
    expect(problem({ inputSchema: null })).toContain("inputSchema is no object")
    expect(problem({ inputSchema: { type: "string" } })).toContain("input_schema.type")
    expect(problem({ inputSchema: { type: "object", properties: { a: { type: "text" } } } })).toContain(
      "properties.a.type",
    )
    expect(problem({ inputSchema: { type: "object", $ref: "https://evil.example/s.json" } })).toContain(
      "$ref",
    )
    expect(problem({ inputSchema: { type: "object", description: "x".repeat(70_000) } })).toContain("64 KiB")
    expect(problem({ name: "" })).toBeDefined()
    expect(problem({ inputSchema: { type: "object", "x-mcp-header": "A" } })).toContain("x-mcp-header")
    expect(of({ outputSchema: { type: "text" } })).toMatchObject({
      notes: [expect.stringContaining("outputSchema")],
    })
    expect(of({ outputSchema: { type: "text" } }).draft).not.toHaveProperty("output_schema")
    const twice = read(
      [
        { name: "a", inputSchema },
        { name: "a", inputSchema },
      ],
      reading,
    )
    expect(twice.map((one) => one.draft === undefined)).toEqual([false, true])
  })
})
