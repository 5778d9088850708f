import { beforeAll, describe, expect, it } from "vitest"
import { crewsApi } from "#core/contract/crews"
import { executionsApi } from "#core/contract/executions"
import { flowsApi } from "#core/contract/flows"
import { toolsApi } from "#core/contract/tools"
import type { FlowId } from "#core/ids"
import { ask, call, problemOf } from "#test/kit/api"
import { databaseOf, dump } from "#test/kit/dump"
import { newTenant, type TestTenant } from "#test/kit/tenants"

const files = import.meta.glob<string>("../fixtures/exchange/*/*.{json,yml,yaml}", {
  query: "?raw",
  import: "default",
  eager: true,
})
const all = Object.entries(files).map(
  ([path, text]) => [path.replace("../fixtures/exchange/", ""), text] as const,
)
const textOf = (name: string): string => all.find(([path]) => path === name)![1]

let tenant: TestTenant
beforeAll(async () => {
  tenant = await newTenant()
})

const bringIn = (content: string, more: object = {}) =>
  call(flowsApi.import, { token: tenant.token, body: { content, ...more } })
const original = async (flow_id: FlowId, format: string) => {
  const file = await call(flowsApi.export, { token: tenant.token, params: { flow_id }, query: { format } })
  if (!("edited" in file)) throw new Error("no original")
  return file
}

