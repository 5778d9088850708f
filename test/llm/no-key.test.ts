import { afterEach, expect, it, vi } from "vitest"
import { providerTypes } from "#core/llm/provider-types"
import { testProvider } from "#worker/llm/gateway"
import type { ModelTarget } from "#worker/llm/target"
import { asking, codeOf, tell } from "./kit.ts"

/** Where the vendors' own libraries look for a key and an address when they are given none. */
const names = "OPENAI ANTHROPIC GOOGLE_GENERATIVE_AI GOOGLE GEMINI XAI OLLAMA VLLM CLOUDFLARE".split(" ")
const canary = "operators-own-5c0ffee1d00d"

afterEach(() => void vi.unstubAllEnvs())

const targets: ModelTarget[] = [
  { provider_type: "openai", model: "any" },
  { provider_type: "anthropic", model: "any" },
  { provider_type: "google", model: "any" },
  { provider_type: "xai", model: "any" },
  { provider_type: "ollama", model: "any" },
  { provider_type: "vllm", model: "any" },
  { provider_type: "openai_compatible", model: "any", base_url: "https://models.vendor.net/v1" },
  { provider_type: "workers_ai", model: "any", account_id: "0123456789abcdef0123456789abcdef" },
]

it("is every vendor", () => {
  const types = new Set(["builtin", ...targets.map(({ provider_type }) => provider_type)])
  expect(Object.keys(providerTypes).filter((one) => !types.has(one as never))).toEqual([])
})

it.each(targets.map((one) => [one.provider_type, one] as const))(
  "a call of %s without a key of the tenant's goes out with none, whatever the operator's machine has",
  async (type, target) => {
    for (const name of names) {
      for (const end of ["API_KEY", "API_TOKEN", "AUTH_TOKEN", "KEY"]) vi.stubEnv(`${name}_${end}`, canary)
      vi.stubEnv(`${name}_BASE_URL`, `https://${canary}.example.com/v1`)
    }
    const sent: string[] = []
    const egress: typeof fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
      const request = new Request(input, init)
      sent.push([request.url, JSON.stringify([...request.headers]), await request.text()].join("\n"))
      return Response.json({ error: { message: "no key" } }, { status: 401 })
    }
    const { failure } = await tell(target, asking("Hello"), { egress })
    expect(codeOf(failure)).toMatch(/^model\./)
    expect(await testProvider(target, { egress })).toMatchObject({ ok: false })
    expect(sent.length).toBeGreaterThanOrEqual(2)
    expect(sent.filter((one) => one.includes(canary))).toEqual([])
    // Nor with what stands in for a key inside of the library.
    expect(sent.filter((one) => /put-on-by-the-gateway|bearer \S/i.test(one))).toEqual([])
    const { base_url } = { base_url: undefined, ...providerTypes[type], ...target }
    expect(sent.filter((one) => !one.startsWith(new URL(base_url!).origin))).toEqual([])
  },
)
