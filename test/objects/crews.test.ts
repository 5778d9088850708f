import { abortAllDurableObjects } from "cloudflare:test"
import { beforeEach, describe, expect, it } from "vitest"
import { replay } from "#core/execution/reduce"
import type { ExecutionId } from "#core/ids"
import type { JsonObject } from "#core/json"
import type { ModelRequest } from "#durable/execution/ports"
import { answers, asked, call, crewFlow, httpTool, member, says } from "./agents-kit.ts"
import { settled, stateOf } from "./flows-kit.ts"
import { EXECUTION, freshStub, journal, laneOf, start, until, type Stub } from "./kit.ts"
import { world } from "./worker.ts"

beforeEach(() => {
  world.agents = undefined
  world.calls.length = 0
  world.requests.length = 0
  world.addresses.clear()
})

const taskOf = ({ call: { messages } }: ModelRequest): string => {
  const task = messages.findLast((one) => one.role === "user" && !one.content.startsWith("This answer"))
  return task?.content ?? ""
}
const prompts = (position: string) => world.calls.filter((one) => asked(one) === position).map(taskOf)
const finalState = async (stub: Stub, id: ExecutionId) => replay(await journal(stub, id))

const research = { id: "research", description: "Find out about {{ input.topic }}.", position: "researcher" }
const write = { id: "write", description: "Write about it.", position: "writer" }
const members = [member("researcher"), member("writer"), member("critic")]
const topic = { topic: "harbours" }

describe("a sequential crew", () => {
  it("[CR1] does one task after another, each with what came before", async () => {
    const stub = freshStub()
    world.agents = (request) => says(`${asked(request)} done`)
    const review = {
      id: "review",
      description: "Compare {{ tasks.research }} with the text.",
      expected_output: "One sentence.",
      position: "critic",
      context: ["research", "write"],
    }
    const run = await start(stub, crewFlow({ members, tasks: [research, write, review] }), topic)
    expect(run).toMatchObject({ status: "succeeded", outputs: "critic done" })
    expect(prompts("researcher")).toEqual(["Find out about harbours."])
    expect(prompts("writer")).toEqual(["Write about it.\n\nWhat research came to:\nresearcher done"])
    expect(prompts("critic")).toEqual([
      "Compare researcher done with the text.\n\nWhat is expected: One sentence.\n\nWhat research came to:\nresearcher done\n\nWhat write came to:\nwriter done",
    ])
    expect(run.outputs).toBe("critic done")
    const { nodes, cost_micros } = await finalState(stub, run.execution_id)
    expect(nodes["team/write"]?.output).toBe("writer done")
    expect(nodes["team/write[0]/think"]?.cost_micros).toBe(10)
    expect(cost_micros).toBe(30)
  })

  it("[CR2] holds a task to its own schema and guardrails", async () => {
    const output_schema = { type: "object", properties: { n: { type: "integer" } }, required: ["n"] }
    const guardrails = [{ type: "expression", when: "output.n > 2", message: "More than two." }]
    let said = 0
    world.agents = () => says(JSON.stringify({ n: ++said }))
    const tasks = [{ ...research, output_schema, guardrails }]
    expect(await start(freshStub(), crewFlow({ members, tasks }), topic)).toMatchObject({
      status: "succeeded",
      outputs: { n: 3 },
    })
  })

  it("[CR3] repeats a task that a person sends back, with the words", async () => {
    const stub = freshStub()
    let drafts = 0
    world.agents = (request) => says(asked(request) === "writer" ? `draft ${++drafts}` : "facts")
    const tasks = [research, { ...write, needs_approval: true }]
    const { execution_id } = await start(stub, crewFlow({ members, tasks }), topic, { wait_ms: 0 })
    for (const [button, form] of [
      ["send_back", { words: "Shorter, please." }],
      ["accept", {}],
    ] as [string, JsonObject][]) {
      await until(async () => (await stateOf(stub, execution_id)).execution.status === "waiting")
      const { nodes } = await stateOf(stub, execution_id)
      const asks = nodes.find((one) => one.status === "waiting")!
      expect(asks.input).toMatchObject({ message: `draft ${drafts}` })
      const by = { actor: "user_b", names: ["user_b"] }
      await laneOf(stub).answerApproval(execution_id, asks.approval_id!, { button, form, by })
    }
    expect(await settled(stub, execution_id)).toMatchObject({ status: "succeeded", outputs: "draft 2" })
    expect(prompts("writer")[1]).toContain("It was:\ndraft 1\n\nWhat was said of it: Shorter, please.")
    expect(prompts("researcher")).toHaveLength(1)
  })

  it("[CR4] refuses an input that does not fit", async () => {
    const input_schema = { type: "object", properties: { topic: { type: "string" } }, required: ["topic"] }
    const run = await start(freshStub(), crewFlow({ members, tasks: [research], input_schema }), { topic: 5 })
    expect(run.error).toMatchObject({ code: "crew.input_invalid", node_id: "team" })
  })
})

