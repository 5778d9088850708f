import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { approvalsApi } from "#core/contract/approvals"
import type { Execution } from "#core/contract/executions"
import { flowsApi, type Flow } from "#core/contract/flows"
import { providersApi } from "#core/contract/llm-providers"
import { startOpenAiServer, type OpenAiServer } from "#test/kit/llm/openai-server"
import { startFresh } from "#test/kit/server"
import { Client, problemOf } from "./kit/client.ts"
import { watch } from "./kit/stream.ts"
import {
  chain,
  create,
  execute,
  keyOf,
  look,
  provider,
  publish,
  register,
  settled,
  start,
  sum,
  summary,
  unique,
} from "./kit/world.ts"

let end = (): Promise<void> => Promise.resolve()
let vendor: OpenAiServer
let stranger: Client
let admin: Client

beforeAll(async () => {
  vendor = await startOpenAiServer()
  const started = await startFresh({
    // One of the examples runs a program.
    settings: { EDGECREW_EGRESS_ALLOW: vendor.host, EDGECREW_SANDBOX: "1" },
  })
  end = started.end
  stranger = await Client.of(started.server.address)
  admin = (await register(stranger)).admin
})
afterAll(async () => {
  await end()
  await vendor.close()
})

const read = (id: string) => admin.ask(flowsApi.get.reply, "GET", `/flows/${id}`)

const draftOf = ({ name, description, nodes, edges, input_schema, output_schema, settings }: Flow) => ({
  name,
  description,
  nodes,
  edges,
  settings,
  ...(input_schema ? { input_schema } : {}),
  ...(output_schema ? { output_schema } : {}),
})

