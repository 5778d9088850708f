import { beforeAll, describe, expect, it } from "vitest"
import { debuggingApi } from "#core/contract/debugging"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { ask, call, fetchText, origin, problemOf } from "#test/kit/api"
import { BLOBS, leaveFile } from "#test/kit/artifacts"
import { newTenant, type TestTenant } from "#test/kit/tenants"
import { flowDraft, indexed } from "#test/kit/world"

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
})

const get = (url: string, token: string) =>
  fetchText(origin + url, { headers: { authorization: `Bearer ${token}` } })

const newExecution = async () => {
  const { token } = tenant
  const { flow } = await call(flowsApi.create, { token, body: flowDraft() })
  const { body } = await ask(executionsApi.execute, {
    token,
    params: { flow_id: flow.id },
    body: { inputs: { name: "Ana" } },
    headers: { prefer: "wait=10" },
  })
  await indexed(token, body.execution_id)
  return body.execution_id
}
const keysOf = async (id: string) =>
  (await BLOBS.list({ prefix: `artifacts/${tenant.id}/${id}/` })).objects.map(({ key }) => key)

describe("a file that a program left behind", () => {
  it("[AF1] is had at the address in the step's output, as it was left, to be saved and never shown", async () => {
    const page = "<script>alert(1)</script>"
    const { url } = await leaveFile(tenant.id, await newExecution(), 'out/Ü "b".html', page)
    const { status, headers, text } = await get(url, tenant.token)
    expect([status, text]).toEqual([200, page])
    expect(headers.get("content-type")).toBe("application/octet-stream")
    expect(headers.get("content-disposition")).toBe(
      `attachment; filename="___b_.html"; filename*=UTF-8''%C3%9C%20%22b%22.html`,
    )
    expect(headers.get("x-content-type-options")).toBe("nosniff")
    expect(headers.get("content-security-policy")).toBe("default-src 'none'; sandbox; frame-ancestors 'none'")
  })

  it("[AF2] keeps a name that no header could hold", async () => {
    const path = `a\r\nset-cookie: x=1;\ud800${"é".repeat(500)}`
    const { url } = await leaveFile(tenant.id, await newExecution(), path, "1")
    const { status, headers } = await get(url, tenant.token)
    expect([status, headers.get("set-cookie")]).toEqual([200, null])
    expect(headers.get("content-disposition")).toMatch(/^attachment; filename="a__set-cookie__x_1__/)
  })

  it("[AF3] is nobody else's, and not there under another execution", async () => {
    const id = await newExecution()
    const { url } = await leaveFile(tenant.id, id, "r.csv", "1")
    const unknown = { status: 404, code: "execution.artifact_not_found" }
    expect(problemOf(await get(url, (await newTenant()).token))).toEqual({
      status: 404,
      code: "execution.not_found",
    })
    expect(problemOf(await get(url.replace(id, await newExecution()), tenant.token))).toEqual(unknown)
    expect(problemOf(await get(url.replace(/[^/]+$/, "..%2f..%2fother"), tenant.token))).toEqual(unknown)
    expect(problemOf(await fetchText(origin + url)).status).toBe(401)
  })

  it("[AF4] goes with its execution", async () => {
    const [kept, gone] = [await newExecution(), await newExecution()]
    const files = [
      await leaveFile(tenant.id, kept, "r.csv", "1"),
      await leaveFile(tenant.id, gone, "r.csv", "1"),
    ]
    expect(await keysOf(gone)).toHaveLength(1)
    const body = { action: "delete" as const, execution_ids: [gone] }
    expect((await call(debuggingApi.bulk, { token: tenant.token, body })).done).toEqual([gone])
    expect((await get(files[1]!.url, tenant.token)).status).toBe(404)
    await expect.poll(() => keysOf(gone)).toEqual([])
    expect((await get(files[0]!.url, tenant.token)).status).toBe(200)
  })
})
