import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { credentialsApi } from "#core/contract/credentials"
import { executionsApi } from "#core/contract/executions"
import { providersApi } from "#core/contract/llm-providers"
import { startHttpServer, type HttpServer } from "#test/kit/http-server"
import { startFresh, type Server } from "#test/kit/server"
import { Client, type Answer, type Sending } from "./kit/client.ts"
import { chain, execute, journal, look, publish, register, unique, type Tenant } from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let shop: HttpServer
let acme: Tenant
let stranger: Client

/** Every secret that was given to the product, and all that it has said since. */
const canaries: string[] = []
const said: { what: string; text: string }[] = []

beforeAll(async () => {
  shop = await startHttpServer()
  const started = await startFresh({ settings: { EDGECREW_EGRESS_ALLOW: shop.host } })
  server = started.server
  end = started.end
  stranger = await Client.of(server.address)
  acme = await register(stranger)
})
afterAll(async () => {
  await end()
  await shop.close()
})

/** A secret that nothing else looks like. */
function canary(shape: (word: string) => string = (word) => word): string {
  const secret = shape(`Canary${crypto.randomUUID().replaceAll("-", "")}`)
  canaries.push(secret)
  return secret
}

/** A request with secrets in it, whatever comes back; what comes back is kept. */
async function tell(client: Client, method: string, path: string, sending: Sending = {}): Promise<Answer> {
  const answer = await client.send(method, path, sending)
  said.push({
    what: `${method} ${path} ${answer.status}`,
    text: answer.text + JSON.stringify([...answer.headers]),
  })
  return answer
}

const made = async (path: string, body: object): Promise<Record<string, { id: string }>> =>
  (await tell(acme.admin, "POST", path, { body })).body as never

async function accounts(): Promise<void> {
  const email = `${unique("ana")}@example.com`
  const first = canary()
  const slug = unique("canaries")
  await tell(stranger, "POST", "/auth/register", {
    body: { email, password: first, tenant_name: "C", tenant_slug: slug },
  })
  // What a session is given is told to it alone, so its answers are not kept.
  const signedIn = await stranger.send("POST", "/auth/login", { body: { email, password: first } })
  const tokens = signedIn.body as { access_token: string; refresh_token: string }
  canaries.push(tokens.access_token, tokens.refresh_token)
  const ana = stranger.as(tokens.access_token)
  await tell(stranger, "POST", "/auth/login", { body: { email, password: canary() } })
  await tell(ana, "POST", "/auth/password", { body: { current_password: canary(), new_password: canary() } })
  await tell(ana, "POST", "/auth/password", { body: { current_password: first, new_password: canary() } })
  await tell(stranger, "POST", "/auth/refresh", {
    body: { refresh_token: canary((word) => `ecr_${word.padEnd(43, "A")}`) },
  })
  const ticket = await ana.send("POST", "/tickets", { body: { resource: "/api/v1/auth/me" } })
  canaries.push((ticket.body as { ticket: string }).ticket)
  const key = await acme.admin.send("POST", "/api-keys", {
    body: { name: unique("key"), scopes: ["flow.read"] },
  })
  canaries.push((key.body as { secret: string }).secret)
  await tell(acme.admin, "GET", "/api-keys")
  await tell(acme.admin, "GET", "/auth/sessions")
}

async function providers(): Promise<void> {
  for (const provider_type of ["openai", "anthropic", "google", "xai"]) {
    await tell(acme.admin, "POST", "/llm-providers", {
      body: {
        name: unique(provider_type),
        provider_type,
        config: {},
        api_credentials: { api_key: canary((word) => `sk-${word}`) },
      },
    })
  }
  const config = { base_url: `${shop.url}/echo`, default_model: "small" }
  const draft = { name: unique("own"), provider_type: "openai_compatible", config }
  const { llm_provider } = await made("/llm-providers", { ...draft, api_credentials: { api_key: canary() } })
  const id = llm_provider!.id
  await tell(acme.admin, "PUT", `/llm-providers/${id}`, {
    body: { ...draft, api_credentials: { api_key: canary((word) => `sk-proj-${word}`) } },
  })
  // The vendor repeats what it was sent, as some do.
  await tell(acme.admin, "POST", `/llm-providers/${id}/test`)
  await tell(acme.admin, "GET", `/llm-providers/${id}/models`)
  await tell(acme.admin, "PUT", `/llm-providers/${id}`, {
    body: { ...draft, config: { ...config, base_url: `${shop.url}/status/500?message=no` } },
  })
  await tell(acme.admin, "POST", `/llm-providers/${id}/test`)
  await acme.admin.ask(providersApi.list.reply, "GET", "/llm-providers")
}