describe("a parallel crew", () => {
  it("[CR5] does its tasks at the same time, but for those that need others", async () => {
    let now = 0
    let most = 0
    world.agents = async function* (request) {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 10))
      now--
      yield* says(`${asked(request)} done`)
    }
    const both = { id: "both", description: "Join.", position: "critic", context: ["research", "write"] }
    const crew = { members, collaboration_pattern: "parallel" as const, tasks: [research, write, both] }
    const run = await start(freshStub(), crewFlow(crew), topic)
    expect(run.outputs).toEqual({ research: "researcher done", write: "writer done", both: "critic done" })
    expect(most).toBe(2)
    expect(prompts("writer")).toEqual(["Write about it."])
  })
})

describe("a debate", () => {
  it("[CR6] goes through its rounds, everybody having heard the ones before; the judge decides", async () => {
    const stub = freshStub()
    world.agents = (request) => {
      const round = /round (\d) of a debate/.exec(taskOf(request))?.[1]
      return says(round ? `${asked(request)} ${round}` : "Yes.")
    }
    const crew = {
      members: [...members, member("judge")],
      collaboration_pattern: "debate" as const,
      tasks: [{ id: "motion", description: "Is {{ input.topic }} right?" }],
      config: { judge: "judge", rounds: 2 },
    }
    const run = await start(stub, crewFlow(crew), topic)
    expect(run).toMatchObject({ status: "succeeded", outputs: "Yes." })
    expect(world.calls).toHaveLength(7)
    const first = "\n\nRound 1:\n\nresearcher: researcher 1\n\nwriter: writer 1\n\ncritic: critic 1"
    expect(prompts("writer")[0]).not.toContain("said so far")
    expect(prompts("writer")[1]).toContain(`What was said so far:\n${first}`)
    expect(prompts("judge")[0]).toContain(`${first}\n\nRound 2:\n\nresearcher: researcher 2`)
  })
})

