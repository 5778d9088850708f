import { setTimeout as sleep } from "node:timers/promises"
import { approvalsApi, type Approval } from "#core/contract/approvals"
import { credentialsApi } from "#core/contract/credentials"
import { toolImportsApi } from "#core/contract/tool-imports"
import { toolsApi } from "#core/contract/tools"
import type { FlowNode } from "#core/flow/graph"
import { startHttpServer, type HttpServer } from "#test/kit/http-server"
import { startMcpServer, type McpTestServer } from "#test/kit/mcp-server"
import { shopDocument } from "#test/kit/openapi"
import { commandOf } from "#test/kit/processes"
import { startFresh, type Server } from "#test/kit/server"
import { readdirSync } from "node:fs"
import { Client } from "./client.ts"
import { register, unique, type Tenant } from "./world.ts"

/** A server with a sandbox, before an API and an MCP server of this machine; and somebody who makes tools there. */
export type ToolStage = {
  server: Server
  tenant: Tenant
  api: HttpServer
  mcp: McpTestServer
  strike: () => Promise<void>
}

export async function setToolStage(): Promise<ToolStage> {
  const [api, mcp] = await Promise.all([startHttpServer(), startMcpServer("modern")])
  const settings = { EDGECREW_SANDBOX: "1", EDGECREW_EGRESS_ALLOW: `${api.host},${mcp.host}` }
  const { server, end } = await startFresh({ settings })
  const tenant = await register(await Client.of(server.address))
  const strike = async () => {
    await end()
    await Promise.all([api.close(), mcp.close()])
  }
  return { server, tenant, api, mcp, strike }
}

type Program = { source: string; schema?: Record<string, object>; config?: object; more?: object }

/** A tool that is a program of the tenant's; answers with its id. */
export async function programTool(
  { tenant }: Pick<ToolStage, "tenant">,
  runtime: "python" | "node" | "bash" | "isolate",
  { source, schema = {}, config = {}, more = {} }: Program,
): Promise<string> {
  const { tool } = await tenant.admin.ask(toolsApi.create.reply, "POST", "/tools", {
    body: {
      name: unique(runtime).replaceAll("-", "_"),
      description: `A program in ${runtime}`,
      kind: runtime === "isolate" ? "isolate" : "container",
      input_schema: { type: "object", properties: schema, required: Object.keys(schema) },
      execution_config: { source, ...(runtime === "isolate" ? {} : { runtime }), ...config },
      ...more,
    },
  })
  return tool.id
}

/** The tools that a shop's API becomes: one that looks an order up, and one that changes it. */
export async function shopTools(
  { tenant, api }: ToolStage,
  prefix: string,
  needs_approval = false,
): Promise<{ look: string; change: string }> {
  const { tools } = await tenant.admin.ask(toolImportsApi.openapi.reply, "POST", "/tools/import/openapi", {
    body: {
      document: shopDocument(`${api.url}/echo`),
      prefix,
      operations: [{ key: "GET /orders/{id}" }, { key: "PUT /orders/{id}", needs_approval }],
    },
  })
  const [look, change] = tools.map(({ id }) => id)
  return { look: look!, change: change! }
}

/** A tool of a server that nobody vouches for: each call asks a person. */
export async function strangersTool({ tenant, mcp }: ToolStage): Promise<string> {
  const { tools } = await tenant.admin.ask(toolImportsApi.mcp.reply, "POST", "/tools/import/mcp", {
    body: { url: mcp.url, tools: [{ tool_name: "find_order" }] },
  })
  return tools[0]!.id
}

export async function credentialOf({ tenant }: ToolStage, secret: string): Promise<string> {
  const { credential } = await tenant.admin.ask(credentialsApi.create.reply, "POST", "/credentials", {
    body: { name: unique("Shop"), kind: "bearer", secret, allowed_hosts: ["api.example.com"] },
  })
  return credential.id
}

export const toolNode = (
  id: string,
  tool_id: string,
  inputs: FlowNode["data"][string] = {},
  more: FlowNode["data"] = {},
): Pick<FlowNode, "id" | "type" | "data"> => ({ id, type: "tool", data: { tool_id, inputs, ...more } })

/** The question that an execution asks, when it does. */
export async function questionOf({ tenant }: ToolStage, execution: string): Promise<Approval> {
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(50)) {
    const path = `/approvals?execution_id=${execution}&status=open`
    const { approvals } = await tenant.admin.ask(approvalsApi.list.reply, "GET", path)
    if (approvals[0]) return approvals[0]
  }
  throw new Error(`${execution} asks nobody`)
}

export async function answer({ tenant }: ToolStage, asked: Approval, button: string, form?: object) {
  const path = `/executions/${asked.execution_id}/approvals/${asked.id}`
  await tenant.admin.ask(approvalsApi.answer.reply, "POST", path, {
    body: { button, ...(form ? { form } : {}) },
  })
}

/** Processes of this machine whose command line has a word in it, the sandboxes' included. */
export const processesWith = (word: string): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && commandOf(pid).includes(word))

/** Waits until so many processes have a word in their command line. */
export async function untilProcesses(word: string, wanted: (count: number) => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; await sleep(25))
    if (wanted(processesWith(word).length)) return
  throw new Error(`${processesWith(word).length} processes have ${word} in their command`)
}
