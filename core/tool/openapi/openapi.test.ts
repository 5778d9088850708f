import { describe, expect, it } from "vitest"
import { schemaFaults } from "#core/json-schema"
import type { JsonObject } from "#core/json"
import { toolFaults } from "../validate.ts"
import { readOpenApi } from "./document.ts"
import { operationsOf, type Operation, type ReadingOptions } from "./operations.ts"

const base = {
  openapi: "3.1.0",
  info: { title: "Shop", version: "1" },
  servers: [{ url: "https://api.example.com/v1" }],
}
const ok = { "200": { description: "Fine" } }
const read = (given: string | JsonObject) => {
  const result = readOpenApi(given)
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  return result.document
}

const operations = (more: JsonObject, options: ReadingOptions = {}) =>
  operationsOf(read({ ...base, ...more }), options) as [Operation, Operation, ...Operation[]]

const one = (
  operation: JsonObject,
  more: JsonObject = {},
  path = "/orders/{id}",
  method = "get",
): Operation => operations({ paths: { [path]: { [method]: { responses: ok, ...operation } } }, ...more })[0]

const draftOf = (operation: Operation) => {
  expect(operation.problems).toEqual([])
  expect(toolFaults(operation.draft!)).toEqual([])
  return operation.draft!
}

const id = { name: "id", in: "path", required: true, schema: { type: "string" } }

describe("a document", () => {
  const paths = (text: string | JsonObject) => {
    const result = readOpenApi(text)
    return result.ok ? ["read"] : result.faults.map((fault) => fault.path)
  }

  it("is read as JSON and as YAML", () => {
    const yaml = [
      "openapi: 3.0.3",
      "info: { title: Shop, version: '1' }",
      "paths:",
      "  /orders/{id}:",
      "    get:",
      "      operationId: getOrder",
      "      parameters:",
      "        - { name: id, in: path, required: true, schema: { type: integer } }",
      "      responses:",
      "        200: { description: Fine }",
    ].join("\n")
    const [operation] = operationsOf(read(yaml), { server_url: "https://a.example" })
    expect(draftOf(operation!)).toMatchObject({
      kind: "openapi",
      name: "get_order",
      input_schema: { properties: { id: { type: "integer" } }, required: ["id"] },
      execution_config: { method: "GET", path: "/orders/{id}", server_url: "https://a.example" },
    })
    expect(paths(JSON.stringify({ ...base, paths: {} }))).toEqual(["read"])
    expect(paths(`\uFEFF${JSON.stringify({ ...base, paths: {} })}`)).toEqual(["read"])
  })

  it("that is none is refused, with a pointer to what is wrong", () => {
    const deep = (levels: number) => `{"a":`.repeat(levels) + "1" + "}".repeat(levels)
    const cases: [string | JsonObject, string][] = [
      ["", "document"],
      ["{", "document"],
      ["[]", "document"],
      ["a: [", "document"],
      ["a: 1\na: 2", "document"],
      ["a: &x [1]\nb: [*x, *x]", "document"],
      ["just words", "document"],
      [deep(100_000), "document"],
      ["- ".repeat(5_000), "document"],
      [`a: ${"x".repeat(2_000_000)}`, "document"],
      [{ swagger: "2.0", paths: {} }, "document#/swagger"],
      [{ paths: {} }, "document#/openapi"],
      [{ openapi: "4.0.0", paths: {} }, "document#/openapi"],
      [{ openapi: 3.1, paths: {} }, "document#/openapi"],
      [{ openapi: "3.1.0" }, "document#/paths"],
      [{ openapi: "3.1.0", paths: [] }, "document#/paths"],
      [{ openapi: "3.1.0", paths: { orders: {} } }, "document#/paths/orders"],
      [{ openapi: "3.1.0", paths: { "/a/b": 5 } }, "document#/paths/~1a~1b"],
    ]
    for (const [text, path] of cases)
      expect([JSON.stringify(text).slice(0, 40), paths(text)]).toEqual([
        JSON.stringify(text).slice(0, 40),
        [path],
      ])
  })
})