describe("a hierarchical crew", () => {
  const hierarchical = (config: JsonObject = {}, more: JsonObject[] = []) =>
    crewFlow({
      members: [member("boss"), ...members],
      collaboration_pattern: "hierarchical",
      tasks: [{ id: "report", description: "Report on {{ input.topic }}." }, ...more],
      config: { manager: "boss", ...config },
    })

  it("[CR7] has a manager who hands work to the others and puts it together", async () => {
    const stub = freshStub()
    world.agents = (request) => {
      if (asked(request) !== "boss") return says(`${asked(request)}: ${taskOf(request)}`)
      const said = answers(request)
      return said.length === 0
        ? says(
            "",
            call("delegate_to_researcher", { task: "Dig.", context: "Since 1900." }),
            call("delegate_to_writer", { task: "Draft." }),
          )
        : says(said.join(" + "))
    }
    const run = await start(stub, hierarchical(), topic)
    expect(run.outputs).toBe("researcher: Dig.\n\nWhat you should know:\nSince 1900. + writer: Draft.")
    const events = await journal(stub, run.execution_id)
    expect(events.filter((one) => one.type === "agent.delegated").map((one) => one.data)).toEqual([
      { from: "boss", to: "researcher", to_node: "to_researcher", task: "Dig." },
      { from: "boss", to: "writer", to_node: "to_writer", task: "Draft." },
    ])
    const { nodes, cost_micros } = replay(events)
    expect(nodes["team/report[0]/calls[0]/to_researcher[0]/think"]?.status).toBe("succeeded")
    expect(cost_micros).toBe(40)
    const boss = world.calls.find((one) => asked(one) === "boss")!
    expect(boss.call.tools?.map((one) => one.name)).toEqual([
      "delegate_to_researcher",
      "delegate_to_writer",
      "delegate_to_critic",
    ])
    expect(world.calls.filter((one) => asked(one) !== "boss").map((one) => one.call.tools)).toEqual([
      undefined,
      undefined,
    ])
  })

  it("[CR8] lets work go round in a circle no deeper than it may", async () => {
    const delegation = [
      { from: "boss", to: "writer" },
      { from: "writer", to: "boss" },
    ]
    world.agents = (request) => {
      const to = asked(request) === "boss" ? "writer" : "boss"
      const { tools } = request.call
      if (answers(request).length > 0 || !tools) return says(`${asked(request)} says so`)
      return says("", call(`delegate_to_${to}`, { task: "You do it." }))
    }
    const run = await start(freshStub(), hierarchical({ delegation, max_depth: 3 }), topic)
    expect(run).toMatchObject({ status: "succeeded", outputs: "boss says so" })
    // boss, writer, boss, writer, who has nobody left; then each answers.
    expect(world.calls.map(asked)).toEqual(["boss", "writer", "boss", "writer", "boss", "writer", "boss"])
  })

  it("[CR9] lets no more be handed on than it may, nor to whom no edge leads", async () => {
    let n = 0
    world.agents = (request) => {
      if (asked(request) !== "boss") return says("done")
      const said = answers(request)
      if (said.length > 0) return says(said.join("\n"))
      const calls = [1, 2, 3].map(() => call("delegate_to_writer", { task: `Part ${++n}` }))
      return says("", ...calls, call("delegate_to_critic", { task: "Judge." }))
    }
    const delegation = [{ from: "boss", to: "writer" }]
    const run = await start(freshStub(), hierarchical({ delegation, max_delegations: 2 }), topic)
    const said = (run.outputs as string).split("\n")
    expect(said.slice(0, 2)).toEqual(["done", "done"])
    expect(said[2]).toContain("handed on 2 times")
    expect(said[3]).toContain("There is no tool delegate_to_critic for you. You have delegate_to_writer.")
  })

  it("[CR10] asks a colleague whose work costs more than the edge allows for its answer, stops one that has none, and tells the manager", async () => {
    const crew = hierarchical({ delegation: [{ from: "boss", to: "writer", max_cost_micros: 15 }] })
    const [frozen] = Object.values(crew.crews!)
    frozen!.members.find((one) => one.position === "writer")!.agent.tools = [httpTool("look")]
    let n = 0
    world.agents = (request) => {
      if (asked(request) === "writer") return says("", call("look", { id: `${n++}` }))
      const said = answers(request)
      return said.length === 0 ? says("", call("delegate_to_writer", { task: "Go." })) : says(said.join())
    }
    const run = await start(freshStub(), crew, topic)
    expect(run).toMatchObject({
      status: "succeeded",
      outputs: "The task has cost 30 micro-USD; it may cost 15.",
    })
    // Twice with tools, and once more without: it calls one all the same.
    expect(n).toBe(3)
    const offered = world.calls
      .filter((one) => asked(one) === "writer")
      .map(({ call }) => call.tools !== undefined)
    expect(offered).toEqual([true, true, false])
  })

  it("[CR11] loses nothing when the server is gone while a colleague works", async () => {
    const doomed = freshStub()
    const plan = (hangs: boolean) =>
      async function* (request: ModelRequest) {
        if (asked(request) === "boss") {
          const said = answers(request)
          const calls = [
            call("delegate_to_researcher", { task: "Dig." }),
            call("delegate_to_writer", { task: "Draft." }),
          ]
          yield* said.length === 0 ? says("", ...calls) : says(said.join(" + "))
          return
        }
        if (hangs && asked(request) === "writer") {
          yield { type: "started", model: "fake" } as const
          await new Promise<never>(() => {})
        }
        yield* says(`${asked(request)} done`)
      }
    world.agents = plan(true)
    const { execution_id } = await start(doomed, hierarchical(), topic, { wait_ms: 0 })
    const researched = "team/report[0]/calls[0]/to_researcher"
    await until(
      async () => (await finalState(doomed, execution_id)).nodes[researched]?.status === "succeeded",
    )
    await until(() => world.calls.length === 3)
    await abortAllDurableObjects()
    world.agents = plan(false)
    const stub = EXECUTION.get(doomed.id)
    await laneOf(stub).get(execution_id)
    expect(await settled(stub, execution_id)).toMatchObject({
      status: "succeeded",
      outputs: "researcher done + writer done",
    })
    // The boss twice, the researcher once, the writer once more.
    expect(world.calls.map(asked).toSorted()).toEqual(["boss", "boss", "researcher", "writer", "writer"])
  })
})

