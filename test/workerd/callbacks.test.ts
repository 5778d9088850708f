import { afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import * as z from "zod"
import { approvalsApi } from "#core/contract/approvals"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import type { ExecutionId } from "#core/ids"
import { addressToken } from "#worker/services/executions/addresses"
import { ask, call, origin, problemOf } from "#test/kit/api"
import { newTenant, testEnv, unique, type TestTenant } from "#test/kit/tenants"
import { endOf } from "#test/kit/world"

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
})
afterEach(() => {
  vi.useRealTimers()
})

const ended = (id: ExecutionId) => endOf(tenant.token, id)

describe("a callback", () => {
  const calledBack = async () => {
    const { flow } = await call(flowsApi.create, {
      token: tenant.token,
      body: {
        name: unique("called-back"),
        nodes: [
          { id: "input", type: "input", position: { x: 0, y: 0 }, data: {} },
          {
            id: "tell",
            type: "transform",
            position: { x: 0, y: 0 },
            data: { value: "execution.callbacks.hold" },
          },
          { id: "hold", type: "wait", position: { x: 0, y: 0 }, data: { callback: true } },
          { id: "output", type: "output", position: { x: 0, y: 0 }, data: {} },
        ],
        edges: [
          { id: "a", source: "input", target: "tell" },
          { id: "b", source: "tell", target: "hold" },
          { id: "c", source: "hold", target: "output" },
        ],
      },
    })
    const { body } = await ask(executionsApi.execute, {
      token: tenant.token,
      params: { flow_id: flow.id },
      body: {},
    })
    const { execution_id } = body
    const told = () =>
      call(executionsApi.get, { token: tenant.token, params: { execution_id } }).then(
        ({ nodes }) => nodes.find((one) => one.node_id === "tell")?.output,
      )
    await vi.waitFor(async () => expect(await told()).toEqual(expect.any(String)), { timeout: 10_000 })
    const base = `${origin}/api/v1/executions/${execution_id}/callbacks/`
    const url = z
      .string()
      .startsWith(base)
      .parse(await told())
    return { execution_id, token: url.slice(base.length) }
  }

  it("lets its step go on with the body, once", async () => {
    const { execution_id, token } = await calledBack()
    const params = { execution_id, token }
    const first = await ask(approvalsApi.callback, { params, body: { paid: true } })
    expect([first.status, first.body.execution_id]).toEqual([202, execution_id])
    expect((await ended(execution_id)).outputs).toEqual({ paid: true })
    const again = await ask(approvalsApi.callback, { params, body: { paid: false } })
    expect(again.status).toBe(409)
  })

  it("may say nothing", async () => {
    const { execution_id, token } = await calledBack()
    expect((await ask(approvalsApi.callback, { params: { execution_id, token } })).status).toBe(202)
    expect((await ended(execution_id)).outputs).toBeNull()
  })

  it("says one thing, though twenty come at once", async () => {
    const { execution_id, token } = await calledBack()
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        ask(approvalsApi.callback, { params: { execution_id, token }, body: i }),
      ),
    )
    expect(all.filter(({ status }) => status === 202)).toHaveLength(1)
    const taken = all.findIndex(({ status }) => status === 202)
    expect((await ended(execution_id)).outputs).toBe(taken)
  })

  it("is refused when it is forged, another's, or too large", async () => {
    const [mine, other] = [await calledBack(), await calledBack()]
    const invalid = { status: 404, code: "callback.invalid" }
    const to = (execution_id: ExecutionId, token: string, body: unknown = 1) =>
      ask(approvalsApi.callback, { params: { execution_id, token }, body })
    expect(problemOf(await to(mine.execution_id, other.token))).toEqual(invalid)
    expect(problemOf(await to(mine.execution_id, `${mine.token}x`))).toEqual(invalid)
    const approval = addressToken(testEnv, { p: "approval", t: tenant.id, e: mine.execution_id, k: "hold" })
    expect(problemOf(await to(mine.execution_id, approval))).toEqual(invalid)
    const large = await to(mine.execution_id, mine.token, "x".repeat(524_288))
    expect(problemOf(large)).toEqual({ status: 413, code: "request.too_large" })
    expect((await to(mine.execution_id, mine.token, "x".repeat(500_000))).status).toBe(202)
  })
})
