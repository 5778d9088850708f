import { abortAllDurableObjects } from "cloudflare:test"
import { beforeEach, describe, expect, it } from "vitest"
import { replay } from "#core/execution/reduce"
import { agentFlow, agentOf, answers, builtin, call, httpTool, says } from "./agents-kit.ts"
import { settled } from "./flows-kit.ts"
import { EXECUTION, freshStub, gated, journal, laneOf, start, until, type Stub } from "./kit.ts"
import { world } from "./worker.ts"

beforeEach(() => {
  world.agents = undefined
  world.calls.length = 0
  world.requests.length = 0
})

const typesOf = async (stub: Stub, id: Parameters<typeof journal>[1]) =>
  (await journal(stub, id)).map((one) => one.type)

describe("an agent", () => {
  it("[AG1] answers", async () => {
    world.agents = () => says("Blue.")
    const run = await start(freshStub(), agentFlow(agentOf()), { task: "Which colour?" })
    expect(run).toMatchObject({ status: "succeeded", outputs: "Blue." })
    const [system, task] = world.calls[0]!.call.messages
    expect(system).toMatchObject({ role: "system", content: "You are Ana, researcher." })
    expect(task).toEqual({ role: "user", content: "Which colour?" })
  })

  it("[AG2] calls tools, several at once, and is told what they answered", async () => {
    const stub = freshStub()
    world.agents = (request) => {
      const said = answers(request)
      return said.length === 0
        ? says("Let me see.", call("math", { expression: "6 * 7" }), call("look", { id: "a b" }))
        : says(said.join(" | "))
    }
    const agent = agentOf({ tools: [builtin("math"), httpTool("look")] })
    const run = await start(stub, agentFlow(agent), { task: "Count." })
    expect(run).toMatchObject({ status: "succeeded", outputs: '{"result":42} | {"ok":true}' })
    expect(world.requests.map((one) => one.url)).toEqual(["https://x.test/look?id=a b"])
    const events = await journal(stub, run.execution_id)
    expect(events.filter((one) => one.type === "agent.finished")[0]?.data).toEqual({
      agent: "Ana",
      turns: 2,
      ended: "answered",
      cost_micros: 20,
    })
    expect(events.filter((one) => one.type.startsWith("tool.")).map((one) => one.type)).toHaveLength(4)
    expect(world.calls[1]!.call.messages.slice(2)).toMatchObject([
      { role: "assistant", content: "Let me see.", tool_calls: [{ name: "math" }, { name: "look" }] },
      { role: "tool", name: "math", content: '{"result":42}' },
      { role: "tool", name: "look", content: '{"ok":true}' },
    ])
  })
})
