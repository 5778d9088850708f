import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { apiKeysApi } from "#core/contract/api-keys"
import { authApi } from "#core/contract/auth"
import { credentialsApi } from "#core/contract/credentials"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { providersApi } from "#core/contract/llm-providers"
import { allCapabilities } from "#core/access/capabilities"
import { startFresh, type Server } from "#test/kit/server"
import { Client, type Answer } from "./kit/client.ts"
import { databasesOf, textIn } from "./kit/disk.ts"
import { fill, sending, unknownIds, type Ids } from "./kit/routes.ts"
import { furnish, type House } from "./kit/house.ts"
import { create, execute, journal, keyOf, password, register, sum, unique } from "./kit/world.ts"

let server: Server
let end = (): Promise<void> => Promise.resolve()
let stranger: Client
let ours: House
let theirs: House
/** Somebody who has nothing. */
let nobody: { admin: Client; key: Client }

beforeAll(async () => {
  const started = await startFresh()
  server = started.server
  end = started.end
  stranger = await Client.of(server.address)
  ours = await furnish(stranger)
  theirs = await furnish(stranger)
  const { admin } = await register(stranger)
  nobody = { admin, key: await keyOf(admin, ...allCapabilities) }
})
afterAll(() => end())

describe("two tenants on disk", () => {
  it("sit in two databases, and neither knows of the other", async () => {
    // The index of executions follows within moments.
    for (const { admin, ids } of [ours, theirs]) {
      const listed = async () =>
        (await admin.ask(executionsApi.list.reply, "GET", "/executions")).executions.map((one) => [
          one.id,
          one.status,
        ])
      await expect.poll(listed, { timeout: 10_000 }).toContainEqual([ids.execution_id, "succeeded"])
    }
    const files = databasesOf(server.state).map((file) => ({
      file,
      text: textIn(file),
    }))
    const holding = (word: string): string[] =>
      files.filter(({ text }) => text.includes(word)).map(({ file }) => file)
    const [first, second] = [holding(ours.word), holding(theirs.word)]
    const databases = (found: string[]): string[] => found.filter((file) => file.includes("/d1/"))
    const objects = (found: string[]): string[] => found.filter((file) => file.includes("/do/"))

    // Flows and providers in the tenant's database, the key's name in the control database, the inputs in the object's.
    const isControl = (file: string): boolean =>
      databases(first).includes(file) && databases(second).includes(file)
    expect(databases(first).filter((file) => !isControl(file))).toHaveLength(1)
    expect(databases(second).filter((file) => !isControl(file))).toHaveLength(1)
    expect(objects(first).length).toBeGreaterThan(0)
    expect(objects(second).length).toBeGreaterThan(0)
    expect(objects(first).filter((file) => objects(second).includes(file))).toEqual([])
    const shared = first.filter((file) => second.includes(file))
    expect(shared).toHaveLength(1)
    const control = files.find(({ file }) => file === shared[0])?.text ?? ""
    for (const { word } of [ours, theirs]) {
      expect(control).toContain(`Key of ${word}`)
      expect(control).not.toContain(`Flow of ${word}`)
      expect(control).not.toContain(`Provider of ${word}`)
    }
  })

  it("hold no secret in the open", () => {
    const secrets = [ours.key.token, ours.admin.token, ours.refresh, password].map((one) => one ?? "")
    expect(secrets.every((one) => one.length > 20)).toBe(true)
    for (const file of databasesOf(server.state)) {
      const text = textIn(file)
      expect([file, secrets.filter((secret) => text.includes(secret))]).toEqual([file, []])
    }
  })
})