describe("a file of another product", () => {
  it.each(all)("%s becomes a flow, and comes back as it was", async (path, text) => {
    const format = path.split("/")[0]!
    const { flow, report, findings } = await bringIn(text)
    expect(report.format).toBe(format)
    const known = new Set(flow.nodes.map((node) => node.id))
    expect([...report.exact, ...report.changed, ...report.opaque].filter((id) => !known.has(id))).toEqual([])
    expect(findings.filter((one) => one.code === "node.foreign").map((one) => one.node_id)).toEqual(
      report.opaque,
    )
    const file = await original(flow.id, format)
    if (report.secrets_removed === 0) expect(file.content).toBe(text)
    // The kept original has no secrets any more.
    const { notes, secrets_removed } = file.report
    expect(file.report).toEqual({ ...report, notes, secrets_removed })
    expect(secrets_removed).toBe(0)
    const nothing = { added: [], removed: [], changed: [] }
    expect(file.edited).toEqual({ nodes: nothing, edges: nothing })
  })

  it("is looked at without anything being made", async () => {
    const acme = await newTenant()
    const { draft, report, findings } = await call(flowsApi.preview, {
      token: acme.token,
      body: { content: textOf("n8n/support-agent.json") },
    })
    expect(draft.nodes.length).toBeGreaterThan(5)
    expect(report.opaque).toEqual(["window_buffer_memory", "manual"])
    expect(findings.some((one) => one.code === "node.foreign")).toBe(true)
    const kept = await dump(await databaseOf(acme.id))
    expect([kept["flows"], kept["flow_origins"]]).toEqual([[], []])
  })

  it("says in its original's file what was edited since, and keeps it when it travels as a file of ours", async () => {
    const text = textOf("n8n/order-webhook.json")
    const { flow } = await bringIn(text, { name: "Orders" })
    expect(flow.name).toBe("Orders")
    const nodes = flow.nodes
      .filter((node) => node.id !== "sticky_note")
      .map((node) => (node.id === "answer" ? { ...node, data: { value: 1 } } : node))
    const { id: flow_id, name, description, edges, settings } = flow
    await call(flowsApi.update, {
      token: tenant.token,
      params: { flow_id },
      body: { name, description, nodes, edges, settings },
    })
    const file = await original(flow_id, "n8n")
    expect(file.content).toBe(text)
    expect(file.edited.nodes).toEqual({ added: [], removed: ["sticky_note"], changed: ["answer"] })

    const ours = await call(flowsApi.export, { token: tenant.token, params: { flow_id } })
    const other = await newTenant()
    const again = await call(flowsApi.import, { token: other.token, body: { content: JSON.stringify(ours) } })
    expect(again.flow.nodes).toEqual(nodes)
    const there = await call(flowsApi.export, {
      token: other.token,
      params: { flow_id: again.flow.id },
      query: { format: "n8n" },
    })
    expect(there).toMatchObject({ content: text })
    const { flows } = await call(flowsApi.list, { token: other.token })
    expect(flows.map((one) => one.origin)).toEqual(["n8n"])
  })

  it("of one format is not to be had of a flow of another", async () => {
    const { flow } = await bringIn(textOf("flowise/translator.json"))
    const answered = await ask(flowsApi.export, {
      token: tenant.token,
      params: { flow_id: flow.id },
      query: { format: "n8n" },
    })
    expect(problemOf(answered)).toMatchObject({ status: 404, code: "flow.no_original" })
  })

  it("leaves no secret behind", async () => {
    const acme = await newTenant()
    for (const name of ["n8n/secrets-and-subflows.json", "dify/triage.yml"]) {
      const { report } = await call(flowsApi.import, { token: acme.token, body: { content: textOf(name) } })
      expect(report.secrets_removed).toBe(1)
      expect(report.missing_credentials.length).toBeGreaterThan(0)
    }
    const kept = JSON.stringify(await dump(await databaseOf(acme.id)))
    expect(kept).not.toContain("ghp_016C7e4f2a9B8d3E5c1F7a6D4b2C9e8F0a1B")
    expect(kept).not.toContain("tk_live_9f2c1b7a6d5e4c3b")
    expect(kept).toContain("(removed)")
  })

  it("of CrewAI makes the crew beside the flow that gives it its inputs", async () => {
    const { flow } = await bringIn(textOf("crewai/both-in-one.yaml"))
    const crew_id = flow.nodes.find((node) => node.type === "crew")!.data["crew_id"]
    const { crew } = await call(crewsApi.get, { token: tenant.token, params: { crew_id: crew_id as never } })
    expect(crew.tasks.map((one) => one.id)).toEqual(["look", "write"])
    expect(flow.input_schema).toMatchObject({ required: ["city", "month"] })
    const { findings } = await call(flowsApi.validate, { token: tenant.token, params: { flow_id: flow.id } })
    expect(findings).toEqual([])
  })

  it("of Dify makes a tool of its Python beside the flow, for those who may make tools", async () => {
    const acme = await newTenant()
    const text = textOf("dify/chapters.yml")
    const { flow, report } = await call(flowsApi.import, { token: acme.token, body: { content: text } })
    const node = flow.nodes.find((one) => one.type === "tool")!
    expect(report.changed).toContain(node.id)
    const tool_id = node.data["tool_id"] as never
    const { tool } = await call(toolsApi.get, { token: acme.token, params: { tool_id } })
    expect(tool).toMatchObject({ kind: "container", execution_config: { runtime: "python", egress: [] } })
    // The same file once more gets a tool of its own.
    const again = await call(flowsApi.import, { token: acme.token, body: { content: text } })
    expect(again.flow.nodes.find((one) => one.id === node.id)?.data["tool_id"]).not.toBe(tool_id)
  })

  it("of n8n is executed as n8n would", async () => {
    const step = (name: string, type: string, parameters: object, x: number) => ({
      name,
      type: `n8n-nodes-base.${type}`,
      typeVersion: type === "set" ? 3.4 : 2,
      position: [x, 0],
      parameters,
    })
    const cond = (leftValue: string, operation: string, rightValue: unknown) => ({
      conditions: {
        conditions: [{ leftValue, rightValue, operator: { type: "number", operation } }],
        combinator: "and",
      },
    })
    const workflow = {
      name: "Totals",
      nodes: [
        step("Begin", "manualTrigger", {}, 0),
        step(
          "Lines",
          "code",
          {
            jsCode:
              "return [{ json: { total: $json.lines.reduce((sum, one) => sum + one, 0), who: $input.first().json.who } }]",
          },
          200,
        ),
        step("Large?", "if", cond("={{ $json.total }}", "gte", 100), 400),
        step(
          "Yes",
          "set",
          {
            assignments: {
              assignments: [
                {
                  name: "say",
                  value: "={{ $('Begin').item.json.who.toUpperCase() }}: {{ $json.total }}",
                  type: "string",
                },
              ],
            },
          },
          600,
        ),
        step(
          "No",
          "set",
          {
            assignments: { assignments: [{ name: "small", value: true, type: "boolean" }] },
            includeOtherFields: true,
          },
          600,
        ),
      ],
      connections: {
        Begin: { main: [[{ node: "Lines", type: "main", index: 0 }]] },
        Lines: { main: [[{ node: "Large?", type: "main", index: 0 }]] },
        "Large?": {
          main: [[{ node: "Yes", type: "main", index: 0 }], [{ node: "No", type: "main", index: 0 }]],
        },
      },
    }
    const { flow, findings } = await bringIn(JSON.stringify(workflow))
    expect(findings).toEqual([])
    await call(flowsApi.publish, { token: tenant.token, params: { flow_id: flow.id } })
    const execute = (lines: number[]) =>
      call(executionsApi.execute, {
        token: tenant.token,
        params: { flow_id: flow.id },
        headers: { Prefer: "wait=20" },
        body: { inputs: { lines, who: "ana" } },
      })
    expect(await execute([60, 60])).toMatchObject({ status: "succeeded", outputs: { say: "ANA: 120" } })
    expect(await execute([1, 2])).toMatchObject({
      status: "succeeded",
      outputs: { total: 3, who: "ana", small: true },
    })
  })
})

