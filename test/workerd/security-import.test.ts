import { describe, expect, it } from "vitest"
import { flowsApi } from "#core/contract/flows"
import { ask, problemOf } from "#test/kit/api"
import { databaseOf, dump } from "#test/kit/dump"
import { newTenant } from "#test/kit/tenants"

const fileWith = (data: string): string =>
  `{"format":"edgecrew.flow","format_version":1,"flow":{"name":"x","nodes":[{"id":"a","type":"input","position":{"x":0,"y":0},"data":${data}}]}}`

const deep = (levels: number): string => `{"a":${"[".repeat(levels)}${"]".repeat(levels)}}`

describe("a file to import is read as strictly as a request", () => {
  it.each([
    ["a name twice", '{"a":1,"a":2}'],
    ["__proto__", '{"__proto__":{"admin":true}}'],
    ["half a surrogate pair", '{"a":"\\ud800"}'],
    ["65 levels", deep(65)],
    ["as many levels as overflow a stack", deep(100_000)],
  ])("%s is refused, and nothing is kept", async (_, data) => {
    const acme = await newTenant()
    const answered = await ask(flowsApi.import, { token: acme.token, body: { content: fileWith(data) } })
    expect(problemOf(answered)).toMatchObject({ status: 422, code: "flow.unreadable" })
    expect(problemOf(answered).paths?.[0]).toMatch(/^content\.flow\.nodes\.0\.data/)
    expect((await dump(await databaseOf(acme.id)))["flows"]).toEqual([])
  })

  it("an ordinary one is taken", async () => {
    const acme = await newTenant()
    const body = { content: fileWith(deep(20)) }
    expect((await ask(flowsApi.import, { token: acme.token, body })).status).toBe(201)
  })
})
