import { Validator, type Schema } from "@cfworker/json-schema"
import { beforeAll, describe, expect, it } from "vitest"
import { allEndpoints } from "#core/contract/all"
import { chatApi } from "#core/contract/chat"
import { debuggingApi } from "#core/contract/debugging"
import { executionsApi } from "#core/contract/executions"
import { auditApi } from "#core/contract/audit"
import { privacyApi } from "#core/contract/privacy"
import { providersApi } from "#core/contract/llm-providers"
import { systemApi } from "#core/contract/system"
import { ask, call } from "#test/kit/api"
import { newTenant, type TestTenant } from "#test/kit/tenants"
import { nameOf, newWorld, sampleOf, withShape, type World } from "#test/kit/world"

type Operation = {
  operationId: string
  security: object[]
  parameters: { name: string; in: string; required?: boolean; schema: Schema }[]
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> }
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: Schema }> }>
}
type Reference = {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema>; responses: Record<string, object> }
}

let reference: Reference
let tenant: TestTenant
let world: World
beforeAll(async () => {
  reference = (await call(systemApi.openapi)) as unknown as Reference
  tenant = await newTenant()
  world = await newWorld(tenant)
})

const operations = () =>
  Object.entries(reference.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  )
const operationOf = (method: string, path: string): Operation =>
  reference.paths[`/api/v1${path.replace(/:(\w+)/g, "{$1}")}`]![method.toLowerCase()]!

/** A schema of the document by itself, with the components that it leads to. */
const faultsOf = (schema: Schema, value: unknown) => {
  const whole = JSON.parse(
    JSON.stringify({ ...schema, $defs: reference.components.schemas }).replaceAll(
      "#/components/schemas/",
      "#/$defs/",
    ),
  ) as Schema
  const { valid, errors } = new Validator(whole, "2020-12").validate(value)
  return valid ? [] : errors.map((one) => `${one.instanceLocation}: ${one.error}`)
}

describe("the reference", () => {
  it("names every route, and no other", () => {
    expect(reference.openapi).toBe("3.1.0")
    const named = operations().map(({ name }) => name)
    expect(named.toSorted()).toEqual(
      allEndpoints.map((one) => `${one.method} /api/v1${one.path.replace(/:(\w+)/g, "{$1}")}`).toSorted(),
    )
    const ids = operations().map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it("has an answer to every reference", () => {
    const text = JSON.stringify(reference)
    const refs = [...text.matchAll(/"\$ref":"#\/components\/(schemas|responses)\/([^"]+)"/g)]
    expect(refs.length).toBeGreaterThan(100)
    for (const [, kind, name] of refs) expect(reference.components[kind as "schemas"]).toHaveProperty([name!])
    expect([...text.matchAll(/"\$ref":"(?!#\/components\/)/g)]).toEqual([])
    const used = new Set(refs.map(([, , name]) => name))
    for (const name of Object.keys(reference.components.schemas))
      expect([name, used.has(name)]).toEqual([name, true])
  })

  it("says the parameters of each path, each once", () => {
    for (const { name, operation } of operations()) {
      const inPath = operation.parameters.filter((one) => one.in === "path").map((one) => one.name)
      expect([name, inPath]).toEqual([
        name,
        [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter),
      ])
      const keys = operation.parameters.map((one) => `${one.in} ${one.name}`)
      expect([name, new Set(keys).size]).toEqual([name, keys.length])
      expect([name, operation.responses["default"]]).toEqual([
        name,
        { $ref: "#/components/responses/Problem" },
      ])
    }
  })

  it("describes requests that the Worker takes", () => {
    for (const endpoint of allEndpoints.filter(({ body }) => body)) {
      const { requestBody } = operationOf(endpoint.method, endpoint.path)
      const schema = requestBody!.content["application/json"]!.schema
      expect([nameOf(endpoint), faultsOf(schema, sampleOf(endpoint, world).body)]).toEqual([
        nameOf(endpoint),
        [],
      ])
      if (!withShape.includes(endpoint)) continue
      expect([nameOf(endpoint), faultsOf(schema, { no_such_field: 1 })]).not.toEqual([nameOf(endpoint), []])
    }
  })

  it("describes what the Worker answers", async () => {
    const order = allEndpoints.toSorted(
      (a, b) => Number(a.method === "DELETE") - Number(b.method === "DELETE"),
    )
    // A stream, a file, what ends the session, and what would call a vendor.
    const without = new Set<string>([
      executionsApi.stream.path,
      chatApi.stream.path,
      debuggingApi.exportList.path,
      debuggingApi.artifact.path,
      privacyApi.export.path,
      auditApi.export.path,
      providersApi.test.path,
      "/auth/logout",
      "/auth/switch",
      "/auth/refresh",
      "/auth/login",
    ])
    for (const endpoint of order.filter(({ path }) => !without.has(path))) {
      const answered = await ask(endpoint, { token: tenant.token, ...sampleOf(endpoint, world) })
      const { responses } = operationOf(endpoint.method, endpoint.path)
      const told = responses[String(answered.status)] ?? responses["default"]!
      const found = told.$ref ? (reference.components.responses["Problem"] as typeof told) : told
      const [type] = (answered.headers.get("content-type") ?? "").split(";")
      if (answered.status === 204) {
        expect([nameOf(endpoint), found.content]).toEqual([nameOf(endpoint), undefined])
        continue
      }
      const schema = found.content?.[type!]?.schema
      expect([nameOf(endpoint), answered.status, type, schema === undefined]).toEqual([
        nameOf(endpoint),
        answered.status,
        type,
        false,
      ])
      expect([nameOf(endpoint), faultsOf(schema!, answered.body)]).toEqual([nameOf(endpoint), []])
    }
  })
})
