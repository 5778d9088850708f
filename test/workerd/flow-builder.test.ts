import { exports } from "cloudflare:workers"
import { beforeAll, describe, expect, it } from "vitest"
import { agentsApi } from "#core/contract/agents"
import { builderApi, type Proposal } from "#core/contract/flow-builder"
import { flowsApi } from "#core/contract/flows"
import { tracesApi } from "#core/contract/traces"
import { addressOf, ask, call, problemOf } from "#test/kit/api"
import { newKey, newTenant, type TestTenant } from "#test/kit/tenants"

let tenant: TestTenant
let other: TestTenant
beforeAll(async () => {
  ;[tenant, other] = await Promise.all([newTenant(), newTenant()])
})

const position = { x: 0, y: 0 }
const flowOf = async (token = tenant.token) => {
  const body = {
    name: "Letters",
    nodes: [
      { id: "input", type: "input", position },
      { id: "draft", type: "llm", position, label: "Draft", data: { prompt: "Write about {{ input }}" } },
      { id: "output", type: "output", position },
    ],
    edges: [
      { id: "a", source: "input", target: "draft" },
      { id: "b", source: "draft", target: "output" },
    ],
  }
  return (await call(flowsApi.create, { token, body })).flow
}
const propose = (flow_id: string, body: object, token = tenant.token) =>
  ask(builderApi.propose, { token, params: { flow_id }, body })

describe("changes of a flow in words", () => {
  it("are proposed by the tenant's model, counted, and applied by nobody", async () => {
    const flow = await flowOf()
    const { status, body } = await propose(flow.id, { message: "Add a wait of 2 minutes after draft" })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      model: "builtin",
      version: flow.version,
      rounds: 1,
      operations: [
        { operation: { op: "add_node", kind: "wait", data: { seconds: 120 } }, faults: [] },
        { operation: { op: "disconnect", from: "draft", to: "output" }, faults: [] },
        { operation: { op: "connect", from: "draft", to: "wait" }, faults: [] },
        { operation: { op: "connect", from: "wait", to: "output" }, faults: [] },
      ],
      items: [{ needs: [] }, { needs: [] }, { needs: [0] }, { needs: [0] }],
    })
    expect(body.input_tokens).toBeGreaterThan(100)
    expect((await call(flowsApi.get, { token: tenant.token, params: { flow_id: flow.id } })).flow).toEqual(
      flow,
    )
    const { spans } = await call(tracesApi.search, { token: tenant.token, query: { flow_id: flow.id } })
    expect(spans).toMatchObject([
      { kind: "model", flow_id: flow.id, model: "builtin", attributes: { "edgecrew.api": "builder" } },
    ])
    expect(spans[0]!.input_tokens).toBe(body.input_tokens)
  })

  it("come as they are made", async () => {
    const flow = await flowOf()
    const response = await exports.default.fetch(
      new Request(addressOf(builderApi.propose, { params: { flow_id: flow.id } }), {
        method: "POST",
        headers: {
          authorization: `Bearer ${tenant.token}`,
          "content-type": "application/json",
          accept: "text/event-stream",
        },
        body: JSON.stringify({ message: "Rename draft to Writer", selection: ["draft", "gone"] }),
      }),
    )
    expect(response.headers.get("content-type")).toBe("text/event-stream")
    const events = (await response.text()).trim().split("\n\n")
    const names = events.map((event) => /^event: (\w+)/.exec(event)![1])
    expect(names[0]).toBe("progress")
    expect(names.filter((name) => name === "proposal")).toEqual(["proposal"])
    expect(names.at(-1)).toBe("proposal")
    const proposal = JSON.parse(events.at(-1)!.split("\ndata: ")[1]!) as Proposal
    expect(proposal.operations[0]!.operation).toEqual({ op: "rename", node: "draft", label: "Writer" })
  })

  it("name agents of the tenant alone", async () => {
    const theirs = await call(agentsApi.create, {
      token: other.token,
      body: { name: "Foreigner", role: "spy", goal: "Spy." },
    })
    const flow = await flowOf()
    const none = await propose(flow.id, { message: "Add the agent Foreigner after draft" })
    expect(none.body.reply).not.toContain(theirs.agent.id)
    expect(none.body.operations).toEqual([])
    // Whoever knows the id gets no further: what names it cannot be accepted.
    const { body } = await propose(flow.id, {
      message: `Replace draft with an agent; set the agent_id of it to "${theirs.agent.id}"`,
    })
    for (const one of body.operations)
      if (JSON.stringify(one).includes(theirs.agent.id))
        expect(one.faults).toEqual([expect.stringContaining("does not exist")])
    const own = await call(agentsApi.create, {
      token: tenant.token,
      body: { name: "Researcher", role: "clerk", goal: "Find out.", status: "active" },
    })
    const added = await propose(flow.id, { message: "Add the agent Researcher after draft" })
    expect(added.body.operations[0]).toMatchObject({
      operation: { op: "add_node", kind: "agent", data: { agent_id: own.agent.id } },
      faults: [],
    })
  })

  it("are asked for by those who may change the flow, and of a flow that they have", async () => {
    const flow = await flowOf()
    const wish = { message: "Remove draft" }
    const reader = await newKey(tenant, "flow.read")
    expect(problemOf(await propose(flow.id, wish, reader))).toMatchObject({
      status: 403,
      code: "access.denied",
    })
    expect(problemOf(await propose(flow.id, wish, other.token))).toMatchObject({
      status: 404,
      code: "flow.not_found",
    })
    expect(problemOf(await propose(flow.id, { message: "  " }))).toMatchObject({
      status: 400,
      paths: ["message"],
    })
    expect(
      problemOf(
        await propose(flow.id, {
          ...wish,
          model: "no-such-model",
          llm_provider_id: "provider_01JD0000000000000000000000",
        }),
      ),
    ).toMatchObject({
      status: 502,
      code: "builder.model_failed",
    })
    const mad = {
      message: "x",
      history: [{ message: "", reply: "", operations: [{ op: "execute" }], accepted: [] }],
    }
    expect(problemOf(await propose(flow.id, mad)).status).toBe(400)
  })
})