async function outgoing(): Promise<void> {
  const kinds: [string, object][] = [
    ["bearer", {}],
    ["basic", { user_name: "ana" }],
    ["header", { header: "X-Api-Key" }],
    ["query", { parameter: "api_key" }],
  ]
  for (const [kind, config] of kinds) {
    const secret = canary()
    const { credential } = await acme.admin.ask(credentialsApi.create.reply, "POST", "/credentials", {
      body: { name: unique("Shop"), kind, config, secret, allowed_hosts: ["127.0.0.1"] },
    })
    canaries.push(Buffer.from(`ana:${secret}`).toString("base64").slice(0, -2))
    for (const path of [
      "/echo",
      "/status/401?message=no",
      `/redirect/302?to=${encodeURIComponent("/echo")}`,
    ]) {
      const flow = await publish(acme.admin, {
        name: unique("Asks"),
        ...chain(
          { id: "input", type: "input", data: {} },
          { id: "ask", type: "http", data: { url: shop.url + path, credentials: credential.id } },
          { id: "result", type: "output", data: { value: "{{ nodes.ask }}" } },
        ),
      })
      const ended = await execute(acme.admin, flow, {})
      const inside = [
        await look(acme.admin, ended.execution_id),
        await journal(acme.admin, ended.execution_id),
      ]
      said.push({ what: `${kind} ${path}`, text: JSON.stringify([ended, inside]) })
      await tell(acme.admin, "GET", `/executions/${ended.execution_id}/spans`)
    }
    await tell(acme.admin, "PUT", `/credentials/${credential.id}`, {
      body: { name: unique("Shop"), kind, config, secret: canary(), allowed_hosts: ["127.0.0.1"] },
    })
    await tell(acme.admin, "GET", `/credentials/${credential.id}`)
  }
}

async function incoming(): Promise<void> {
  const flow_id = await publish(acme.admin, {
    name: unique("Hooked"),
    ...chain(
      { id: "input", type: "input", data: {} },
      { id: "result", type: "output", data: { value: "1" } },
    ),
  })
  const secret = canary()
  const { trigger } = await made("/triggers", {
    kind: "webhook",
    flow_id,
    name: unique("hook"),
    config: { inputs: "body", signature: { kind: "header", header: "x-hook-secret" } },
    secret,
  })
  const hook = (trigger as unknown as { address?: string } | undefined)?.address
  if (hook !== undefined) {
    for (const sent of [secret, canary()]) {
      const answered = await fetch(new URL(hook, server.address), {
        method: "POST",
        body: JSON.stringify({ a: 1 }),
        headers: {
          "content-type": "application/json",
          "x-hook-secret": sent,
          authorization: `Bearer ${canary()}`,
          cookie: `session=${canary()}`,
          "x-api-key": canary(),
        },
      })
      said.push({ what: "a hook", text: await answered.text() })
    }
    await sleep(500)
    await tell(acme.admin, "GET", `/triggers/${trigger!.id}/deliveries`)
  }
  await tell(acme.admin, "POST", `/triggers/${trigger?.id}/rotate`, {
    body: { what: "secret", secret: canary() },
  })
}

