import { readdirSync } from "node:fs"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { credentialsApi } from "#core/contract/credentials"
import { toolsApi } from "#core/contract/tools"
import { commandOf } from "#test/kit/processes"
import { startFresh, type Server } from "#test/kit/server"
import { badPrograms, bash, python, type Config } from "./kit/bad-programs.ts"
import { Client, problemOf } from "./kit/client.ts"
import { journal, register, settled, unique, type Tenant } from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let acme: Tenant
/** A tool that works, which is called beside all that do not. */
let neighbour: string

beforeAll(async () => {
  const started = await startFresh({ settings: { EDGECREW_SANDBOX: "1" } })
  server = started.server
  end = started.end
  acme = await register(await Client.of(server.address))
  neighbour = await tool(
    python(`import json, sys\nprint(json.dumps({"twice": json.load(sys.stdin)["n"] * 2}))`),
  )
})
afterAll(() => end())

async function tool(config: Config, more: Config = {}): Promise<string> {
  const made = await acme.admin.ask(toolsApi.create.reply, "POST", "/tools", {
    body: {
      name: unique("bad").replaceAll("-", "_"),
      description: "Does no good.",
      kind: "runtime" in config ? "container" : "isolate",
      execution_config: config,
      ...more,
    },
  })
  return made.tool.id
}

type Ended = {
  execution_id: string
  status: string
  outputs: unknown
  error?: { code: string; message: string }
}

/** Calls a tool and waits for its end, however it ends. */
async function called(id: string, input: object = {}): Promise<Ended> {
  const answer = await acme.admin.send("POST", `/tools/${id}/invoke`, {
    body: { input },
    headers: { prefer: "wait=60" },
  })
  if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text}`)
  return answer.body as Ended
}

/** What ended well says so; all else by its code. */
const endOf = ({ status, error }: Ended): string => error?.code ?? status

/** Processes of this machine whose command line holds a word, whoever began them. */
const processesWith = (word: string): string[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => commandOf(Number(pid)))
    .filter((command) => command.includes(word))

describe("a tool whose program", () => {
  it.each(badPrograms)("%s", { timeout: 120_000 }, async (_, config, ends) => {
    const id = await tool(config)
    const [ended, beside] = await Promise.all([called(id), called(neighbour, { n: 21 })])
    expect(endOf(ended), JSON.stringify(ended.error)).toMatch(
      typeof ends === "string" ? new RegExp(`^${ends}$`) : ends,
    )
    expect(beside).toMatchObject({ status: "succeeded", outputs: { twice: 42 } })
    // What it printed is in the journal as text, in bounds, and the journal is whole.
    const events = await journal(acme.admin, ended.execution_id)
    expect(events.at(-1)!.type).toMatch(/^execution\.(?:succeeded|failed)$/)
    expect(JSON.stringify(events).length).toBeLessThan(20_000_000)
  })

  it("leaves a daemon: it answers, and nothing of it is left", { timeout: 60_000 }, async () => {
    const nights = `86${Date.now() % 1_000_000}`
    const source = `
import os, subprocess
if os.fork() == 0:
    os.setsid()
    subprocess.Popen(["sleep", "${nights}"], close_fds=True)
    os._exit(0)
