import { beforeEach, describe, expect, it } from "vitest"
import type { FrozenGraph } from "#core/flow/frozen"
import type { ExecutionId } from "#core/ids"
import type { JsonObject } from "#core/json"
import { ProgramFailure } from "#core/tool/program"
import type { ToolDefinition } from "#core/tool/tool"
import type { RunProgram } from "#durable/execution/program-port"
import { agentFlow, agentOf, answers, call, httpTool, onceCalling, says } from "./agents-kit.ts"
import { settled, stateOf, statusOf } from "./flows-kit.ts"
import { edge, freshStub, journal, laneOf, node, start, until, type Stub } from "./kit.ts"
import { world } from "./worker.ts"

beforeEach(() => {
  world.agents = undefined
  world.program = undefined
  world.programs.length = 0
  world.requests.length = 0
  world.addresses.clear()
})

const line = (...steps: FrozenGraph["nodes"]): FrozenGraph => {
  const nodes = [node("in", "input"), ...steps, node("out", "output")]
  const edges = nodes.slice(1).map((one, i) => edge(nodes[i]!.id, one.id))
  return { nodes, edges, settings: {} }
}
const source = "export default (input, context) => input"
const codeFlow = (more: JsonObject = {}) => line(node("sum", "code", { source, ...more }))

const toolId = "tool_01JD0000000000000000000002"
const tool = (kind: "isolate" | "container", config: JsonObject, more: JsonObject = {}): ToolDefinition =>
  ({
    id: toolId,
    kind,
    name: "crunch",
    description: "Crunches numbers",
    input_schema: {
      type: "object",
      properties: { n: { type: "number" }, unit: { type: "string", default: "m" } },
      required: ["n"],
      additionalProperties: false,
    },
    risk: "read",
    needs_approval: false,
    execution_config: config,
    ...more,
  }) as unknown as ToolDefinition
const container = (config: JsonObject = {}, more: JsonObject = {}) =>
  tool(
    "container",
    { runtime: "python", source: "print()", files: [], env: {}, egress: [], timeout_seconds: 30, ...config },
    more,
  )
const toolFlow = (one: ToolDefinition, data: JsonObject = {}): FrozenGraph => ({
  ...line(node("crunch", "tool", { tool_id: one.id, inputs: { n: "{{ input.n }}" }, ...data })),
  tools: { [one.id]: one },
})

/** What a person is asked. */
const question = async (stub: Stub, id: ExecutionId) => {
  const event = (await journal(stub, id)).find((one) => one.type === "approval.requested")
  if (!event) throw new Error("nobody is asked")
  return event.data
}

/** A program that goes on until it is stopped. */
const endless: RunProgram = (_, signal) =>
  new Promise((__, reject) => signal.addEventListener("abort", () => reject(signal.reason)))