/** A file of another product with secrets in it, which are not kept. */
async function imports(): Promise<void> {
  const step = (name: string, type: string, parameters: object, i: number) => ({
    id: name,
    name,
    type: `n8n-nodes-base.${type}`,
    typeVersion: 1,
    position: [i * 200, 0],
    parameters,
  })
  const content = {
    name: "Imported",
    nodes: [
      step("Start", "manualTrigger", {}, 0),
      step(
        "Ask",
        "httpRequest",
        {
          url: `https://ana:${canary()}@api.example.com/x`,
          headerParameters: { parameters: [{ name: "Authorization", value: `Bearer ${canary()}` }] },
          password: canary(),
        },
        1,
      ),
      step(
        "Code",
        "code",
        {
          jsCode: `const api_key = "${canary()}"\nreturn [{ json: { token: "${canary((word) => `ghp_${word}`)}" } }]`,
        },
        2,
      ),
    ],
    connections: {
      Start: { main: [[{ node: "Ask", type: "main", index: 0 }]] },
      Ask: { main: [[{ node: "Code", type: "main", index: 0 }]] },
    },
  }
  await tell(acme.admin, "POST", "/flows/import/preview", { body: { content } })
  const { flow } = await made("/flows/import", { content, name: unique("Imported") })
  await tell(acme.admin, "GET", `/flows/${flow?.id}`)
  await tell(acme.admin, "GET", `/flows/${flow?.id}/origin`)
  await tell(acme.admin, "POST", "/tools/import/mcp", {
    body: { url: `${shop.url}/status/401`, headers: { authorization: `Bearer ${canary()}` } },
  })
}

/** What is refused is not repeated, and not written down either. */
async function refused(): Promise<void> {
  await tell(stranger, "GET", "/flows", { headers: { authorization: `Bearer ${canary()}` } })
  await tell(stranger, "GET", "/flows", { headers: { authorization: `Basic ${canary()}` } })
  await tell(stranger, "GET", "/flows", { headers: { cookie: `__Host-edgecrew_refresh=${canary()}` } })
  await tell(stranger, "GET", "/flows", { headers: { "x-api-key": canary() } })
  await tell(stranger, "GET", `/flows?access_token=${canary()}`)
  await tell(stranger, "POST", "/auth/login", { body: { email: "ana@example.com", passwort: canary() } })
  await tell(acme.admin, "POST", "/credentials", {
    body: { name: "x", kind: "bearer", secret: canary(), allowed_hosts: [] },
  })
  await tell(acme.admin, "POST", "/llm-providers", {
    body: { name: "x", provider_type: "none", api_credentials: { api_key: canary() } },
  })
  await tell(acme.admin, "POST", "/api-keys", { text: `{"name": "${canary()}` })
}

/** All that can be had of a tenant: lists, exports, traces. */
async function all(): Promise<void> {
  const { executions } = await acme.admin.ask(executionsApi.list.reply, "GET", "/executions")
  expect(executions.length).toBeGreaterThan(0)
  const lists = [
    "/executions/export",
    "/traces?limit=200",
    "/flows?limit=200",
    "/credentials?limit=200",
    "/llm-providers?limit=200",
    "/triggers?limit=200",
    "/tools?limit=200",
    "/agents",
    "/crews",
    "/workspace/settings",
    "/auth/me",
  ]
  for (const path of lists) {
    const response = await acme.admin.open("GET", path)
    said.push({ what: path, text: await response.text() })
  }
}

/** Every file that the product keeps, but the one that holds the installation's own keys. */
const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile() && !file.endsWith("keys.json"))

describe("[A62] a secret", () => {
  it(
    "that goes in anywhere is found nowhere: no answer, log, trace, export, database or file",
    { timeout: 240_000 },
    async () => {
      await accounts()
      await providers()
      await outgoing()
      await incoming()
      await imports()
      await refused()
      await all()
      // Whatever is written in the background is written by then.
      await sleep(3_000)
      const secrets = canaries.filter((one) => one.length >= 24)
      console.log(JSON.stringify({ canaries: secrets.length, answers: said.length }))
      expect(secrets.length).toBeGreaterThanOrEqual(40)
      const found = said.flatMap(({ what, text }) =>
        secrets.filter((one) => text.includes(one)).map((one) => [what, one]),
      )
      expect(found).toEqual([])
      expect(secrets.filter((one) => server.output.includes(one))).toEqual([])
      const files = filesOf(server.state)
      expect(files.length).toBeGreaterThan(3)
      const kept = files.flatMap((file) => {
        const bytes = readFileSync(file)
        return secrets
          .filter((one) => bytes.includes(one))
          .map((one) => [file.slice(server.state.length), one])
      })
      expect(kept).toEqual([])
    },
  )
})