subprocess.Popen(["setsid", "nohup", "sleep", "${nights}"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print('{"begun": true}')
`
    const id = await tool(python(source))
    expect(await called(id)).toMatchObject({ status: "succeeded", outputs: { begun: true } })
    expect(processesWith(nights)).toEqual([])
  })

  it("ignores everything is gone once its call is cancelled", { timeout: 60_000 }, async () => {
    const nights = `87${Date.now() % 1_000_000}`
    const id = await tool(
      bash(`trap '' TERM INT HUP; echo up; sleep ${nights} & wait; sleep ${nights}`, { timeout_seconds: 60 }),
    )
    const { execution_id } = await acme.admin.ask(toolsApi.invoke.reply, "POST", `/tools/${id}/invoke`, {
      body: { input: {} },
    })
    await expect.poll(() => processesWith(nights).length, { timeout: 20_000 }).toBeGreaterThan(0)
    expect((await acme.admin.send("POST", `/executions/${execution_id}/cancel`)).status).toBe(202)
    expect((await settled(acme.admin, execution_id)).status).toBe("cancelled")
    expect(processesWith(nights)).toEqual([])
  })

  it("gives what its schema does not say fails with that", async () => {
    const output_schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] }
    const id = await tool(python(`print('{"n": "many"}')`), { output_schema })
    expect(endOf(await called(id))).toBe("tool.bad_output")
  })
})

describe("a tool whose schema", () => {
  const source = "export default (input) => ({ depth: JSON.stringify(input).length })"

  it("is none is refused, with the place", async () => {
    const wrong = [
      { type: "nonsense" },
      { type: "object", properties: { a: { pattern: "(" } } },
      { type: "object", properties: "many" },
      { $ref: "#/$defs/nowhere" },
      { $ref: "https://example.com/schema.json" },
    ]
    for (const input_schema of wrong) {
      const name = unique("bad").replaceAll("-", "_")
      const body = { name, description: "x", kind: "isolate", execution_config: { source }, input_schema }
      const answer = await acme.admin.send("POST", "/tools", { body })
      expect([input_schema, answer.status]).toEqual([input_schema, 400])
      expect(problemOf(answer).errors?.[0]?.path).toMatch(/^input_schema/)
    }
  })

  it("is about itself is kept to, however deep what it is given", async () => {
    const tree = {
      type: "object",
      properties: { child: { $ref: "#" }, n: { type: "integer" } },
      additionalProperties: false,
    }
    const id = await tool({ source }, { input_schema: tree })
    const nested = (levels: number, last: unknown): object =>
      Array.from({ length: levels }).reduce<object>((child) => ({ child }), { n: last })
    expect(await called(id, nested(20, 1))).toMatchObject({ status: "succeeded" })
    const refused = async (input: object) => {
      const answer = await acme.admin.send("POST", `/tools/${id}/invoke`, { body: { input } })
      return [answer.status >= 400 && answer.status < 500, problemOf(answer).code]
    }
    expect(await refused(nested(20, "one"))).toEqual([true, "execution.inputs_invalid"])
    expect((await refused(nested(2_000, 1)))[0]).toBe(true)
  })

  it("refers to nothing but itself neither hangs nor breaks anything", async () => {
    const name = unique("bad").replaceAll("-", "_")
    const circle = { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } }
    for (const input_schema of [{ $ref: "#" }, circle]) {
      const body = { name, description: "x", kind: "isolate", execution_config: { source }, input_schema }
      const answer = await acme.admin.send("POST", "/tools", { body })
      expect([input_schema, answer.status]).toEqual([input_schema, 400])
    }
    expect(await called(neighbour, { n: 1 })).toMatchObject({ status: "succeeded" })
  })
})

describe("a tool whose credential", () => {
  it("is turned off after it was made fails with that, whatever its kind", async () => {
    const draft = {
      name: unique("Key"),
      kind: "bearer",
      secret: "canary-turned-off",
      allowed_hosts: ["api.example.com"],
    }
    const { credential } = await acme.admin.ask(credentialsApi.create.reply, "POST", "/credentials", {
      body: draft,
    })
    const { id: credential_id } = credential
    const sealed = { credentials: { key: credential_id } }
    const url = "https://api.example.com/x"
    const kinds: [kind: string, config: object, more: object, code: string][] = [
      ["http", { url, credential_id }, {}, "http.credential_missing"],
      ["http", { url, headers: { "x-key": "{{ credentials.key }}" } }, sealed, "http.credential_missing"],
      [
        "openapi",
        { operation_id: "o", server_url: url, method: "GET", path: "/", credential_id },
        {},
        "http.credential_missing",
      ],
      ["mcp", { url, tool_name: "t", credential_id }, {}, "http.credential_missing"],
      [
        "container",
        { ...bash("true"), env: { KEY: "{{ credentials.key }}" } },
        sealed,
        "tool.credential_missing",
      ],
    ]
    const ids = await Promise.all(
      kinds.map(([kind, config, more]) => tool(config as Config, { kind, ...more })),
    )
    expect((await acme.admin.send("DELETE", `/credentials/${credential_id}`)).status).toBe(409)
    const { body } = await acme.admin.send("GET", `/credentials/${credential_id}`)
    expect(body).toBeDefined()
    const changed = await acme.admin.send("PUT", `/credentials/${credential_id}`, {
      body: { ...draft, secret: undefined, is_active: false },
    })
    expect(changed.status, changed.text).toBe(200)
    // It is refused within five seconds.
    await expect
      .poll(async () => endOf(await called(ids[0]!)), { timeout: 15_000 })
      .toBe("http.credential_missing")
    for (const [i, [kind, , , code]] of kinds.entries())
      expect([kind, endOf(await called(ids[i]!))]).toEqual([kind, code])
  })

  it("was never there is refused when the tool is made", async () => {
    const body = {
      name: unique("bad").replaceAll("-", "_"),
      description: "x",
      kind: "http",
      execution_config: { url: "https://api.example.com", credential_id: "cred_01JD0000000000000000000000" },
    }
    const answer = await acme.admin.send("POST", "/tools", { body })
    expect(answer.status).toBe(400)
  })
})
