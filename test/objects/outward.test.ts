import { beforeEach, describe, expect, it } from "vitest"
import { isToolRepeatable } from "#core/execution/steps/deed"
import type { FrozenGraph } from "#core/flow/frozen"
import type { JsonObject } from "#core/json"
import type { ToolDefinition } from "#core/tool/tool"
import { settled } from "./flows-kit.ts"
import { edge, freshStub, journal, node, start } from "./kit.ts"
import { world } from "./worker.ts"

beforeEach(() => {
  world.mcp.length = 0
  world.requests.length = 0
  world.addresses.clear()
})

const cred = "cred_01JD0000000000000000000000"
const tool = (kind: "http" | "openapi" | "mcp", config: JsonObject, more: JsonObject = {}): ToolDefinition =>
  ({
    id: "tool_01JD0000000000000000000002",
    kind,
    name: "order",
    description: "Changes an order",
    input_schema: {
      type: "object",
      properties: { id: { type: "string", "x-mcp-header": "Order" }, note: { type: "string" } },
      required: ["id"],
    },
    risk: "read",
    needs_approval: false,
    credentials: { key: cred },
    execution_config: { headers: { "x-key": "{{ credentials.key }}", "x-own": "yes" }, ...config },
    ...more,
  }) as unknown as ToolDefinition

const operation = (more: JsonObject = {}) =>
  tool("openapi", {
    operation_id: "putOrder",
    server_url: "https://x.test/v1",
    method: "PUT",
    path: "/orders/{id}",
    parameters: [{ name: "id", in: "path", argument: "id" }],
    body: { content_type: "application/json", spread: [{ name: "note", argument: "note" }] },
    ...more,
  })
const mcp = (more: JsonObject = {}) =>
  tool("mcp", { url: "https://mcp.test/mcp", tool_name: "putOrder", ...more })

const flow = (one: ToolDefinition): FrozenGraph => ({
  nodes: [
    node("in", "input"),
    node("order", "tool", { tool_id: one.id, inputs: { id: "{{ input.id }}", note: "{{ input.note }}" } }),
    node("out", "output"),
  ],
  edges: [edge("in", "order"), edge("order", "out")],
  settings: {},
  tools: { [one.id]: one },
})

const executed = async (one: ToolDefinition, inputs: JsonObject) => {
  const stub = freshStub()
  const { execution_id } = await start(stub, flow(one), inputs)
  return { execution: await settled(stub, execution_id), events: await journal(stub, execution_id) }
}

const sealed = { sealed_headers: { "x-key": "{{ credentials.key }}" }, secrets: { key: cred } }

describe("a tool that reaches out", () => {
  it("as an operation of an API is one request, its secrets named and not held", async () => {
    const { execution } = await executed(operation(), { id: "a/7", note: "two" })
    expect(execution.outputs).toEqual({ ok: true })
    expect(world.requests).toMatchObject([
      {
        method: "PUT",
        url: "https://x.test/v1/orders/a%2F7",
        headers: { "x-own": "yes", "content-type": "application/json" },
        body: { note: "two" },
        ...sealed,
      },
    ])
    expect(world.requests[0]!.headers).not.toHaveProperty("x-key")
  })

  it("as a request of its own names its secrets too, whatever its arguments say", async () => {
    const one = tool("http", {
      method: "GET",
      url: "https://x.test/{{ input.id }}",
      query: {},
      headers: {
        "x-key": "{{ credentials.key }}",
        "x-id": "{{ input.id }}",
      },
    })
    await executed(one, { id: "{{ credentials.key }}", note: "" })
    expect(world.requests).toMatchObject([{ headers: { "x-id": "{{ credentials.key }}" }, ...sealed }])
  })

  it("cannot be led out of its path", async () => {
    const { execution } = await executed(operation(), { id: "..", note: "" })
    expect(execution.error).toMatchObject({ code: "tool.bad_argument" })
    expect(world.requests).toEqual([])
  })

  it("of an MCP server is called with mirrored arguments, and tells how far it is", async () => {
    const { execution, events } = await executed(mcp(), { id: "größe", note: "two" })
    expect(execution.outputs).toEqual({ called: "putOrder", with: { id: "größe", note: "two" } })
    expect(world.mcp).toMatchObject([
      {
        url: "https://mcp.test/mcp",
        tool_name: "putOrder",
        arguments: { id: "größe", note: "two" },
        headers: { "x-own": "yes" },
        mirrored: { "Mcp-Param-Order": "=?base64?Z3LDtsOfZQ==?=" },
        sealed: { headers: sealed.sealed_headers, secrets: sealed.secrets },
        idempotency_key: expect.stringMatching(/^exec_/) as string,
      },
    ])
    expect(events.filter((one) => one.type === "tool.log").map((one) => one.data.message)).toContain(
      "Progress 1 of 2",
    )
  })
})

it("is called again after a crash only where that is its tenant's word, or the method's", () => {
  expect(
    [{ method: "GET" }, { method: "PUT" }, { method: "POST" }, { method: "POST", may_repeat: true }].map(
      (one) => isToolRepeatable(operation(one)),
    ),
  ).toEqual([true, true, false, true])
  expect([{}, { may_repeat: false }, { may_repeat: true }].map((one) => isToolRepeatable(mcp(one)))).toEqual([
    false,
    false,
    true,
  ])
})
