import { exports } from "cloudflare:workers"
import { beforeAll, describe, expect, it } from "vitest"
import { apiKeysApi } from "#core/contract/api-keys"
import { chatApi } from "#core/contract/chat"
import { flowsApi } from "#core/contract/flows"
import { widgetApi } from "#core/contract/widget"
import { addressOf, ask, call, problemOf } from "#test/kit/api"
import { newTenant, type TestTenant } from "#test/kit/tenants"
import { flowDraft } from "#test/kit/world"

const site = { origin: "https://shop.example" }

let tenant: TestTenant
let key: string
let key_id: string
beforeAll(async () => {
  tenant = await newTenant()
  const { flow } = await call(flowsApi.create, { token: tenant.token, body: flowDraft("Greeter") })
  const restrictions = { flow_id: flow.id, origins: [site.origin] }
  const made = await call(apiKeysApi.create, {
    token: tenant.token,
    body: { name: "Shop", scopes: ["chat.write"], restrictions },
  })
  expect(made.api_key.restrictions).toEqual(restrictions)
  key = made.secret
  key_id = made.api_key.id
})

const begin = () => ask(widgetApi.begin, { token: key, body: {}, headers: site })

describe("a site's widget", () => {
  it("begins a visitor's chat, which answers, streams and stops, for that visitor alone", async () => {
    const begun = await begin()
    expect(begun.status).toBe(201)
    expect(begun.headers.get("access-control-allow-origin")).toBe(site.origin)
    expect(begun.headers.get("access-control-allow-credentials")).toBeNull()
    const { token, partner } = begun.body
    expect(partner).toBe("Greeter")
    await call(widgetApi.send, { token, headers: site, body: { content: "Ben" } })
    await expect
      .poll(async () => (await call(widgetApi.messages, { token, headers: site })).messages[0], {
        timeout: 10_000,
      })
      .toMatchObject({ role: "assistant", content: "Hello Ben", status: "done" })
    const page = await ask(widgetApi.messages, { token, headers: site })
    for (const word of ["exec_", "cost", "steps", "key_"]) expect(page.text).not.toContain(word)
    const other = (await begin()).body.token
    expect((await call(widgetApi.messages, { token: other, headers: site })).messages).toEqual([])
    expect((await ask(widgetApi.stop, { token, headers: site })).status).toBe(204)
    const stream = await exports.default.fetch(
      new Request(addressOf(widgetApi.stream), { headers: { ...site, authorization: `Bearer ${token}` } }),
    )
    expect(stream.headers.get("access-control-allow-origin")).toBe(site.origin)
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ""
    for (let end = false; !end && !text.includes("Hello Ben");) {
      const { done, value = "" } = await reader.read()
      text += value
      end = done
    }
    expect(text).toContain("Hello Ben")
    await reader.cancel()
    expect(text).not.toContain("session")
    const { sessions } = await call(chatApi.list, { token: tenant.token })
    expect(sessions.some((one) => one.created_by === key_id)).toBe(true)
  })

  it.each([null, "https://evil.example", "https://shop.example.evil.example", "http://shop.example", "null"])(
    "refuses pages of %s, and lets them read nothing",
    async (origin) => {
      const headers: Record<string, string> = origin === null ? {} : { origin }
      const refused = await ask(widgetApi.begin, { token: key, body: {}, headers })
      expect(problemOf(refused)).toEqual({ status: 403, code: "request.foreign_origin" })
      expect(refused.headers.get("access-control-allow-origin")).toBeNull()
    },
  )

  it("opens nothing else with the key or a visitor's token", async () => {
    const { token } = (await begin()).body
    for (const secret of [key, token]) {
      for (const endpoint of [chatApi.create, chatApi.list, flowsApi.list]) {
        const body = endpoint.method === "POST" ? { body: {} } : {}
        const answered = await ask(endpoint, { token: secret, headers: site, ...body })
        expect([endpoint.path, answered.status]).toEqual([endpoint.path, 403])
      }
    }
    expect(problemOf(await ask(widgetApi.begin, { token, body: {}, headers: site }))).toMatchObject({
      status: 400,
    })
    expect(problemOf(await ask(widgetApi.messages, { token: key, headers: site }))).toMatchObject({
      status: 404,
    })
    const forged = `${token.slice(0, -4)}AAAA`
    expect((await ask(widgetApi.messages, { token: forged, headers: site })).status).toBe(401)
  })

  it("answers a preflight for any page, and says nothing by that", async () => {
    const response = await exports.default.fetch(
      new Request(addressOf(widgetApi.send), {
        method: "OPTIONS",
        headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
      }),
    )
    expect(response.status).toBe(204)
    expect(response.headers.get("access-control-allow-headers")).toContain("authorization")
    expect(response.headers.get("access-control-allow-credentials")).toBeNull()
  })

  it("takes no key that may do more, and ends with its key", async () => {
    const restrictions = { agent_id: "agent_01JD0000000000000000000000", origins: ["https://a.example"] }
    const wide = { name: "x", scopes: ["chat.write", "flow.read"] as const, restrictions }
    const refused = await ask(apiKeysApi.create, { token: tenant.token, body: wide })
    expect(problemOf(refused)).toMatchObject({ status: 400, paths: ["scopes"] })
    const pathy = {
      ...wide,
      scopes: ["chat.write"],
      restrictions: { ...restrictions, origins: ["https://a.example/x"] },
    }
    expect((await ask(apiKeysApi.create, { token: tenant.token, body: pathy })).status).toBe(400)
    const { token } = (await begin()).body
    await call(apiKeysApi.remove, { token: tenant.token, params: { key_id } })
    expect((await ask(widgetApi.messages, { token, headers: site })).status).toBe(401)
    expect((await begin()).status).toBe(401)
  })
})