describe("a flow", () => {
  it("is drawn unfinished, mended, published and executed", async () => {
    const [input, , result] = sum().nodes
    const body = { name: unique("Draft"), nodes: [input, result], edges: [] }
    const made = await admin.ask(flowsApi.create.reply, "POST", "/flows", { body })
    expect(made.findings.map((one) => one.code)).toContain("expression.unknown_node")
    const { id } = made.flow
    const early = await admin.send("POST", `/flows/${id}/publish`, { body: {} })
    expect([early.status, problemOf(early).code]).toEqual([422, "flow.invalid"])
    expect(problemOf(early).errors?.length).toBeGreaterThan(0)
    const start = await admin.send("POST", `/flows/${id}/execute`, { body: { inputs: {} } })
    expect([start.status, problemOf(start).code]).toEqual([422, "flow.invalid"])

    const whole = await admin.ask(flowsApi.update.reply, "PUT", `/flows/${id}`, {
      body: { ...sum(), name: body.name },
    })
    expect(whole.findings).toEqual([])
    const { valid } = await admin.ask(flowsApi.validate.reply, "POST", `/flows/${id}/validate`)
    expect(valid).toBe(true)
    const { version } = await admin.ask(flowsApi.publish.reply, "POST", `/flows/${id}/publish`, {
      body: { note: "first" },
    })
    expect(version).toBe(1)
    expect(await execute(admin, id, { a: 20, b: 22 })).toMatchObject({ status: "succeeded", outputs: 42 })
    const { flow, versions } = await read(id)
    expect(flow).toMatchObject({ published_version: 1, has_unpublished_changes: false })
    expect(versions).toMatchObject([{ version: 1, note: "first" }])
  })

  it("keeps what is published while its draft changes, goes back, and says what differs", async () => {
    const id = await publish(admin, sum())
    const { flow } = await read(id)
    const product = draftOf(flow)
    const nodes = product.nodes.map((one) =>
      one.id === "added" ? { ...one, data: { value: "input.a * input.b" } } : one,
    )
    await admin.ask(flowsApi.update.reply, "PUT", `/flows/${id}`, { body: { ...product, nodes } })
    expect((await read(id)).flow.has_unpublished_changes).toBe(true)
    expect((await execute(admin, id, { a: 3, b: 4 })).outputs).toBe(7)
    const draft = { inputs: { a: 3, b: 4 }, config: { version: "draft" } }
    const tried = await admin.send("POST", `/flows/${id}/execute`, {
      body: draft,
      headers: { prefer: "wait=30" },
    })
    expect(tried.body).toMatchObject({ status: "succeeded", outputs: 12 })

    const diff = await admin.ask(flowsApi.diff.reply, "GET", `/flows/${id}/diff?from=1&to=draft`)
    expect(diff).toEqual({
      nodes: { added: [], removed: [], changed: ["added"] },
      edges: { added: [], removed: [], changed: [] },
      fields: [],
    })
    await admin.ask(flowsApi.publish.reply, "POST", `/flows/${id}/publish`, { body: {} })
    expect((await execute(admin, id, { a: 3, b: 4 })).outputs).toBe(12)
    const pinned = { inputs: { a: 3, b: 4 }, config: { version: 1 } }
    const old = await admin.send("POST", `/flows/${id}/execute`, {
      body: pinned,
      headers: { prefer: "wait=30" },
    })
    expect(old.body).toMatchObject({ outputs: 7 })

    const { version } = await admin.ask(flowsApi.version.reply, "GET", `/flows/${id}/versions/1`)
    expect(version.nodes).toEqual(flow.nodes)
    await admin.ask(flowsApi.rollback.reply, "POST", `/flows/${id}/rollback`, { body: { version: 1 } })
    expect((await read(id)).flow.nodes).toEqual(flow.nodes)
    const { versions } = await admin.ask(flowsApi.versions.reply, "GET", `/flows/${id}/versions`)
    expect(versions.map((one) => one.version)).toEqual([2, 1])
  })

  it("is guarded by its version: the later of two writers is told", async () => {
    const id = await create(admin, sum())
    const answer = await admin.send("GET", `/flows/${id}`)
    const tag = answer.headers.get("etag") ?? ""
    expect(tag).toBe('"v1"')
    const save = (headers: Record<string, string>, name = unique("Saved")) =>
      admin.send("PUT", `/flows/${id}`, { body: { ...sum(), name }, headers })
    const first = await save({ "if-match": tag })
    expect([first.status, first.headers.get("etag")]).toEqual([200, '"v2"'])
    const second = await save({ "if-match": tag }, "Lost")
    expect([second.status, problemOf(second).code]).toEqual([412, "conflict.stale"])
    for (const wrong of ['"v99"', "v2", '"anything"', 'W/"v2"'])
      expect((await save({ "if-match": wrong })).status).toBe(412)
    expect((await save({ "if-match": "*" })).status).toBe(200)
    expect(
      (await admin.send("POST", `/flows/${id}/publish`, { body: {}, headers: { "if-match": tag } })).status,
    ).toBe(412)
    const { flow } = await read(id)
    expect(flow).toMatchObject({ version: 3, published_version: null })
    expect(flow.name).not.toBe("Lost")

    // Of two who write at the same moment, one wins.
    const both = await Promise.all([save({ "if-match": '"v3"' }), save({ "if-match": '"v3"' })])
    expect(both.map((one) => one.status).toSorted((a, b) => a - b)).toEqual([200, 412])
  })

  it("is deleted and brought back as it was", async () => {
    const id = await publish(admin, sum())
    await admin.do("DELETE", `/flows/${id}`)
    for (const [method, path] of [
      ["GET", `/flows/${id}`],
      ["POST", `/flows/${id}/execute`],
      ["GET", `/flows/${id}/versions`],
      ["GET", `/flows/${id}/export`],
      ["DELETE", `/flows/${id}`],
    ] as const) {
      const gone = await admin.send(method, path, method === "POST" ? { body: {} } : {})
      expect([path, gone.status, problemOf(gone).code]).toEqual([path, 404, "flow.not_found"])
    }
    await admin.ask(flowsApi.restore.reply, "POST", `/flows/${id}/restore`)
    expect((await execute(admin, id, { a: 1, b: 2 })).outputs).toBe(3)
  })

  it("travels as a file", async () => {
    const id = await create(admin, summary())
    const file = await admin.ask(flowsApi.export.reply, "GET", `/flows/${id}/export`)
    if (file.format !== "edgecrew.flow") throw new Error(`It was exported as ${file.format}.`)
    const { flow } = await read(id)
    for (const content of [file, JSON.stringify(file)]) {
      const made = await admin.ask(flowsApi.import.reply, "POST", "/flows/import", { body: { content } })
      expect(made.flow.id).not.toBe(id)
      expect(draftOf(made.flow)).toEqual(draftOf(flow))
      expect(made.report.exact.toSorted()).toEqual(["draft", "input", "result"])
    }
    const opaque = {
      ...file,
      flow: {
        ...file.flow,
        ...chain({ id: "input", type: "input", data: {} }, { id: "odd", type: "oracle", data: {} }),
      },
    }
    const kept = await admin.ask(flowsApi.import.reply, "POST", "/flows/import", {
      body: { content: opaque },
    })
    expect(kept.report.opaque).toEqual(["odd"])
  })

  it("begins from an example that works as it comes", async () => {
    const { templates } = await admin.ask(flowsApi.templates.reply, "GET", "/flow-templates")
    expect(templates.length).toBeGreaterThanOrEqual(14)
    for (const { id, flow, sample_inputs } of templates) {
      const published = await publish(admin, flow)
      const ended =
        id === "refunds"
          ? await refunded(await start(admin, published, sample_inputs))
          : await execute(admin, published, sample_inputs)
      expect([flow.name, ended.status, ended.error ?? null]).toEqual([flow.name, "succeeded", null])
      expect(JSON.stringify(ended.outputs).length).toBeGreaterThan(40)
    }
  })
})

