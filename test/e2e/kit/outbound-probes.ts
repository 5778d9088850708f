import { authApi } from "#core/contract/auth"
import type { OutboundFeature } from "#test/kit/outbound"
import { problemOf, type Answer, type Client } from "./client.ts"
import { chain, publish, unique } from "./world.ts"

/** Lets a feature call an address; answers with the code by which that ended, or with `went out`. */
export type Probe = (url: string) => Promise<string>

const wentOut = "went out"

/** How each feature that calls out is made to call an address, as a tenant would. */
export async function outboundProbes(admin: Client): Promise<Record<OutboundFeature, Probe>> {
  const id = (answer: Answer, noun: string): string =>
    (answer.body as Record<string, { id: string }>)[noun]!.id
  const name = (): string => unique("probe").replaceAll("-", "_")
  const waiting = { headers: { prefer: "wait=30" } }

  /** Either is refused at once, or something is done with what was made. */
  const made = async (path: string, body: object, noun: string, then: (id: string) => Promise<string>) => {
    const answer = await admin.send("POST", path, { body })
    return answer.status === 201 ? then(id(answer, noun)) : problemOf(answer).code
  }
  const endOf = ({ status, body, ...rest }: Answer): string => {
    if (status !== 200) return problemOf({ status, body, ...rest }).code
    return (body as { error?: { code: string } }).error?.code ?? wentOut
  }
  const executed = async (flow: string, inputs: object) =>
    endOf(await admin.send("POST", `/flows/${flow}/execute`, { body: { inputs }, ...waiting }))
  const tool = (kind: string, execution_config: object, then = invoked) =>
    made("/tools", { name: name(), description: "Calls.", kind, execution_config }, "tool", then)
  const invoked = async (tool_id: string) =>
    endOf(await admin.send("POST", `/tools/${tool_id}/invoke`, { body: { input: {} }, ...waiting }))

  const flowOf = (type: string, data: object) =>
    publish(admin, {
      name: unique("Calls"),
      ...chain(
        { id: "input", type: "input", data: {} },
        { id: "ask", type, data: data as never },
        { id: "result", type: "output", data: { value: "{{ nodes.ask }}" } },
      ),
    })
  const asking = await flowOf("http", { url: "{{ input.url }}", retry: { max_attempts: 1 } })
  const reading = await flowOf("tool", {
    tool_id: "builtin:web_page",
    inputs: { url: "{{ input.url }}" },
    retry: { max_attempts: 1 },
  })

  const provider = (base_url: string, then: (id: string) => Promise<string>) =>
    made(
      "/llm-providers",
      { name: unique("Probe"), provider_type: "openai_compatible", config: { base_url } },
      "llm_provider",
      then,
    )
  /** By an alias with one target, which is asked once. */
  const alias = (base_url: string, then: (alias: string) => Promise<string>) =>
    provider(base_url, (llm_provider_id) => {
      const called = unique("probe")
      const targets = [{ llm_provider_id, model: "gpt-test" }]
      const settings = { retries: 0 }
      return made("/model-aliases", { name: called, targets, settings }, "model_alias", () => then(called))
    })

  return {
    "http node": (url) => executed(asking, { url }),
    "http tool": (url) => tool("http", { url }),
    "openapi tool": (url) =>
      tool("openapi", { operation_id: "look", server_url: url, method: "GET", path: "/look" }),
    "mcp tool": (url) => tool("mcp", { url, tool_name: "look" }),
    "web page tool": (url) => executed(reading, { url }),
    "OpenAPI import": (url) => imported(admin, "openapi", url),
    "MCP import": (url) => imported(admin, "mcp", url),
    "tool check": (url) =>
      tool("mcp", { url, tool_name: "look" }, async (tool_id) => {
        const { body } = await admin.send("POST", `/tools/${tool_id}/validate`)
        const [finding] = (body as { findings: { code: string; message: string }[] }).findings
        return finding?.code ?? wentOut
      }),
    "provider test": (url) =>
      provider(url, async (provider_id) => {
        const { body } = await admin.send("POST", `/llm-providers/${provider_id}/test`)
        return (body as { error?: { code: string } }).error?.code ?? wentOut
      }),
    "model call": (url) =>
      alias(url, async (model) =>
        executed(await flowOf("llm", { model, prompt: "Say it.", retry: { max_attempts: 1 } }), {}),
      ),
    "OpenAI endpoint": (url) =>
      alias(url, async (model) => {
        const messages = [{ role: "user", content: "Say it." }]
        const answer = await fetch(`${admin.address}/v1/chat/completions`, {
          method: "POST",
          headers: { authorization: `Bearer ${admin.token}`, "content-type": "application/json" },
          body: JSON.stringify({ model, messages }),
        })
        const { error } = (await answer.json()) as { error?: { code: string } }
        return error?.code ?? wentOut
      }),
    "OpenID provider": async (issuer) => {
      const put = await admin.send("PUT", "/sso", {
        body: { issuer, client_id: "probe", domains: ["example.com"] },
      })
      if (put.status !== 200) return problemOf(put).code
      const { tenant } = await admin.ask(authApi.me.reply, "GET", "/auth/me")
      const begun = await admin.send("POST", "/auth/sso/start", { body: { tenant_slug: tenant.slug } })
      return begun.status === 200 ? wentOut : problemOf(begun).code
    },
    "budget alert": (alert_webhook_url) =>
      made(
        "/budgets",
        { name: name(), scope: "tenant", limit_micros: 1_000_000_000, mode: "soft", alert_webhook_url },
        "budget",
        async (budget_id) => {
          const { body } = await admin.send("POST", `/budgets/${budget_id}/test-alert`)
          await admin.send("DELETE", `/budgets/${budget_id}`)
          return (body as { told: { error: { code: string } | null }[] }).told[0]?.error?.code ?? wentOut
        },
      ),
    "audit checkpoint": async (url) => {
      const put = (to: string) => admin.send("PUT", "/audit/webhook", { body: { url: to } })
      const as = await put(url)
      // The form takes no http but to who is let through: what the guard says of it is heard by https.
      if (as.status !== 200 && (await put(url.replace(/^http:/i, "https:"))).status !== 200)
        return problemOf(as).code
      const { body } = await admin.send("POST", "/audit/webhook/test")
      return (body as { error: { code: string } | null }).error?.code ?? wentOut
    },
    "container program": (url) => ran(url, (config) => tool("container", config)),
  }
}

