import { beforeAll, describe, expect, it } from "vitest"
import { credentialsApi } from "#core/contract/credentials"
import { toolImportsApi } from "#core/contract/tool-imports"
import { toolsApi } from "#core/contract/tools"
import { ask, call, problemOf } from "#test/kit/api"
import { newTool } from "#test/kit/definitions"
import { shopDocument } from "#test/kit/openapi"
import { newMember, newTenant, type TestTenant } from "#test/kit/tenants"
import { credentialDraft } from "#test/kit/world"
import { ssrfUrls } from "#test/kit/ssrf-urls"

let tenant: TestTenant
let other: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
  other = await newTenant()
})

const { openapi, mcp } = toolImportsApi
const imported = (more: object, token = tenant.token) =>
  ask(openapi, { token, body: { document: shopDocument(), ...more } })

describe("an OpenAPI document", () => {
  it("says what would become of each of its operations, and makes nothing", async () => {
    const { token } = await newTenant()
    await newTool(token, { name: "get_order" })
    const { body, status } = await imported({}, token)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      title: "Shop",
      version: "1.2.0",
      openapi: "3.1.0",
      servers: ["https://api.example.com/v1"],
      credentials: [{ scheme: "token", kind: "bearer" }],
      tools: [],
    })
    expect(
      body.operations.map(({ key, tool, problems }) => [key, tool, problems.map((one) => one.at)]),
    ).toEqual([
      [
        "GET /orders/{id}",
        {
          name: "get_order",
          description: "Looks up an order",
          risk: "read",
          needs_approval: false,
          arguments: ["fields", "id"],
          taken: true,
        },
        [],
      ],
      ["PUT /orders/{id}", expect.objectContaining({ name: "put_order", risk: "write", taken: false }), []],
      ["POST /pictures", null, ["#/paths/~1pictures/post/requestBody/content"]],
    ])
    expect(body.operations.map((one) => one.tags)).toEqual([["orders"], [], []])
    expect((await call(toolsApi.list, { token, query: {} })).total).toBe(1)
  })

  it("becomes the tools that are asked for, with names, care and credentials, from JSON text too", async () => {
    const { credential } = await call(credentialsApi.create, { token: tenant.token, body: credentialDraft() })
    const operations = [
      { key: "GET /orders/{id}", name: "look_up" },
      { key: "PUT /orders/{id}", needs_approval: true },
    ]
    const { body } = await imported({
      document: JSON.stringify(shopDocument()),
      prefix: "shop",
      server_url: "https://eu.example.com",
      credentials: { token: credential.id },
      operations,
    })
    expect(body.tools).toMatchObject([
      {
        name: "look_up",
        kind: "openapi",
        version: 1,
        execution_config: {
          server_url: "https://eu.example.com",
          path: "/orders/{id}",
          credential_id: credential.id,
          parameters: [
            { name: "fields", explode: false },
            { name: "id", in: "path" },
          ],
        },
      },
      {
        name: "shop_put_order",
        needs_approval: true,
        input_schema: { required: ["id", "note"], $defs: { Order: { type: "object" } } },
        execution_config: {
          body: {
            spread: [
              { name: "note", argument: "note" },
              { name: "lines", argument: "lines" },
            ],
          },
        },
      },
    ])
    const [first] = body.tools
    const params = { tool_id: first!.id }
    expect((await call(toolsApi.get, { token: tenant.token, params })).tool).toEqual(first)
    expect((await call(toolsApi.versions, { token: tenant.token, params })).versions).toHaveLength(1)
  })

  it("makes all of them or none, and says which one cannot be", async () => {
    const { token } = await newTenant()
    await newTool(token, { name: "taken" })
    const foreign = (await call(credentialsApi.create, { token: other.token, body: credentialDraft() }))
      .credential
    const get = { key: "GET /orders/{id}" }
    const cases: [object, string][] = [
      [{ operations: [get, { key: "PUT /orders/{id}", name: "taken" }] }, "operations.1.name"],
      [{ operations: [get, { key: "PUT /orders/{id}", name: "get_order" }] }, "operations.1.name"],
      [{ operations: [{ ...get, name: "time" }] }, "operations.0.name"],
      [{ operations: [get, { key: "POST /pictures" }] }, "operations.1.key"],
      [{ operations: [{ key: "GET /nothing" }] }, "operations.0.key"],
      [{ operations: [get], credentials: { token: foreign.id } }, "operations.0"],
      [{ operations: [] }, "operations"],
      [{ server_url: "file:///etc" }, "server_url"],
      [{ url: "https://api.example.com/openapi.json" }, "document"],
      [{ document: undefined }, "document"],
    ]
    for (const [more, path] of cases)
      expect([path, problemOf(await imported(more, token))]).toEqual([
        path,
        { status: 400, code: "request.invalid", paths: [path] },
      ])
    expect((await call(toolsApi.list, { token, query: {} })).total).toBe(1)
  })

  it("that is none is refused with a pointer to what is wrong", async () => {
    const refused = async (document: unknown) => problemOf(await imported({ document }))
    expect(await refused({ swagger: "2.0" })).toEqual({
      status: 422,
      code: "tool.unreadable",
      paths: ["document#/swagger"],
    })
    expect(await refused("openapi: 3.1.0\npaths: { x: {} }")).toMatchObject({ paths: ["document#/paths/x"] })
    expect(await refused("a: &a [*a]")).toMatchObject({ status: 422 })
  })
})

