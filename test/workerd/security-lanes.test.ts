import { listDurableObjectIds } from "cloudflare:test"
import { describe, expect, it } from "vitest"
import { executionsApi } from "#core/contract/executions"
import { executionId, type Lane } from "#core/ids"
import { randomBytes } from "#worker/context"
import { ask, problemOf } from "#test/kit/api"
import { databaseOf } from "#test/kit/dump"
import { newTenant, testEnv } from "#test/kit/tenants"
import { newWorld } from "#test/kit/world"

const madeUp = (lane: Lane) => executionId(lane, Date.now(), randomBytes)
const objects = async () => (await listDurableObjectIds(testEnv.EXECUTION)).length

const asking = [
  executionsApi.get,
  executionsApi.events,
  executionsApi.stream,
  executionsApi.cancel,
  executionsApi.retry,
]

describe("ids of executions that are made up", () => {
  it("make no objects in lanes that are not in use", async () => {
    const acme = await newTenant()
    const before = await objects()
    for (const endpoint of asking) {
      for (const lane of ["own", 4, 1000] as const) {
        const params = { execution_id: madeUp(lane) }
        const answered = await ask(endpoint, { token: acme.token, params })
        expect(problemOf(answered)).toEqual({ status: 404, code: "execution.not_found" })
      }
    }
    expect(await objects()).toBe(before)
  })

  it("and a lane that was in use before is asked for what the index knows", async () => {
    const acme = await newTenant()
    const { execution_id } = await newWorld(acme)
    const params = { execution_id: madeUp(900) }
    const before = await objects()
    const d1 = await databaseOf(acme.id)
    await d1
      .prepare("update executions set id = ? where id = ?")
      .bind(params.execution_id, execution_id)
      .run()
    expect((await ask(executionsApi.get, { token: acme.token, params })).status).toBe(404)
    expect(await objects()).toBe(before + 1)
  })
})