describe("what a crew has come to", () => {
  it("[CR12] is taken over by a retry: only what failed is done anew", async () => {
    const { carryOver, unfinished } = await import("#core/execution/carry-over")
    const { planOf } = await import("#core/flow/plan")
    const stub = freshStub()
    world.agents = (request) => {
      if (asked(request) === "researcher") return says("facts")
      throw Object.assign(new Error("No such model."), { code: "model.not_found", retry: false })
    }
    const flow = crewFlow({ members, tasks: [research, write] })
    const failed = await start(stub, flow, topic)
    expect(failed).toMatchObject({ status: "failed", error: { code: "model.not_found", node_id: "think" } })
    const seed = carryOver(await finalState(stub, failed.execution_id), planOf(flow), unfinished)
    world.calls.length = 0
    world.agents = (request) => says(`${asked(request)} done`)
    const again = await start(stub, flow, topic, { seed, retry_of: failed.execution_id })
    expect(again).toMatchObject({ status: "succeeded", outputs: "writer done" })
    expect(world.calls.map(asked)).toEqual(["writer"])
    expect(prompts("writer")[0]).toContain("facts")
  })

  it("[CR13] is replayed without asking anybody", async () => {
    const stub = freshStub()
    world.agents = (request) =>
      asked(request) === "writer" && answers(request).length === 0
        ? says("", call("look", { id: "a" }))
        : says(answers(request).at(-1) ?? "facts")
    const flow = crewFlow({
      members: [member("researcher"), member("writer", { tools: [httpTool("look")] })],
      tasks: [research, write],
    })
    const first = await start(stub, flow, topic)
    const { nodes } = await finalState(stub, first.execution_id)
    const recorded = Object.fromEntries(
      Object.entries(nodes).flatMap(([key, node]) =>
        node.model !== undefined || node.tool !== undefined
          ? [[key, { output: node.output ?? null, handles: [...node.handles] }]]
          : [],
      ),
    )
    world.calls.length = 0
    world.requests.length = 0
    const again = await start(stub, flow, topic, { recorded, replay_of: first.execution_id })
    expect(again).toMatchObject({ status: "succeeded", outputs: '{"ok":true}' })
    expect([world.calls.length, world.requests.length]).toEqual([0, 0])
  })
})
