import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import { credentialsApi } from "#core/contract/credentials"
import type { FlowNode } from "#core/flow/graph"
import { startHttpServer, type HttpServer } from "#test/kit/http-server"
import { startFresh, type Server } from "#test/kit/server"
import { ssrfUrls } from "#test/kit/ssrf-urls"
import { Client } from "./kit/client.ts"
import { databasesOf, textIn } from "./kit/disk.ts"
import { chain, execute, journal, look, publish, register, start, unique, type Tenant } from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
/** Two servers that flows may call, and one on this machine that they may not. */
let shop: HttpServer
let other: HttpServer
let inside: HttpServer
let acme: Tenant

beforeAll(async () => {
  ;[shop, other, inside] = await Promise.all([startHttpServer(), startHttpServer(), startHttpServer()])
  const settings = { EDGECREW_EGRESS_ALLOW: `${shop.host},${other.host}` }
  const started = await startFresh({ settings })
  server = started.server
  end = started.end
  acme = await register(await Client.of(server.address))
})
afterAll(async () => {
  await end()
  await Promise.all([shop.close(), other.close(), inside.close()])
})
beforeEach(() => {
  for (const one of [shop, other, inside]) one.received.length = 0
})

const secret = "canary-0123/456789+abcdef"

async function credential(change: object = {}): Promise<string> {
  const body = { name: unique("Shop"), kind: "bearer", secret, allowed_hosts: ["127.0.0.1"], ...change }
  const made = await acme.admin.ask(credentialsApi.create.reply, "POST", "/credentials", { body })
  return made.credential.id
}

/** input → http → output. */
const asking = (data: FlowNode["data"], name = unique("Asks")) => ({
  name,
  ...chain(
    { id: "input", type: "input", data: {} },
    { id: "ask", type: "http", data },
    { id: "result", type: "output", data: { value: "{{ nodes.ask }}" } },
  ),
})

/** Executes input → http → output. */
const asked = async (data: FlowNode["data"], inputs: object = {}) =>
  execute(acme.admin, await publish(acme.admin, asking(data)), inputs)

const cancel = async (execution: string): Promise<void> => {
  expect((await acme.admin.send("POST", `/executions/${execution}/cancel`)).status).toBe(202)
}