describe("a code node", () => {
  it("[PR1] gives what arrives to its function, and what it returns to the next", async () => {
    world.program = async ({ program }) => ({
      result: { twice: ((program.input as JsonObject)["n"] as number) * 2 },
      artifacts: [],
    })
    const run = await start(freshStub(), codeFlow(), { n: 21 })
    expect(run).toMatchObject({ status: "succeeded", outputs: { twice: 42 } })
    expect(world.programs[0]).toMatchObject({
      step: "sum",
      idempotency_key: `${run.execution_id}::sum`,
      run_key: `${run.execution_id}::sum:1`,
      program: {
        kind: "isolate",
        source,
        input: { n: 21 },
        context: { input: { n: 21 }, nodes: { in: { n: 21 } } },
        limits: { wall_ms: 10_000 },
      },
    })
  })

  it("[PR2] tells what its code prints, by stream and in order", async () => {
    const stub = freshStub()
    world.program = async (_, __, log) => {
      log("stdout", "one\n")
      log("stderr", "oh\n")
      log("stdout", "two\n")
      return { result: null, artifacts: [] }
    }
    const run = await start(stub, codeFlow())
    const state = await stateOf(stub, run.execution_id)
    expect(state.logs.map(({ level, message, stream }) => [level, message, stream])).toEqual([
      ["info", "one\n", "stdout"],
      ["warning", "oh\n", "stderr"],
      ["info", "two\n", "stdout"],
    ])
  })

  it("[PR3] says it is too much when more is printed than a journal should hold", async () => {
    const stub = freshStub()
    world.program = async (_, __, log) => {
      for (let i = 0; i < 400; i++) log("stdout", "x".repeat(1_000))
      return { result: 1, artifacts: [] }
    }
    const run = await start(stub, codeFlow())
    const { logs } = await stateOf(stub, run.execution_id)
    expect(logs.reduce((sum, one) => sum + one.message.length, 0)).toBeLessThan(263_000)
    expect(logs.at(-1)!.message).toContain("the rest is left out")
  })

  it("[PR4] takes the error route with the program's failure", async () => {
    world.program = () => Promise.reject(new ProgramFailure("tool.exit", "TypeError: no"))
    const graph = codeFlow({ on_error: "route" })
    graph.nodes.push(node("caught", "output"))
    graph.edges.push(edge("sum", "caught", "error"))
    const run = await start(freshStub(), graph)
    expect(run).toMatchObject({
      status: "succeeded",
      outputs: { caught: { code: "tool.exit", message: "TypeError: no" } },
    })
  })

  it("[PR5] is stopped when the execution is cancelled, and what it says then is not heard", async () => {
    const stub = freshStub()
    let late: (() => void) | undefined
    world.program = (_, signal, log) =>
      new Promise((resolve, reject) =>
        signal.addEventListener("abort", () => {
          late = () => {
            log("stdout", "too late\n")
            resolve({ result: "late", artifacts: [] })
          }
          setTimeout(() => reject(signal.reason as Error), 20)
        }),
      )
    const run = await start(stub, codeFlow(), {}, { wait_ms: 0 })
    await until(() => world.programs.length === 1)
    await laneOf(stub).cancel(run.execution_id, "user_x")
    await until(async () => (await statusOf(stub, run.execution_id)) === "cancelled")
    late?.()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect((await journal(stub, run.execution_id)).at(-1)!.type).toBe("execution.cancelled")
  })

  it("[PR6] ends at the node's time limit", async () => {
    world.program = endless
    const run = await start(freshStub(), codeFlow({ timeout_ms: 50 }))
    expect(run).toMatchObject({ status: "failed", error: { code: "step.timeout", node_id: "sum" } })
    expect(world.programs[0]!.program.limits.wall_ms).toBe(1_050)
  })

  it("[PR7] asks for another run after a failure, and for the same one after the sandbox was lost", async () => {
    let calls = 0
    world.program = async ({ run_key }) => {
      calls++
      if (calls === 1) throw new ProgramFailure("sandbox.unavailable")
      if (calls === 2) throw new ProgramFailure("sandbox.lost")
      return { result: run_key, artifacts: [] }
    }
    const run = await start(freshStub(), codeFlow({ retry: { max_attempts: 2, backoff_ms: 1, factor: 1 } }))
    expect(run.status).toBe("succeeded")
    expect(world.programs.map((one) => one.run_key.split(":").at(-1))).toEqual(["1", "2", "2"])
  })
})