/** Says yes to what an execution asks, and waits for its end. */
async function refunded(execution: string): Promise<Execution> {
  await watch(admin, execution, { until: (event) => event.type === "execution.waiting" })
  const { nodes } = await look(admin, execution)
  const asked = nodes.find((one) => one.approval_id !== null)?.approval_id
  await admin.ask(approvalsApi.answer.reply, "POST", `/executions/${execution}/approvals/${String(asked)}`, {
    body: { button: "refund" },
  })
  return settled(admin, execution)
}

describe("the list of flows", () => {
  it("is paged, sorted, searched and filtered", async () => {
    const { admin: own } = await register(stranger)
    const names = Array.from({ length: 7 }, (_, i) => `Flow ${String(i)}`)
    const ids: string[] = []
    for (const name of names) ids.push(await create(own, sum(name)))
    await own.ask(flowsApi.publish.reply, "POST", `/flows/${ids[2]}/publish`, { body: {} })
    await own.do("DELETE", `/flows/${ids[6]}`)
    const list = (query: string) => own.ask(flowsApi.list.reply, "GET", `/flows${query}`)
    const namesOf = async (query: string) => (await list(query)).flows.map((one) => one.name)

    expect(await namesOf("")).toEqual(names.slice(0, 6).toReversed())
    expect(await namesOf("?sort=name&limit=4")).toEqual(names.slice(0, 4))
    expect(await namesOf("?sort=name&limit=4&page=2")).toEqual(names.slice(4, 6))
    expect((await list("?limit=4&page=2")).page_info).toEqual({
      page: 2,
      limit: 4,
      has_next: false,
      has_prev: true,
    })
    expect((await list("?limit=4")).total).toBe(6)
    expect(await namesOf("?search=flow%203")).toEqual(["Flow 3"])
    expect(await namesOf("?search=%25")).toEqual([])
    expect(await namesOf("?published=true")).toEqual(["Flow 2"])
    expect(await namesOf("?deleted=true")).toEqual(["Flow 6"])
    for (const query of [
      "?sort=digest",
      "?limit=0",
      "?limit=201",
      "?page=-1",
      "?colour=red",
      "?page=1&page=2",
    ]) {
      const refused = await own.send("GET", `/flows${query}`)
      expect([query, refused.status, problemOf(refused).code]).toEqual([query, 400, "request.invalid"])
    }
  })
})