describe("an http step", () => {
  it("sends what its expressions say, once, with its key, and passes the answer on", async () => {
    const ended = await asked(
      {
        method: "POST",
        url: `${shop.url}/echo/{{ input.order }}`,
        query: { lang: "{{ input.lang }}" },
        headers: { "X-Own": "{{ input.order & '!' }}" },
        body: { order: "{{ input.order }}", lines: "{{ input.lines }}" },
      },
      { order: "A-7", lang: "de", lines: [1, 2] },
    )
    expect(ended).toMatchObject({
      status: "succeeded",
      outputs: { status: 200, body: { method: "POST", path: "/echo/A-7", query: [["lang", "de"]] } },
    })
    expect(shop.received).toHaveLength(1)
    const request = shop.received.at(0)!
    expect(JSON.parse(request.body)).toEqual({ order: "A-7", lines: [1, 2] })
    expect(request.headers["x-own"]).toBe("A-7!")
    expect(request.key).toContain(ended.execution_id)
    const events = await journal(acme.admin, ended.execution_id)
    expect(events.filter((event) => event.type.startsWith("http.")).map((event) => event.type)).toEqual([
      "http.started",
      "http.finished",
    ])
  })

  it("is tried again with the same key when the answer may be better another time", async () => {
    const ended = await asked({
      method: "POST",
      url: `${shop.url}/flaky/2/again`,
      body: { pay: 1 },
      retry: { max_attempts: 3, backoff_ms: 1, factor: 1 },
    })
    expect(ended).toMatchObject({ status: "succeeded", outputs: { body: { attempts: 3 } } })
    expect(shop.received).toHaveLength(3)
    expect(new Set(shop.received.map((one) => one.key)).size).toBe(1)
    const lost = await asked({
      url: `${shop.url}/status/404?message=No+such+order`,
      retry: { max_attempts: 3 },
    })
    expect(lost).toMatchObject({
      status: "failed",
      error: { code: "http.status_404", message: "127.0.0.1 answered 404: No such order", node_id: "ask" },
    })
    expect(shop.received).toHaveLength(4)
  })

  it("waits as long as it is asked to before it tries again", async () => {
    const execution = await start(
      acme.admin,
      await publish(
        acme.admin,
        asking({ url: `${shop.url}/status/429?retry-after=60`, retry: { max_attempts: 2, backoff_ms: 1 } }),
      ),
      {},
    )
    const due = await vi.waitFor(
      async () => {
        const retrying = (await journal(acme.admin, execution)).find(
          (event) => event.type === "node.retrying",
        )
        if (retrying?.type !== "node.retrying") throw new Error("It does not retry yet")
        return Date.parse(retrying.data.due) - Date.parse(retrying.at)
      },
      { timeout: 10_000 },
    )
    expect(due).toBeGreaterThan(55_000)
    expect(due).toBeLessThanOrEqual(61_000)
    await cancel(execution)
  })

  it("that is cancelled closes its connection at once", async () => {
    const flow = await publish(acme.admin, asking({ url: `${shop.url}/hang` }))
    const execution = await start(acme.admin, flow, {})
    await vi.waitFor(() => expect(shop.received).toHaveLength(1), { timeout: 5_000 })
    await sleep(100)
    await cancel(execution)
    // Far sooner than its own time limit.
    await vi.waitFor(() => expect(shop.open).toBe(0), { timeout: 5_000 })
    await vi.waitFor(
      async () => expect((await look(acme.admin, execution)).execution.status).toBe("cancelled"),
      { timeout: 10_000 },
    )
  })

  it("ends at its own time limit, and leaves no connection", async () => {
    const ended = await asked({ url: `${shop.url}/hang`, timeout_ms: 200 })
    expect(ended).toMatchObject({ status: "failed", error: { code: "step.timeout" } })
    await vi.waitFor(() => expect(shop.open).toBe(0), { timeout: 10_000 })
  })

  it("takes no answer of more than a megabyte", async () => {
    const url = `${shop.url}/big/1048577`
    expect(await asked({ url })).toMatchObject({ status: "failed", error: { code: "http.too_large" } })
  })

  it("keeps nobody waiting: a hundred that wait two seconds wait together, beside a host that is silent", async () => {
    const silent = await publish(acme.admin, asking({ url: `${other.url}/hang` }))
    const hung = await Promise.all(Array.from({ length: 10 }, () => start(acme.admin, silent, {})))
    const slow = await publish(acme.admin, asking({ url: `${shop.url}/slow/2000` }))
    let together = 0
    const watch = setInterval(() => (together = Math.max(together, shop.open)), 10)
    const since = performance.now()
    const ended = await Promise.all(Array.from({ length: 100 }, () => execute(acme.admin, slow, {})))
    clearInterval(watch)
    expect(ended.filter((one) => one.status !== "succeeded")).toEqual([])
    // All of them on a machine that has nothing else to do; 2.8 s of wall time there.
    expect(together).toBeGreaterThan(50)
    expect(performance.now() - since).toBeLessThan(10_000)
    await Promise.all(hung.map(cancel))
  })
})

