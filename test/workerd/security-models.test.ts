import { expect, it } from "vitest"
import { testProvider } from "#worker/llm/gateway"

it("a vendor's list of models does not tell the key that it was asked with", async () => {
  const api_key = "canary-7f3a9c1e5b2d4860"
  const egress = async (_: RequestInfo | URL, init?: RequestInit) => {
    const sent = new Headers(init?.headers).get("authorization")
    const ids = ["small", sent, `${api_key}-large`, "x".repeat(201)]
    return Response.json({ object: "list", data: ids.map((id) => ({ id, object: "model" })) })
  }
  const account = {
    provider_type: "openai_compatible",
    base_url: "https://models.vendor.net/v1",
    api_key,
  } as const
  expect(await testProvider(account, { egress })).toMatchObject({ ok: true, models: ["small"] })
})
