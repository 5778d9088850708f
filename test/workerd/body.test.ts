import { beforeAll, describe, expect, it } from "vitest"
import type { Endpoint } from "#core/contract/endpoint"
import { ask, problemOf, type Answered } from "#test/kit/api"
import { databaseOf, dump, dumpControl } from "#test/kit/dump"
import { makePlatformAdmin, newTenant, type TestTenant } from "#test/kit/tenants"
import { nameOf, nowhere, sampleOf, withBody, withShape, writes } from "#test/kit/world"

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
  await makePlatformAdmin(tenant)
})

const state = async () => [await dump(await databaseOf(tenant.id)), await dumpControl()]

const send = (endpoint: Endpoint, text: string, headers: Record<string, string> = {}) =>
  ask(endpoint, {
    params: nowhere,
    text,
    headers,
    ...(endpoint.needs === "public" ? {} : { token: tenant.token }),
  })

const expectProblem = (answered: Answered<unknown>, what: unknown) => {
  expect([what, answered.headers.get("content-type")]).toEqual([
    what,
    "application/problem+json; charset=utf-8",
  ])
  const { type, title, status, detail, code, request_id } = answered.body as Record<string, unknown>
  expect([what, { type, status, request_id }]).toEqual([
    what,
    {
      type: `/docs/errors#${String(code)}`,
      status: answered.status,
      request_id: answered.headers.get("x-request-id"),
    },
  ])
  for (const sentence of [title, detail])
    expect([what, sentence]).toEqual([what, expect.stringMatching(/\S/)])
}

const cases = withBody.map((one) => [nameOf(one), one] as const)
/** Those whose body has a field that could stand twice. */
const named = cases.filter(([, one]) => Object.keys(sampleOf(one, nowhere).body ?? {}).length > 0)
const shaped = withShape.map((one) => [nameOf(one), one] as const)

describe("a body that is not what the contract asks for is refused, and nothing is changed", () => {
  it.each(cases)("%s refuses what is no JSON", async (_, endpoint) => {
    const before = await state()
    for (const text of ["{", "{'a': 1}", '{"a":1,}', "nul", '{"a":1} x', "\u0000", "[1,2", '"']) {
      const answered = await send(endpoint, text)
      expect([text, problemOf(answered)]).toEqual([text, { status: 400, code: "request.malformed" }])
      expectProblem(answered, text)
    }
    expect(await state()).toEqual(before)
  })

  it.each(shaped)("[A43] %s refuses fields that the contract does not have", async (_, endpoint) => {
    const before = await state()
    const sample = sampleOf(endpoint, nowhere).body as Record<string, unknown>
    const alien = [
      "role",
      "tenant_id",
      "id",
      "owner_id",
      "password_hash",
      "is_admin",
      "created_at",
      "updated_at",
      "deleted_at",
      "slot",
      "tenant",
      "constructor",
    ]
    for (const field of alien.filter((one) => !Object.hasOwn(sample, one))) {
      const answered = await send(endpoint, JSON.stringify({ ...sample, [field]: "admin" }))
      expect([field, problemOf(answered)]).toEqual([
        field,
        { status: 400, code: "request.invalid", paths: [field] },
      ])
    }
    expect(await state()).toEqual(before)
  })

  it.each(named)("[A7, A66] %s refuses a name that stands twice, and __proto__", async (_, endpoint) => {
    const sample = JSON.stringify(sampleOf(endpoint, nowhere).body)
    const first = /"(\w+)":/.exec(sample)![1]!
    const twice = await send(endpoint, sample.replace("{", `{"${first}":null,`))
    expect(problemOf(twice)).toEqual({ status: 400, code: "request.invalid", paths: [first] })
    for (const name of ["__proto__", "__pr\\u006fto__"]) {
      const answered = await send(endpoint, sample.replace("{", `{"${name}":{"role":"admin"},`))
      expect(problemOf(answered)).toMatchObject({
        status: 400,
        code: "request.invalid",
        paths: ["__proto__"],
      })
    }
  })

  it.each(cases)("%s refuses nesting without end, and half a surrogate pair", async (_, endpoint) => {
    for (const text of [
      `${"[".repeat(65)}${"]".repeat(65)}`,
      `{"a":${'{"a":'.repeat(64)}1${"}".repeat(65)}`,
      '{"a":"\\ud800"}',
    ]) {
      expect(problemOf(await send(endpoint, text))).toMatchObject({ status: 400, code: "request.invalid" })
    }
  })

  it.each(cases)(
    "%s refuses a body of five megabytes or its own limit, told beforehand or not",
    async (_, endpoint) => {
      const text = `{"a":"${"x".repeat(Math.max(5_000_000, endpoint.mostBytes ?? 0))}"}`
      const tooLarge = { status: 413, code: "request.too_large" }
      expect(problemOf(await send(endpoint, text))).toEqual(tooLarge)
      expect(problemOf(await send(endpoint, text, { "content-length": String(text.length) }))).toEqual(
        tooLarge,
      )
    },
  )

  it.each(cases)("[A18] %s refuses every other content type", async (_, endpoint) => {
    const text = JSON.stringify(sampleOf(endpoint, nowhere).body)
    const types = [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data",
      "application/json; charset=utf-16",
      "application/jsonx",
    ]
    for (const type of types) {
      expect([type, problemOf(await send(endpoint, text, { "content-type": type }))]).toEqual([
        type,
        { status: 415, code: "request.unsupported_type" },
      ])
    }
    const packed = await send(endpoint, text, { "content-encoding": "gzip" })
    expect(problemOf(packed).status).toBe(415)
  })

  const wrong = [
    "null",
    "true",
    "0",
    "-1",
    "1.5",
    "1e400",
    '""',
    '" "',
    "[]",
    "[[]]",
    "{}",
    '{"a":1}',
    `"${"x".repeat(5_000)}"`,
    '"\\u0000"',
    '"😀"',
  ]
  it.each(shaped)(
    "[A8] %s answers wrong values with a refusal that names the field, never with an error",
    async (_, endpoint) => {
      const sample = sampleOf(endpoint, nowhere).body as Record<string, unknown>
      for (const field of Object.keys(sample)) {
        for (const value of wrong) {
          const others = Object.entries(sample).filter(([name]) => name !== field)
          const text = JSON.stringify(Object.fromEntries(others)).replace(
            "{",
            `{"${field}":${value}${others.length > 0 ? "," : ""}`,
          )
          const answered = await send(endpoint, text)
          expect([field, value, answered.status < 500 || answered.status === 503]).toEqual([
            field,
            value,
            true,
          ])
          if (answered.status >= 400) expectProblem(answered, [field, value])
          const { code, paths = [] } = problemOf(answered)
          if (code === "request.invalid")
            expect([field, value, paths[0]?.startsWith(field)]).toEqual([field, value, true])
        }
      }
    },
  )

  it("routes without a body take none, or an empty object", async () => {
    const bodiless = writes.filter(
      ({ body, method, path }) => !body && method !== "DELETE" && !path.endsWith("/logout"),
    )
    for (const endpoint of bodiless) {
      const alien = await send(endpoint, '{"role":"admin"}')
      expect([nameOf(endpoint), problemOf(alien)]).toEqual([
        nameOf(endpoint),
        { status: 400, code: "request.invalid", paths: ["role"] },
      ])
      // All but this one are of something that does not exist.
      const status = nameOf(endpoint) === "POST /secrets/rotate" ? 200 : 404
      expect([nameOf(endpoint), (await send(endpoint, "{}")).status]).toEqual([nameOf(endpoint), status])
    }
  })
})