async function imported(admin: Client, kind: "openapi" | "mcp", url: string): Promise<string> {
  const answer = await admin.send("POST", `/tools/import/${kind}`, { body: { url } })
  return answer.status === 200 ? wentOut : problemOf(answer).code
}

/** The proxy refuses by a status and a header of its own; whoever is not refused has called somebody. */
const program = `
import os, sys, urllib.error, urllib.request
try:
    urllib.request.urlopen(os.environ["TARGET"], timeout=20).read()
    print('{"ok": true}')
except urllib.error.HTTPError as error:
    why = error.headers.get("x-edgecrew-egress")
    if why is None and not 300 <= error.code < 400:
        print('{"ok": true}')
    else:
        sys.exit("refused: %s" % (why or error.code))
except Exception as error:
    sys.exit("failed: %s" % error)
`

/** A program that is given the address and leave to call its host, as far as the form lets it have that. */
function ran(url: string, call: (config: object) => Promise<string>): Promise<string> {
  const host = /^https?:\/\/(?:[^@/]*@)?([^/?#]+)/i.exec(url)?.[1] ?? url
  const egress = [/:\d+$/.test(host) ? host : `${host}:${url.startsWith("https") ? 443 : 80}`]
  return call({ runtime: "python", source: program, egress, env: { TARGET: url }, timeout_seconds: 30 })
}