describe("a broken file", () => {
  const cut = (name: string): string => textOf(name).slice(0, 900)
  it.each([
    ["JSON that was cut", cut("n8n/support-agent.json")],
    ["steps that are none", JSON.stringify({ nodes: [1, "x"], connections: {} })],
    [
      "two steps of one name",
      JSON.stringify({
        nodes: [
          { name: "a", type: "x" },
          { name: "a", type: "x" },
        ],
        connections: {},
      }),
    ],
    [
      "an app without steps",
      "app: {name: x, mode: workflow}\nkind: app\nworkflow: {graph: {nodes: [], edges: []}}\n",
    ],
    ["YAML with aliases", "app: &a {name: x}\nkind: app\nworkflow: *a\n"],
    ["Swagger 2", JSON.stringify({ swagger: "2.0", paths: {} })],
    ["one file of a crew", "researcher:\n  role: r\n  goal: g\n  backstory: b\n"],
    ["a hundred thousand levels", `{"nodes":${"[".repeat(100_000)}${"]".repeat(100_000)},"connections":{}}`],
    ["nothing that is known", '{"hello":"world"}'],
    ["nothing", " "],
  ])("(%s) is refused with its place, and nothing is kept", async (_, content) => {
    const acme = await newTenant()
    const answered = await ask(flowsApi.import, { token: acme.token, body: { content } })
    expect(problemOf(answered)).toMatchObject({ status: 422, code: "flow.unreadable" })
    expect(problemOf(answered).paths?.[0]).toMatch(/^content/)
    const kept = await dump(await databaseOf(acme.id))
    expect([kept["flows"], kept["flow_origins"], kept["crews"], kept["agents"]]).toEqual([[], [], [], []])
  })

  it("of ten megabytes is refused as a body is", async () => {
    const answered = await ask(flowsApi.import, {
      token: tenant.token,
      body: { content: "x".repeat(10_000_000) },
    })
    expect(answered.status).toBe(413)
  })

  it("of another format than is said is refused", async () => {
    const answered = await ask(flowsApi.import, {
      token: tenant.token,
      body: { content: textOf("n8n/support-agent.json"), format: "dify" },
    })
    expect(problemOf(answered)).toMatchObject({ status: 422, code: "flow.unreadable" })
  })
})