describe("an operation becomes a tool", () => {
  const body = {
    required: true,
    content: {
      "text/plain": {},
      "application/json": {
        schema: {
          type: "object",
          required: ["id", "made"],
          properties: {
            id: { type: "number" },
            note: { type: "string" },
            made: { type: "string", readOnly: true },
          },
        },
      },
    },
  }

  it("with the arguments of its path, query, headers and body", () => {
    const operation = one(
      {
        operationId: "UpdateHTTPOrder",
        summary: "Changes an order.",
        description: "All of it.",
        parameters: [
          id,
          { name: "X-Trace-Id", in: "header", schema: { type: "string" } },
          { name: "id", in: "query", schema: { type: "integer" }, description: "Which line" },
          { name: "Authorization", in: "header", schema: { type: "string" } },
          { name: "filter", in: "query", style: "deepObject", explode: true, schema: { type: "object" } },
          { name: "json", in: "query", content: { "application/json": { schema: { type: "array" } } } },
        ],
        requestBody: body,
      },
      {},
      "/orders/{id}",
      "put",
    )
    expect(draftOf(operation)).toMatchObject({
      name: "update_http_order",
      description: "Changes an order.\n\nAll of it.",
      risk: "write",
      needs_approval: false,
      input_schema: {
        type: "object",
        properties: {
          id: { type: "string" },
          X_Trace_Id: { type: "string" },
          id_query: { type: "integer", description: "Which line" },
          filter: { type: "object" },
          json: { type: "array" },
          id_body: { type: "number" },
          note: { type: "string" },
        },
        required: ["id", "id_body"],
        additionalProperties: false,
      },
      execution_config: {
        operation_id: "UpdateHTTPOrder",
        server_url: "https://api.example.com/v1",
        method: "PUT",
        path: "/orders/{id}",
        parameters: [
          { name: "id", in: "path", argument: "id" },
          { name: "X-Trace-Id", in: "header", argument: "X_Trace_Id" },
          { name: "id", in: "query", argument: "id_query" },
          { name: "filter", in: "query", argument: "filter", style: "deepObject", explode: true },
          { name: "json", in: "query", argument: "json", json: true },
        ],
        body: {
          content_type: "application/json",
          spread: [
            { name: "id", argument: "id_body" },
            { name: "note", argument: "note" },
          ],
        },
      },
    })
    expect(Object.keys(draftOf(operation).input_schema["properties"] as JsonObject)).not.toContain("made")
  })

  it("with parameters of its path, which its own replace", () => {
    const paths = {
      "/orders/{id}": {
        parameters: [
          { $ref: "#/components/parameters/id" },
          { name: "page", in: "query", schema: { type: "integer" } },
        ],
        get: { parameters: [{ name: "page", in: "query", schema: { type: "string" } }], responses: ok },
        delete: { responses: ok },
      },
    }
    const [get, remove] = operations({ paths, components: { parameters: { id } } })
    expect(draftOf(get).input_schema["properties"]).toEqual({
      page: { type: "string" },
      id: { type: "string" },
    })
    expect(draftOf(get).name).toBe("get_orders_id")
    expect(draftOf(remove)).toMatchObject({ name: "delete_orders_id", risk: "danger", needs_approval: true })
  })

  it("whose schemas stand alone, circles and all", () => {
    const components = {
      schemas: {
        Node: {
          type: "object",
          required: ["name"],
          properties: {
            name: { type: "string" },
            children: { type: "array", items: { $ref: "#/components/schemas/Node" } },
          },
          example: { name: "a" },
          discriminator: { propertyName: "name" },
        },
      },
    }
    const content = { "application/json": { schema: { $ref: "#/components/schemas/Node" } } }
    const { input_schema } = draftOf(
      one({ requestBody: { required: true, content } }, { components }, "/nodes", "post"),
    )
    expect(input_schema["$defs"]).toEqual({
      Node: {
        type: "object",
        required: ["name"],
        properties: {
          name: { type: "string" },
          children: { type: "array", items: { $ref: "#/$defs/Node" } },
        },
      },
    })
    const faults = (children: JsonObject[]) =>
      schemaFaults(input_schema, { name: "a", children }).map((one) => one.path)
    expect(faults([{ name: "b", children: [{ name: "c" }] }])).toEqual([])
    expect(faults([{ name: "b", children: [{ name: 5 }] }])).toEqual(["children.0.children.0.name"])
  })

  it("whose 3.0 schemas say in 2020-12 what they said", () => {
    const schema = {
      type: "object",
      properties: {
        a: { type: "string", nullable: true, enum: ["x"] },
        b: { type: "integer", minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false },
        c: { nullable: true, allOf: [{ $ref: "#/components/schemas/C" }] },
        d: { $ref: "#/components/schemas/C", description: "ignored beside a reference" },
        e: { type: "string", pattern: "^(?=a)" },
      },
    }
    const operation = one(
      { requestBody: { required: true, content: { "application/json": { schema } } } },
      { openapi: "3.0.3", components: { schemas: { C: { type: "number" } } } },
      "/a",
      "post",
    )
    expect(draftOf(operation).input_schema["properties"]).toEqual({
      a: { type: ["string", "null"], enum: ["x", null] },
      b: { type: "integer", exclusiveMinimum: 1, maximum: 9 },
      c: { anyOf: [{ allOf: [{ $ref: "#/$defs/C" }] }, { type: "null" }] },
      d: { $ref: "#/$defs/C" },
      e: { type: "string" },
    })
    expect(operation.notes).toEqual([
      {
        at: "#/paths/~1a/post/requestBody/content/application~1json/schema/properties/e/pattern",
        message: "This regular expression is not checked here.",
      },
    ])
  })

  it("whose body is one argument where it is no plain object, and a form or text where it is one", () => {
    const sent = (content: JsonObject, required = true) =>
      draftOf(one({ requestBody: { required, content } }, {}, "/a", "post"))
    const list = sent({ "application/json": { schema: { type: "array", items: { type: "string" } } } }, false)
    expect(list.execution_config.body).toEqual({ content_type: "application/json", argument: "body" })
    expect(list.input_schema["required"]).toBeUndefined()
    const form = sent({
      "multipart/form-data": {},
      "application/x-www-form-urlencoded": {
        schema: { type: "object", properties: { a: { type: "string" } } },
      },
    })
    expect(form.execution_config.body).toEqual({
      content_type: "application/x-www-form-urlencoded",
      spread: [{ name: "a", argument: "a" }],
    })
    expect(sent({ "application/xml": {} }).execution_config.body).toEqual({
      content_type: "application/xml",
      argument: "body",
    })
    expect(sent({ "image/png": {} }, false).execution_config.body).toBeUndefined()
  })

  it("under a name that no other has", () => {
    const paths = {
      "/a": { get: { operationId: "x" } },
      "/b": { get: { operationId: "X" } },
      "/1": { get: {} },
    }
    const names = (options: ReadingOptions) => operations({ paths }, options).map((one) => draftOf(one).name)
    expect(names({})).toEqual(["x", "x_2", "get_1"])
    expect(names({ prefix: "shop_" })).toEqual(["shop_x", "shop_x_2", "shop_get_1"])
    expect(draftOf(one({ operationId: "long".repeat(40), parameters: [id] })).name).toHaveLength(63)
  })

  it("at the server that is nearest, variables filled in, from where the document came", () => {
    const at = (servers: JsonObject[string], source_url?: string, own?: JsonObject[string]) =>
      operations(
        { servers: servers ?? null, paths: { "/a": { get: own === undefined ? {} : { servers: own } } } },
        { source_url },
      )[0]
    const url = (...parts: Parameters<typeof at>) => draftOf(at(...parts)).execution_config.server_url
    expect(url([{ url: "https://a.example/{v}", variables: { v: { default: "v2" } } }])).toBe(
      "https://a.example/v2",
    )
    expect(url([{ url: "https://a.example" }], undefined, [{ url: "https://b.example" }])).toBe(
      "https://b.example",
    )
    expect(url([{ url: "/api" }], "https://c.example/docs/openapi.json")).toBe("https://c.example/api")
    expect(url([{ url: "v1" }], "https://c.example/docs/openapi.json?x=/y")).toBe("https://c.example/docs/v1")
    expect(url([{ url: "//d.example" }], "https://c.example/x")).toBe("https://d.example")
    expect(url([], "https://c.example/x")).toBe("https://c.example/")
    expect(at([{ url: "/api" }]).problems).toEqual([
      { at: "#/servers", message: "The document names no server. Say server_url." },
    ])
    expect(at([{ url: "file:///etc" }]).draft).toBeUndefined()
  })
})

