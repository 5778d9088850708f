import { abortAllDurableObjects } from "cloudflare:test"
import { beforeEach, describe, expect, it } from "vitest"
import type { CredentialUse } from "#core/execution/uses"
import type { FrozenGraph } from "#core/flow/frozen"
import type { ExecutionId } from "#core/ids"
import type { JsonObject } from "#core/json"
import type { ToolDefinition } from "#core/tool/tool"
import { around, graph, settled } from "./flows-kit.ts"
import { edge, EXECUTION, freshStub, laneOf, node, start, until } from "./kit.ts"
import { world } from "./worker.ts"

const cred = "cred_01JD0000000000000000000000"
const other = "cred_01JD0000000000000000000001"

beforeEach(() => {
  world.uses.length = 0
  world.requests.length = 0
  world.failures = 0
  world.lost = 0
  world.addresses.clear()
})

const request = (more: JsonObject = {}) =>
  node("ask", "http", { url: "https://x.test/used", method: "GET", ...more })
const asking = (more: JsonObject = {}) =>
  graph([node("in", "input"), request(more), node("out", "output")], [edge("in", "ask"), edge("ask", "out")])

/** What has reached the database once nothing more is on its way, and as often as it did. */
async function delivered(id: ExecutionId): Promise<CredentialUse[]> {
  await until(() => world.rows.get(id)?.finished_at != null)
  return world.uses.filter((use) => use.execution_id === id)
}
const told = (uses: CredentialUse[]) =>
  uses.map(({ credential_id, node_id, within, count }) => [credential_id, node_id, within, count])

const executed = async (flow: FrozenGraph, inputs: JsonObject = {}) => {
  const stub = freshStub()
  const { execution_id } = await start(stub, flow, inputs)
  await settled(stub, execution_id)
  return execution_id
}

const tool = (
  kind: "http" | "mcp" | "container",
  config: JsonObject,
  credentials: JsonObject,
): ToolDefinition =>
  ({
    id: "tool_01JD0000000000000000000002",
    kind,
    name: "order",
    description: "Looks up an order",
    input_schema: { type: "object" },
    risk: "read",
    needs_approval: false,
    credentials,
    execution_config: config,
  }) as unknown as ToolDefinition
const calling = (one: ToolDefinition): FrozenGraph => ({
  ...graph(
    [node("in", "input"), node("order", "tool", { tool_id: one.id, inputs: {} }), node("out", "output")],
    [edge("in", "order"), edge("order", "out")],
  ),
  tools: { [one.id]: one },
})

describe("the use of a credential", () => {
  it("[CU1] by a request is told once, with who started it and where", async () => {
    const id = await executed(asking({ credentials: cred }))
    expect(await delivered(id)).toEqual([
      expect.objectContaining({
        credential_id: cred,
        execution_id: id,
        flow_id: "flow_01JD0000000000000000000000",
        actor: "user_x",
        node_id: "ask",
        within: undefined,
        count: 1,
      }),
    ])
  })

  it("[CU2] in a map is told once for all items, and not at all where there is none", async () => {
    const map = node("each", "map", { items: "[1,2,3]" })
    const id = await executed(around(map, [request({ credentials: cred })]))
    expect(told(await delivered(id))).toEqual([[cred, "each", "each/ask", 3]])
    expect(told(await delivered(await executed(around(map, [request()]))))).toEqual([])
  })

  it("[CU3] by a tool is told of each credential that is named: of its own, in headers, in a program's environment", async () => {
    const headers = { "x-key": "{{ credentials.key }}", "x-again": "{{ credentials.key }}" }
    const config = { headers, credential_id: cred }
    const names = { key: other, unused: "cred_01JD0000000000000000000002" }
    const http = tool("http", { method: "GET", url: "https://x.test/used", query: {}, ...config }, names)
    const mcp = tool("mcp", { url: "https://mcp.test/mcp", tool_name: "order", ...config }, names)
    for (const one of [http, mcp])
      expect(told(await delivered(await executed(calling(one))))).toEqual([
        [cred, "order", undefined, 1],
        [other, "order", undefined, 1],
      ])
    const program = {
      runtime: "bash",
      source: "true",
      files: [],
      env: { KEY: "{{ credentials.key }}" },
      egress: [],
      timeout_seconds: 10,
    }
    const container = calling(tool("container", program, names))
    expect(told(await delivered(await executed(container)))).toEqual([[other, "order", undefined, 1]])
  })

  it("[CU4] that failed is a use, and each attempt counts", async () => {
    world.addresses.set("/used", () =>
      Promise.reject(Object.assign(new Error("busy"), { code: "http.status_503", retry: true })),
    )
    const id = await executed(
      asking({ credentials: cred, retry: { max_attempts: 3, backoff_ms: 1, on: ["http"] } }),
    )
    expect(told(await delivered(id))).toEqual([[cred, "ask", undefined, 3]])
    expect([world.rows.get(id)?.status, world.requests.length]).toEqual(["failed", 3])
  })

  it("[CU5] is none in a replay, where nothing is sent", async () => {
    const source = await executed(asking({ credentials: cred }))
    expect(told(await delivered(source))).toHaveLength(1)
    const stub = freshStub()
    const { execution_id } = await start(
      stub,
      asking({ credentials: cred }),
      {},
      {
        replay_of: source,
        recorded: { ask: { output: null, handles: ["out"] } },
      },
    )
    await settled(stub, execution_id)
    expect(await delivered(execution_id)).toEqual([])
  })

  it("[CU6] comes again to the letter when nobody heard that it has arrived", async () => {
    world.failures = 1
    world.lost = 2
    const id = await executed(asking({ credentials: cred }))
    await until(() => world.uses.length === 3, 15_000)
    const uses = await delivered(id)
    expect(uses).toEqual([uses[0], uses[0], uses[0]])
    expect(told(uses)[0]).toEqual([cred, "ask", undefined, 1])
  })

  it("[CU7] that a crash cut off is told with the attempt after it", async () => {
    world.addresses.set("/used", () => new Promise(() => {}))
    const doomed = freshStub()
    const { execution_id: id } = await start(doomed, asking({ credentials: cred }), {}, { wait_ms: 0 })
    await until(() => world.requests.length === 1)
    await abortAllDurableObjects()
    world.addresses.clear()
    const stub = EXECUTION.get(doomed.id)
    await laneOf(stub).get(id)
    await settled(stub, id)
    expect(told(await delivered(id))).toEqual([[cred, "ask", undefined, 2]])
  })
})
