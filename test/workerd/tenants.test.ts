import { beforeAll, describe, expect, it } from "vitest"
import { allCapabilities } from "#core/access/capabilities"
import { flowsApi } from "#core/contract/flows"
import { ask, call, problemOf, type Answered } from "#test/kit/api"
import { databaseOf, dump, dumpControl } from "#test/kit/dump"
import { newKey, newMember, newTenant, testEnv, type TestTenant } from "#test/kit/tenants"
import { flowDraft, nameOf, newWorld, nowhere, sampleOf, withId, type World } from "#test/kit/world"

let acme: TestTenant
let globex: TestTenant
let worlds: [World, World]
beforeAll(async () => {
  acme = await newTenant("acme")
  globex = await newTenant("globex")
  worlds = [await newWorld(acme), await newWorld(globex)]
})

const without = ({ text }: Answered<unknown>): string => text.replace(/"request_id":"[^"]+"/, "")

describe("two tenants", () => {
  it("[A42] never see each other: 200 probes and more with the other's ids answer like ids that name nothing", async () => {
    const before = [
      await dump(await databaseOf(acme.id)),
      await dump(await databaseOf(globex.id)),
      (await dumpControl())["api_keys"]!.length,
    ]
    let probes = 0
    for (const [mine, theirs] of [
      [acme, worlds[1]],
      [globex, worlds[0]],
    ] as const) {
      const callers = {
        admin: mine.token,
        editor: (await newMember(mine, "editor")).token,
        viewer: (await newMember(mine, "viewer")).token,
        executor: (await newMember(mine, "executor")).token,
        key: await newKey(mine, ...allCapabilities),
      }
      for (const [who, token] of Object.entries(callers)) {
        for (const endpoint of withId) {
          const foreign = await ask(endpoint, { token, ...sampleOf(endpoint, theirs) })
          const unknown = await ask(endpoint, { token, ...sampleOf(endpoint, nowhere) })
          const at = [who, nameOf(endpoint)]
          expect([...at, foreign.status, without(foreign)]).toEqual([...at, unknown.status, without(unknown)])
          expect([...at, who === "admin" ? foreign.status : [403, 404].includes(foreign.status)]).toEqual([
            ...at,
            who === "admin" ? 404 : true,
          ])
          probes++
        }
      }
    }
    expect(probes).toBeGreaterThanOrEqual(200)
    const after = [
      await dump(await databaseOf(acme.id)),
      await dump(await databaseOf(globex.id)),
      (await dumpControl())["api_keys"]!.length,
    ]
    // The two keys that the probes were made with.
    expect(after).toEqual([before[0], before[1], Number(before[2]) + 2])
  }, 120_000)

  it("[A42] are told nothing by ids that are no ids", async () => {
    const odd = [
      "1",
      "x",
      "..%2f",
      "%00",
      "flow_",
      `${worlds[1].flow_id}x`,
      worlds[1].flow_id.toLowerCase(),
      "' or 1=1 --",
    ]
    for (const endpoint of withId) {
      const { token } = acme
      const unknown = await ask(endpoint, { token, ...sampleOf(endpoint, nowhere) })
      for (const text of odd) {
        const params = Object.fromEntries(
          Object.keys(nowhere).map((name) => [name, name === "version" ? "1" : text]),
        )
        const answered = await ask(endpoint, { ...sampleOf(endpoint, nowhere), token, params })
        expect([text, nameOf(endpoint), without(answered)]).toEqual([
          text,
          nameOf(endpoint),
          without(unknown),
        ])
      }
    }
  })

  it("[A46] cannot reach a foreign child through a parent of their own", async () => {
    const { token } = acme
    const own = await call(flowsApi.version, { token, params: { flow_id: worlds[0].flow_id, version: "1" } })
    expect(own.version.version).toBe(1)
    const { flow } = await call(flowsApi.create, { token, body: { name: "Without versions" } })
    const none = await ask(flowsApi.version, { token, params: { flow_id: flow.id, version: "1" } })
    expect(none.status).toBe(404)
  })

  it("live in two databases", async () => {
    const [one, two] = [await databaseOf(acme.id), await databaseOf(globex.id)]
    const [mine, theirs] = [JSON.stringify(await dump(one)), JSON.stringify(await dump(two))]
    expect(mine).toContain(worlds[0].flow_id)
    expect(mine).not.toContain(worlds[1].flow_id)
    expect(theirs).toContain(worlds[1].flow_id)
    expect(theirs).not.toContain(worlds[0].flow_id)
    const control = JSON.stringify(await dumpControl())
    for (const id of [worlds[0].flow_id, worlds[1].provider_id]) expect(control).not.toContain(id)
  })

  it("[A22] cannot be mixed up by headers", async () => {
    const headers = {
      "x-tenant-id": globex.id,
      "x-forwarded-for": "10.0.0.1",
      "x-role": "admin",
      "x-request-id": "req_mine",
      "x-slot": "TENANT_DB_001",
    }
    const { flows } = await call(flowsApi.list, { token: acme.token, headers })
    expect(flows.map((one) => one.id)).not.toContain(worlds[1].flow_id)
    const answered = await ask(flowsApi.list, { token: acme.token, headers })
    expect(answered.headers.get("x-request-id")).not.toBe("req_mine")
  })

  it("are read and not changed when suspended", async () => {
    const held = await newTenant("held")
    await testEnv.CONTROL_DB.prepare("update tenants set status = 'suspended' where id = ?")
      .bind(held.id)
      .run()
    expect((await ask(flowsApi.list, { token: held.token })).status).toBe(200)
    const refused = await ask(flowsApi.create, { token: held.token, body: flowDraft() })
    expect(problemOf(refused)).toEqual({ status: 403, code: "tenant.suspended" })
  })
})
