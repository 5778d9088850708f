import { afterAll, beforeAll, expect, it } from "vitest"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import { testProvider } from "#worker/llm/gateway"
import { asking, codeOf, tell, wayTo } from "./kit.ts"

const account_id = "0123456789abcdef0123456789abcdef"
const api = `https://api.cloudflare.com/client/v4/accounts/${account_id}/ai`

let server: OpenAiServer
const urls: string[] = []
beforeAll(async () => {
  server = await startOpenAiServer()
})
afterAll(() => server.close())

/** Cloudflare's API before the stand-in: its own list of models, and chat completions under the account. */
const cloudflare: typeof fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
  const url = input instanceof Request ? input.url : String(input)
  urls.push(url)
  if (new Headers(init?.headers).get("authorization") !== `Bearer ${server.apiKey}`)
    return Response.json(
      { success: false, errors: [{ code: 10000, message: "Authentication error" }] },
      { status: 401 },
    )
  if (url.startsWith(`${api}/models/search?`))
    return Response.json({ success: true, result: [{ id: "1", name: "@cf/meta/llama-3.2-3b-instruct" }] })
  return wayTo(server)(url.replace(`${api}/v1`, server.url), init)
}
const target = (more: object = {}) =>
  ({ provider_type: "workers_ai", account_id, api_key: server.apiKey, model: "gpt-test", ...more }) as const

it("Workers AI is called under its account, with its token", async () => {
  const { finished, failure } = await tell(target(), asking("Hello"), { egress: cloudflare })
  expect(failure).toBeUndefined()
  expect(finished?.text).toMatch(/fox/)
  expect(urls).toEqual([`${api}/v1/chat/completions`])
})

it("Workers AI lists its models by their names, and refuses a wrong token", async () => {
  expect(await testProvider(target(), { egress: cloudflare })).toMatchObject({
    ok: true,
    models: ["@cf/meta/llama-3.2-3b-instruct"],
  })
  expect(await testProvider(target({ api_key: "wrong" }), { egress: cloudflare })).toMatchObject({
    ok: false,
    error: { code: "model.unauthorized" },
  })
})

it("Workers AI is not called without an account, nor with one that leads elsewhere", async () => {
  for (const id of [undefined, "../../user", "a/b", ""]) {
    const { failure } = await tell(target({ account_id: id }), asking("Hi"), { egress: cloudflare })
    expect([id, codeOf(failure)]).toEqual([id, "model.bad_request"])
  }
})