describe("a write with an Idempotency-Key", () => {
  it("happens once, and is answered the same each time", async () => {
    const headers = { "idempotency-key": unique("once") }
    const body = sum("Only once")
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => admin.send("POST", "/flows", { body, headers })),
    )
    // One that comes while the first is handled is told to wait; it then gets the first one's answer.
    expect(new Set(answers.map((one) => one.status))).toSatisfy((all: Set<number>) => all.has(201))
    for (const early of answers.filter((one) => one.status !== 201)) {
      expect([early.status, problemOf(early).code]).toEqual([409, "idempotency.in_flight"])
    }
    const again = await admin.send("POST", "/flows", { body, headers })
    expect(again.headers.get("idempotency-replayed")).toBe("true")
    const made = answers.find((one) => one.status === 201)
    expect(again.text).toBe(made?.text)
    const other = await admin.send("POST", "/flows", { body: sum("Another"), headers })
    expect([other.status, problemOf(other).code]).toEqual([422, "idempotency.mismatch"])
    const { total } = await admin.ask(flowsApi.list.reply, "GET", "/flows?search=Only%20once")
    expect(total).toBe(1)
  })
})

describe("a model provider", () => {
  it("is added, tested and used, and never gives its credentials back", async () => {
    const id = await provider(admin, vendor, "Our vendor")
    const path = `/llm-providers/${id}`
    const answer = await admin.send("GET", path)
    expect(answer.text).not.toContain(vendor.apiKey)
    const { llm_provider } = providersApi.get.reply.parse(answer.body)
    expect(llm_provider.api_credentials).toEqual({ set: true, hint: expect.stringMatching(/^….{4}$/) })

    const tested = await admin.ask(providersApi.test.reply, "POST", `${path}/test`)
    expect(tested).toMatchObject({ ok: true })
    expect(tested.models).toContain("echo")
    const flow = await publish(
      admin,
      summary({ llm_provider_id: id, model: "echo", prompt: "Say {{ input.text }}" }),
    )
    expect(await execute(admin, flow, { text: "good morning" })).toMatchObject({
      outputs: "Say good morning",
    })
    expect(vendor.requests.at(-1)?.headers.authorization).toBe(`Bearer ${vendor.apiKey}`)

    const saved = await admin.send("PUT", path, {
      body: {
        name: "Renamed",
        api_credentials: { api_key: "sk-wrong-key" },
        config: { base_url: vendor.url },
      },
      headers: { "if-match": answer.headers.get("etag") ?? "" },
    })
    expect(saved.body).toMatchObject({ llm_provider: { name: "Renamed", version: llm_provider.version + 1 } })
    const refused = await admin.ask(providersApi.test.reply, "POST", `${path}/test`)
    expect(refused).toMatchObject({ ok: false, error: { code: "model.unauthorized" } })
    const stale = await admin.send("PUT", path, {
      body: { name: "Stale", config: { base_url: vendor.url } },
      headers: { "if-match": answer.headers.get("etag") ?? "" },
    })
    expect(stale.status).toBe(412)

    const failed = await execute(admin, flow, { text: "good morning" })
    expect(failed).toMatchObject({
      status: "failed",
      error: { code: "model.unauthorized", node_id: "draft" },
    })
    expect(JSON.stringify(failed)).not.toContain("sk-wrong-key")
    await admin.do("DELETE", path)
    expect((await admin.send("GET", path)).status).toBe(404)
    await admin.ask(providersApi.restore.reply, "POST", `${path}/restore`)
    const { llm_providers } = await admin.ask(providersApi.list.reply, "GET", "/llm-providers?search=Renamed")
    expect(llm_providers.map((one) => one.id)).toEqual([id])
  })

  it("reaches nothing inside: this machine's other ports and the metadata address are refused", async () => {
    for (const base_url of [
      "http://127.0.0.1:1/v1",
      "http://169.254.169.254/v1",
      "http://[::1]:9/v1",
      "http://localhost:8787/v1",
    ]) {
      const body = { name: unique("inside"), provider_type: "openai_compatible", config: { base_url } }
      const refused = await admin.send("POST", "/llm-providers", { body })
      expect([base_url, refused.status, problemOf(refused).code]).toEqual([base_url, 400, "request.invalid"])
      expect(problemOf(refused).errors).toEqual([
        { path: "config.base_url", message: expect.stringMatching(/may not be called/) },
      ])
    }
  })

  it("is edited by admins only", async () => {
    const reader = await keyOf(admin, "provider.read")
    const body = { name: unique("mine"), provider_type: "builtin" }
    expect((await reader.send("GET", "/llm-providers")).status).toBe(200)
    expect((await reader.send("POST", "/llm-providers", { body })).status).toBe(403)
  })
})