describe("a foreign id", () => {
  /** Who asks for whose: each way in which somebody may be known. */
  const askers = (): { name: string; client: Client; whose: House }[] =>
    [
      { from: ours, whose: theirs },
      { from: theirs, whose: ours },
      { from: nobody, whose: ours },
      { from: nobody, whose: theirs },
    ].flatMap(({ from, whose }) => [
      { name: "admin", client: from.admin, whose },
      { name: "key", client: from.key, whose },
    ])

  /** All that an asker can tell two answers apart by. */
  const seen = ({ text, headers }: Answer): unknown => ({
    text: text.replace(/"request_id":"[^"]+"/, ""),
    headers: [...headers].filter(([name]) => name !== "date" && name !== "x-request-id"),
  })

  it("is answered like one that nobody has, on every route, for everybody", async () => {
    // A token names its tenant by itself, and guesses are counted: tests of their own forge those.
    const routes = stranger.reference.routes.filter(
      ({ path }) => path.includes("{") && !path.includes("{token}"),
    )
    expect(routes.length).toBeGreaterThan(20)
    const guards = { "if-match": '"v1"', "idempotency-key": unique("probe") }
    let probes = 0
    for (const { name, client, whose } of askers()) {
      for (const { method, path } of routes) {
        const ask = (as: string, ids: Ids, headers: Record<string, string>): Promise<Answer> => {
          const { query, body } = sending(method, path, ids)
          return client.send(
            as,
            fill(path, ids) + query,
            body === undefined ? { headers } : { body, headers },
          )
        }
        // Sessions and erasures are a person's, and the installation is its operator's: others are refused before any id is looked at.
        const isOperators = path.startsWith("/api/v1/admin/")
        const isPersons = /\/auth\/sessions\/|\/privacy\/erase\//.test(path)
        const expected = isOperators || (name === "key" && isPersons) ? 403 : 404
        const ways = [
          { as: method, headers: {} },
          method === "GET" ? { as: "HEAD", headers: {} } : { as: method, headers: guards },
        ]
        for (const { as, headers } of ways) {
          const what = `${name}: ${as} ${path}`
          const unknown = await ask(as, unknownIds, headers)
          const probed = await ask(as, whose.ids, headers)
          expect([what, probed.status, unknown.status]).toEqual([what, expected, expected])
          expect([what, seen(probed)]).toEqual([what, seen(unknown)])
          if (expected === 404) probes++
        }
      }
    }
    expect(probes).toBeGreaterThanOrEqual(200)
    // Thousands of requests, more with each route: they take as long as the machine is busy.
  }, 240_000)

  it("is there for its own people", async () => {
    for (const { admin, key, ids } of [ours, theirs]) {
      for (const { path } of stranger.reference.routes.filter(
        ({ method, path }) =>
          method === "GET" &&
          path.includes("{") &&
          !path.includes("{token}") &&
          // Its operator's alone.
          !path.startsWith("/api/v1/admin/") &&
          // None of its steps waits for a call.
          !path.endsWith("/callback-address") &&
          // None of its steps left a file.
          !path.endsWith("/artifacts/{step}/{file}"),
      )) {
        for (const client of [admin, key]) {
          const response = await client.open("GET", fill(path, ids) + sending("GET", path, ids).query)
          await response.body?.cancel()
          // A socket is there for those who ask to upgrade.
          expect([path, response.status]).toEqual([path, path.endsWith("/canvas") ? 426 : 200])
        }
      }
    }
  })

  it("is refused in bodies, filters and streams too", async () => {
    const flow = sum("Uses a foreign provider")
    const nodes = [
      ...flow.nodes.filter((one) => one.id !== "added"),
      {
        id: "added",
        type: "llm",
        position: { x: 0, y: 0 },
        data: { prompt: "Summarise {{ input.a }}", llm_provider_id: theirs.ids.provider_id },
      },
    ]
    const { admin } = ours
    const id = await create(admin, { ...flow, nodes })
    const ended = await execute(admin, id, { a: "a text", b: 1 })
    expect(ended).toMatchObject({ status: "failed", error: { code: "model.not_found" } })
    const unknown = await create(admin, {
      ...flow,
      nodes: nodes.map((one) =>
        "llm_provider_id" in one.data
          ? { ...one, data: { ...one.data, llm_provider_id: unknownIds.provider_id } }
          : one,
      ),
    })
    expect((await execute(admin, unknown, { a: "a text", b: 1 })).error).toEqual(ended.error)

    const filtered = await admin.ask(
      executionsApi.list.reply,
      "GET",
      `/executions?flow_id=${theirs.ids.flow_id}`,
    )
    expect(filtered.executions).toEqual([])
    for (const search of [theirs.word, theirs.ids.execution_id, "%", "_"]) {
      const found = await admin.ask(flowsApi.list.reply, "GET", `/flows?search=${encodeURIComponent(search)}`)
      expect(JSON.stringify(found)).not.toContain(theirs.word)
    }
    const resource = `/api/v1/executions/${theirs.ids.execution_id}/stream`
    const { ticket } = await admin.ask(authApi.ticket.reply, "POST", "/tickets", { body: { resource } })
    expect((await stranger.send("GET", `${resource}?ticket=${ticket}`)).status).toBe(404)
    const switched = await admin.send("POST", "/auth/switch", { body: { tenant_id: theirs.id } })
    expect(switched.status).toBe(404)
  })

  it("finds everything as it was after all that", async () => {
    for (const { admin, ids, word, key } of [ours, theirs]) {
      const { flow } = await admin.ask(flowsApi.get.reply, "GET", `/flows/${ids.flow_id}`)
      expect(flow).toMatchObject({ name: `Flow of ${word}`, version: 1, published_version: 1 })
      const { llm_provider } = await admin.ask(
        providersApi.get.reply,
        "GET",
        `/llm-providers/${ids.provider_id}`,
      )
      expect(llm_provider).toMatchObject({ name: `Provider of ${word}`, version: 1 })
      const { credential } = await admin.ask(
        credentialsApi.get.reply,
        "GET",
        `/credentials/${ids.credential_id}`,
      )
      expect(credential).toMatchObject({ name: `Credential of ${word}`, version: 1 })
      const { api_keys } = await admin.ask(apiKeysApi.list.reply, "GET", "/api-keys")
      expect(api_keys.map((one) => one.id)).toContain(ids.key_id)
      const { sessions } = await admin.ask(authApi.sessions.reply, "GET", "/auth/sessions")
      expect(sessions.map((one) => one.id)).toContain(ids.session_id)
      expect((await journal(key, ids.execution_id)).at(-1)?.type).toMatch(/^execution\.(succeeded|failed)$/)
    }
  })
})