describe("an OpenAPI document that is made to do harm", () => {
  const withPaths = (paths: unknown, more: object = {}) => ({
    openapi: "3.1.0",
    info: { title: "x", version: "1" },
    servers: [{ url: "https://api.example.com" }],
    paths,
    ...more,
  })
  const operation = (schema: unknown) => ({
    "/x": {
      post: {
        operationId: "x",
        requestBody: { content: { "application/json": { schema } } },
        responses: {},
      },
    },
  })

  it("by its size, its depth or its repetitions is refused in moments", async () => {
    const laughs = Array.from(
      { length: 30 },
      (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}*a${i}]`,
    )
    const cases: [string, unknown, number][] = [
      ["too large", " ".repeat(8_388_609), 400],
      ["deep JSON", `{"openapi":"3.1.0","paths":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, 422],
      ["deep YAML", `openapi: 3.1.0\npaths: ${"[".repeat(20_000)}${"]".repeat(20_000)}`, 422],
      ["aliases of aliases", ["a0: &a0 [x]", ...laughs, "openapi: 3.1.0"].join("\n"), 422],
      ["half a document", `{"openapi": "3.1.0", "paths": {`, 422],
      ["no text of this world", "\u0000\u0001\uffff", 422],
      ["a number", "42", 422],
    ]
    for (const [what, document, status] of cases)
      expect([what, problemOf(await imported({ document })).status]).toEqual([what, status])
  }, 60_000)

  it("by what refers to itself is read, and each operation is judged by itself", async () => {
    const schemas = {
      Loop: { $ref: "#/components/schemas/Loop" },
      Ping: { $ref: "#/components/schemas/Pong" },
      Pong: { $ref: "#/components/schemas/Ping" },
      Tree: { type: "object", properties: { child: { $ref: "#/components/schemas/Tree" } } },
    }
    for (const [name, isUsable] of [
      ["Loop", false],
      ["Ping", false],
      ["Nowhere", false],
      ["Tree", true],
    ] as const) {
      const document = withPaths(operation({ $ref: `#/components/schemas/${name}` }), {
        components: { schemas },
      })
      const { status, body } = await imported({ document })
      expect([name, status]).toEqual([name, 200])
      const [found] = body.operations
      expect([name, found?.tool !== null, found?.problems.length !== 0]).toEqual([name, isUsable, !isUsable])
    }
    const path = withPaths({ "/x": { $ref: "#/paths/~1x" } })
    expect([200, 422]).toContain((await imported({ document: path })).status)
  }, 60_000)
})

describe("an address to import from", () => {
  it("[A5] that no feature may call is not called, for documents and for MCP servers", async () => {
    for (const url of Object.values(ssrfUrls)
      .flat()
      .filter((one) => /^https?:\/\/[^\s/?#]/i.test(one)))
      for (const answered of [
        await ask(openapi, { token: tenant.token, body: { url } }),
        await ask(mcp, { token: tenant.token, body: { url } }),
      ])
        expect([url, problemOf(answered)]).toEqual([
          url,
          { status: 422, code: "tool.unreachable", paths: ["url"] },
        ])
  }, 120_000)

  it("[A5] that is none of the web is refused by its form", async () => {
    for (const url of Object.values(ssrfUrls)
      .flat()
      .filter((one) => !/^https?:\/\/[^\s/?#]/i.test(one.trim())))
      expect([url, problemOf(await ask(openapi, { token: tenant.token, body: { url } })).status]).toEqual([
        url,
        400,
      ])
  })
})

it("who may not change tools may not import them either", async () => {
  for (const role of ["viewer", "executor"] as const) {
    const { token } = await newMember(tenant, role)
    expect((await imported({}, token)).status).toBe(403)
    expect((await ask(mcp, { token, body: { url: "https://mcp.shop.example/mcp" } })).status).toBe(403)
  }
})