describe("a credential", () => {
  it("reaches its host and nobody's eyes: not the answer, the journal, the log or the disk", async () => {
    const kinds = [
      {},
      { kind: "basic", config: { user_name: "ana" } },
      { kind: "header", config: { header: "X-Api-Key" } },
      { kind: "query", config: { parameter: "api_key" } },
    ]
    const pair = Buffer.from(`ana:${secret}`).toString("base64")
    const forms = [secret, encodeURIComponent(secret), pair]
    const told: string[] = []
    for (const change of kinds) {
      const credentials = await credential(change)
      for (const path of [
        "/echo",
        "/status/500?message=no",
        `/redirect/302?to=${encodeURIComponent("/echo")}`,
      ]) {
        const ended = await asked({ url: `${shop.url}${path}`, credentials })
        const { execution_id } = ended
        told.push(
          JSON.stringify([
            ended,
            await look(acme.admin, execution_id),
            await journal(acme.admin, execution_id),
          ]),
        )
      }
      const got = shop.received.splice(0)
      expect(
        forms.some((form) => JSON.stringify([got.at(0)!.headers, [...got.at(0)!.query]]).includes(form)),
      ).toBe(true)
    }
    told.push(server.output, ...databasesOf(server.state).map((file) => textIn(file)))
    for (const text of told) for (const form of forms) expect(text).not.toContain(form)
  })

  it("goes to no other host, directly or by a redirect", async () => {
    const elsewhere = await credential({ allowed_hosts: ["api.example.com"] })
    expect(await asked({ url: `${shop.url}/echo`, credentials: elsewhere })).toMatchObject({
      status: "failed",
      error: { code: "http.credential_host" },
    })
    expect(shop.received).toEqual([])
    const credentials = await credential()
    const to = encodeURIComponent(`${other.url}/echo`)
    const away = await asked({ url: `${shop.url}/redirect/302?to=${to}`, credentials })
    expect(away).toMatchObject({ status: "succeeded", outputs: { status: 200 } })
    expect(shop.received.at(0)!.headers["authorization"]).toBe(`Bearer ${secret}`)
    expect(JSON.stringify(other.received)).not.toContain("canary")
    const inQuery = await credential({ kind: "query", config: { parameter: "api_key" } })
    const leak = await asked({ url: `${shop.url}/redirect/302?to=${to}&careless`, credentials: inQuery })
    expect(leak).toMatchObject({ status: "failed", error: { code: "http.redirect" } })
    expect(other.received).toHaveLength(1)
  })

  it("that is turned off or was never there stops the step before anything is sent", async () => {
    const id = await credential()
    const flow = await publish(acme.admin, asking({ url: `${shop.url}/echo`, credentials: id }))
    expect(await execute(acme.admin, flow, {})).toMatchObject({ status: "succeeded" })
    const body = { name: "Off", kind: "bearer", allowed_hosts: ["127.0.0.1"], is_active: false }
    await acme.admin.ask(credentialsApi.update.reply, "PUT", `/credentials/${id}`, { body })
    const off = { status: "failed", error: { code: "http.credential_missing" } }
    // Other isolates remember it for five seconds at most.
    await vi.waitFor(async () => expect(await execute(acme.admin, flow, {})).toMatchObject(off), {
      timeout: 10_000,
      interval: 500,
    })
    shop.received.length = 0
    const nobody = { url: `${shop.url}/echo`, credentials: "cred_01JD0000000000000000000000" }
    await expect(asked(nobody)).rejects.toThrow("reference.unknown_credential")
    expect(shop.received).toEqual([])
  })
})

describe("[A5] no http step reaches what lies inside", () => {
  let open: string
  beforeAll(async () => {
    open = await publish(acme.admin, asking({ url: "{{ input.url }}" }, "Calls what it is told"))
  })

  /** The addresses that were not refused, with what came instead. */
  async function notRefused(urls: string[]): Promise<unknown[]> {
    const found: unknown[] = []
    const queue = [...urls]
    const worker = async (): Promise<void> => {
      for (let url = queue.shift(); url !== undefined; url = queue.shift()) {
        const { status, error } = await execute(acme.admin, open, { url })
        const isRefused = /^http\.(refused_address|bad_url)$/.test(error?.code ?? "")
        if (status !== "failed" || !isRefused) found.push([url, status, error])
      }
    }
    await Promise.all(Array.from({ length: 8 }, worker))
    return found
  }

  it("by any spelling", async () => {
    const own = inside.host.split(":")[1]
    const spelled = [
      "127.0.0.1",
      "localhost",
      "127.1",
      "0x7f.1",
      "2130706433",
      "[::1]",
      "[::ffff:127.0.0.1]",
      "0",
    ]
    const urls = [...Object.values(ssrfUrls).flat(), ...spelled.map((host) => `http://${host}:${own}/echo`)]
    expect(urls.length).toBeGreaterThanOrEqual(128)
    expect(await notRefused(urls)).toEqual([])
    expect(inside.received).toEqual([])
  })

  it("by a redirect", async () => {
    const urls = [...Object.values(ssrfUrls).flat(), `${inside.url}/echo`]
      // Once parsed, the backslash trick is a plain path of example.com: a redirect to it goes there and nowhere else.
      .filter((url) => URL.canParse(url) && !url.includes("com\\@"))
      .map((url) => `${shop.url}/redirect/307?to=${encodeURIComponent(new URL(url).href)}`)
    expect(await notRefused(urls)).toEqual([])
    expect(shop.received).toHaveLength(urls.length)
    expect(inside.received).toEqual([])
  })
})