describe("a tool node", () => {
  it("[PR10] calls a program with its inputs, and journals the call", async () => {
    const stub = freshStub()
    const run = await start(stub, toolFlow(container()), { n: 4 })
    expect(run).toMatchObject({ status: "succeeded", outputs: { n: 4, unit: "m" } })
    expect(world.programs[0]!.program).toMatchObject({
      kind: "container",
      runtime: "python",
      input: { n: 4 },
    })
    const events = await journal(stub, run.execution_id)
    expect(events.find((one) => one.type === "tool.started")?.data).toMatchObject({
      tool: "crunch",
      tool_id: toolId,
      kind: "container",
    })
    expect(events.some((one) => one.type === "tool.finished")).toBe(true)
  })

  it("[PR11] takes all its inputs from one expression", async () => {
    const run = await start(freshStub(), toolFlow(tool("isolate", { source }), { inputs: "{{ input }}" }), {
      n: 5,
      unit: "km",
    })
    expect(run.outputs).toEqual({ n: 5, unit: "km" })
  })

  it("[PR12] fails before anything is called when its inputs do not fit", async () => {
    const run = await start(freshStub(), toolFlow(container()), { n: "many" })
    expect(run).toMatchObject({ status: "failed", error: { code: "tool.inputs_invalid" } })
    expect(world.programs).toEqual([])
  })

  it("[PR13] fails when the answer does not fit the tool's output schema", async () => {
    const schema = { type: "object", required: ["sum"] }
    const run = await start(freshStub(), toolFlow(container({}, { output_schema: schema })), { n: 1 })
    expect(run).toMatchObject({ status: "failed", error: { code: "tool.bad_output" } })
  })

  it("[PR14] names the files that a program left", async () => {
    const files = [{ path: "r.csv", size: 3, url: "/api/v1/executions/x/artifacts/y" }]
    world.program = async () => ({ result: 7, artifacts: files })
    const run = await start(freshStub(), toolFlow(container()), { n: 1 })
    expect(run.outputs).toEqual({ result: 7, artifacts: files })
  })

  it("[PR15] sends an http tool's request, whole answer and all", async () => {
    world.addresses.set("/look", async ({ url }) => ({
      status: 200,
      headers: {},
      body: "x".repeat(70_000),
      duration_ms: 1,
      final_url: url,
    }))
    const run = await start(freshStub(), toolFlow(httpTool("look"), { inputs: { id: "a" } }))
    expect(run.outputs).toHaveLength(70_000)
  })

  it("[PR16] asks a person first where the tool says so, and goes on as they say", async () => {
    const stub = freshStub()
    const graph = toolFlow(container({}, { needs_approval: true }))
    const run = await start(stub, graph, { n: 4 }, { wait_ms: 0 })
    await until(async () => (await statusOf(stub, run.execution_id)) === "waiting")
    expect(world.programs).toEqual([])
    const asked = await question(stub, run.execution_id)
    expect(asked).toMatchObject({ title: "Call crunch?", message: expect.stringContaining('"n": 4') })
    const by = { actor: "user_x", names: ["user_x"] }
    await laneOf(stub).answerApproval(run.execution_id, asked.approval_id, { button: "allow", by })
    expect(await settled(stub, run.execution_id)).toMatchObject({ status: "succeeded", outputs: { n: 4 } })
  })

  it("[PR17] fails with a person's words when they refuse", async () => {
    const stub = freshStub()
    const run = await start(stub, toolFlow(container({}, { needs_approval: true })), { n: 4 }, { wait_ms: 0 })
    await until(async () => (await statusOf(stub, run.execution_id)) === "waiting")
    const asked = await question(stub, run.execution_id)
    const answer = { button: "refuse", form: { comment: "Not today." }, by: { actor: "u", names: ["u"] } }
    await laneOf(stub).answerApproval(run.execution_id, asked.approval_id, answer)
    expect(await settled(stub, run.execution_id)).toMatchObject({
      status: "failed",
      error: { code: "tool.refused", message: expect.stringContaining("Not today.") },
    })
    expect(world.programs).toEqual([])
  })

  it("[PR18] waits for a person's word when the sandbox is lost and its work may not be done twice", async () => {
    const stub = freshStub()
    let calls = 0
    world.program = async () => {
      if (++calls === 1) throw new ProgramFailure("sandbox.lost")
      return { result: "done", artifacts: [] }
    }
    const graph = toolFlow(container({ egress: ["api.example.com"] }))
    const run = await start(stub, graph, { n: 4 }, { wait_ms: 0 })
    await until(async () => (await statusOf(stub, run.execution_id)) === "needs_attention")
    expect(calls).toBe(1)
    await laneOf(stub).resolve(run.execution_id, { step: "crunch", action: "repeat" })
    expect(await settled(stub, run.execution_id)).toMatchObject({ status: "succeeded", outputs: "done" })
  })

  it("[PR19] goes on by itself where the tool may be repeated", async () => {
    let calls = 0
    world.program = async () => {
      if (++calls === 1) throw new ProgramFailure("sandbox.lost")
      return { result: "done", artifacts: [] }
    }
    const graph = toolFlow(container({ egress: ["api.example.com"], may_repeat: true }))
    expect(await start(freshStub(), graph, { n: 4 })).toMatchObject({ status: "succeeded", outputs: "done" })
    expect(calls).toBe(2)
  })
})