describe("an operation that cannot be a tool says why and where, and keeps no other from being one", () => {
  const chain = (length: number) =>
    Object.fromEntries(
      Array.from({ length }, (_, i) => [
        `S${i}`,
        { properties: { next: { $ref: `#/components/schemas/S${i + 1}` } } },
      ]),
    )

  it("in its parameters, its body and its references", () => {
    const cases: [JsonObject, JsonObject, string][] = [
      [{ parameters: [{ $ref: "#/components/parameters/none" }] }, {}, "parameters/0"],
      [{ parameters: [{ $ref: "https://evil.example/p.json" }] }, {}, "parameters/0"],
      [
        { parameters: [{ $ref: "#/components/parameters/a" }] },
        { components: { parameters: { a: { $ref: "#/components/parameters/a" } } } },
        "parameters/0",
      ],
      [{ parameters: [5] }, {}, "parameters/0"],
      [{ parameters: [{ name: "", in: "query" }] }, {}, "parameters/0"],
      [{ parameters: [{ name: "a", in: "body" }] }, {}, "parameters/0/in"],
      [
        { requestBody: { required: true, content: { "multipart/form-data": {} } } },
        {},
        "requestBody/content",
      ],
      [{ requestBody: {} }, {}, "requestBody"],
      [
        { requestBody: { content: { "application/json": { schema: { $ref: "other.yaml#/A" } } } } },
        {},
        "requestBody/content/application~1json/schema",
      ],
    ]
    for (const [operation, more, at] of cases) {
      const [broken, whole] = operations({ ...more, paths: { "/a": { post: operation }, "/b": { get: {} } } })
      expect([at, broken.draft, broken.problems.map((one) => one.at)]).toEqual([
        at,
        undefined,
        [`#/paths/~1a/post/${at}`],
      ])
      expect(draftOf(whole).name).toBe("get_b")
    }
    expect(
      operations({ paths: { "/a": { options: {}, get: 5 } } }).map((one) => one.problems.length),
    ).toEqual([1, 1])
  })

  it("in its path, of which every part must be sent", () => {
    expect(one({}).problems).toEqual([
      { at: "#/paths/~1orders~1{id}/get", message: "Nothing is sent for {id} of the path." },
    ])
  })

  it("and a document that is made to be large stays in bounds", () => {
    const content = { "application/json": { schema: { $ref: "#/components/schemas/S0" } } }
    const long = one({ requestBody: { content } }, { components: { schemas: chain(3_000) } }, "/a", "post")
    expect(Object.keys(draftOf(long).input_schema["$defs"] as JsonObject)).toHaveLength(201)
    expect(long.notes.at(-1)!.message).toContain("More than 200 schemas")
    const wide = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, i) => [
        `property_${i}`,
        { type: "string", description: "x".repeat(50) },
      ]),
    )
    const large = one(
      { requestBody: { content: { "application/json": { schema: { type: "object", properties: wide } } } } },
      {},
      "/a",
      "post",
    )
    expect(large.problems[0]!.message).toMatch(/64 KiB|200 items|<=200/)
    const paths = Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`/p${i}`, { get: {} }]))
    expect(operations({ paths })).toHaveLength(2_000)
  })
})