describe("a flow as a tool", () => {
  const flow_id = "flow_01JD0000000000000000000009"
  const flowTool = (more: JsonObject = {}): ToolDefinition =>
    tool("container", { flow_id }, { kind: "flow", name: "area", ...more })
  const callees = {
    [flow_id]: {
      flow_id,
      name: "Area",
      version: 1,
      graph: line(node("square", "transform", { value: "input.n * input.n" })),
    },
  }

  it("[PR20] is executed under the node that calls it", async () => {
    const stub = freshStub()
    const one = flowTool()
    const run = await start(stub, { ...toolFlow(one), callees }, { n: 3 })
    expect(run).toMatchObject({ status: "succeeded", outputs: 9 })
    const { nodes } = await stateOf(stub, run.execution_id)
    expect(nodes.find((node) => node.scope === "crunch/call" && node.node_id === "square")?.output).toBe(9)
  })

  it("[PR21] is one of an agent's tools, several at once", async () => {
    world.agents = (request) => {
      const said = answers(request)
      return said.length === 0
        ? says("", call("area", { n: 3 }), call("area", { n: 4 }))
        : says(said.join(" and "))
    }
    const graph = { ...agentFlow(agentOf({ tools: [flowTool()] })), callees }
    expect(await start(freshStub(), graph, { task: "Areas." })).toMatchObject({ outputs: "9 and 16" })
  })

  it("[PR22] tells the agent what failed in it", async () => {
    const broken = line(node("bad", "transform", { value: "$error('no area')" }))
    const graph = {
      ...agentFlow(agentOf({ tools: [flowTool()] })),
      callees: { [flow_id]: { ...callees[flow_id], graph: broken } },
    }
    world.agents = onceCalling("area", { n: 3 })
    const run = await start(freshStub(), graph, { task: "Area." })
    expect(run.outputs).toMatch(/It said: .*no area/)
  })

  it("[PR23] asks a person before an agent calls it, where it says so", async () => {
    const stub = freshStub()
    world.agents = onceCalling("area", { n: 3 })
    const graph = { ...agentFlow(agentOf({ tools: [flowTool({ needs_approval: true })] })), callees }
    const run = await start(stub, graph, { task: "Area." }, { wait_ms: 0 })
    await until(async () => (await statusOf(stub, run.execution_id)) === "waiting")
    const { approval_id } = await question(stub, run.execution_id)
    const by = { actor: "u", names: ["u"] }
    await laneOf(stub).answerApproval(run.execution_id, approval_id, { button: "allow", by })
    expect(await settled(stub, run.execution_id)).toMatchObject({ outputs: "It said: 9" })
  })
})

describe("a program among an agent's tools", () => {
  it("[PR30] answers it, or tells it why not", async () => {
    world.agents = onceCalling("crunch", { n: 2 })
    const graph = agentFlow(agentOf({ tools: [container()] }))
    expect(await start(freshStub(), graph, { task: "x" })).toMatchObject({
      outputs: 'It said: {"n":2,"unit":"m"}',
    })
    world.program = () => Promise.reject(new ProgramFailure("tool.memory_limit"))
    const run = await start(freshStub(), graph, { task: "x" })
    expect(run.outputs).toBe("It said: The program used more memory than it may.")
  })
})
