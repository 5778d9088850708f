import { beforeEach, describe, expect, it } from "vitest"
import type { FrozenGraph } from "#core/flow/frozen"
import type { ModelRequest } from "#durable/execution/ports"
import { answers, asked, call, crewFlow, member, says } from "./agents-kit.ts"
import { fork, recalled, retry } from "./debugging-kit.ts"
import { freshStub, journal, start, type Stub } from "./kit.ts"
import { world } from "./worker.ts"

beforeEach(() => {
  world.agents = undefined
  world.calls.length = 0
})

const members = [member("boss"), member("writer")]
const topic = { topic: "harbours" }

/** A boss who may hand on so often, in the whole of the task. */
const crew = (max_delegations: number): FrozenGraph =>
  crewFlow({
    members,
    collaboration_pattern: "hierarchical",
    tasks: [{ id: "report", description: "Report on {{ input.topic }}." }],
    config: {
      manager: "boss",
      delegation: [{ from: "boss", to: "writer" }],
      max_delegations,
    },
  })

const part = (n: number) => call("delegate_to_writer", { task: `Part ${n}` })

/** Hands one part on in each turn, however often it is told that it may not; then tells what it was answered. */
const oneAfterTheOther = (request: ModelRequest) => {
  if (asked(request) !== "boss") return says("done")
  const said = answers(request)
  return said.length < 3 ? says("", part(said.length + 1)) : says(said.join("\n"))
}

/** Hands all parts on at once. */
const allAtOnce = (request: ModelRequest) => {
  if (asked(request) !== "boss") return says("done")
  const said = answers(request)
  return said.length === 0 ? says("", part(1), part(2), part(3)) : says(said.join("\n"))
}

const handedOn = async (stub: Stub, id: Parameters<typeof journal>[1]): Promise<string[]> =>
  (await journal(stub, id)).flatMap((event) => (event.type === "agent.delegated" ? [event.data.task] : []))

const asks = () => world.calls.map(asked)

describe("how often work may be handed on", () => {
  it.each([
    ["after both", "team/report[2]/think", [], ["boss", "boss"]],
    ["between them", "team/report[1]/think", ["Part 2"], ["boss", "writer", "boss", "boss"]],
    [
      "before them",
      "team/report[0]/think",
      ["Part 1", "Part 2"],
      ["boss", "writer", "boss", "writer", "boss", "boss"],
    ],
  ])("[CR14] holds in a fork %s as in the execution that it is of", async (_, at, anew, spoke) => {
    const stub = freshStub()
    const flow = crew(2)
    world.agents = oneAfterTheOther
    const first = await start(stub, flow, topic)
    expect(await handedOn(stub, first.execution_id)).toEqual(["Part 1", "Part 2"])
    expect(first.outputs).toMatch(/^done\ndone\n.*handed on 2 times/)
    world.calls.length = 0
    const again = await fork(stub, flow, first.execution_id, at)
    expect(again).toMatchObject({ status: "succeeded", outputs: first.outputs })
    expect(await handedOn(stub, again.execution_id)).toEqual(anew)
    expect(asks()).toEqual(spoke)
  })

  it("[CR15] holds in a fork in the middle of a turn: the calls before it count, once", async () => {
    const stub = freshStub()
    const flow = crew(2)
    world.agents = allAtOnce
    const first = await start(stub, flow, topic)
    expect(first.outputs).toMatch(/^done\ndone\n.*handed on 2 times/)
    const { nodes } = await recalled(stub, first.execution_id)
    const calls = Object.keys(nodes).filter((key) => /^team\/report\[0\]\/calls\[\d\]\/check$/.test(key))
    expect(calls).toHaveLength(3)
    for (const key of [...calls, "team/report[0]/calls[1]/to_writer[0]/think"]) {
      world.calls.length = 0
      const again = await fork(stub, flow, first.execution_id, key)
      expect([key, again.status, again.outputs]).toEqual([key, "succeeded", first.outputs])
      expect([key, asks().filter((one) => one === "writer").length <= 2]).toEqual([key, true])
    }
  })

  it("[CR16] holds in a retry from the step that failed", async () => {
    const stub = freshStub()
    const flow = crew(2)
    const broken = Object.assign(new Error("No such model."), { code: "model.not_found", retry: false })
    world.agents = (request) => {
      // It breaks when the second part has come back.
      if (asked(request) === "boss" && answers(request).length === 2) throw broken
      return oneAfterTheOther(request)
    }
    const failed = await start(stub, flow, topic)
    expect(failed).toMatchObject({ status: "failed", error: { code: "model.not_found" } })
    expect(await handedOn(stub, failed.execution_id)).toEqual(["Part 1", "Part 2"])
    world.calls.length = 0
    world.agents = oneAfterTheOther
    const again = await retry(stub, flow, failed.execution_id)
    expect(again.status).toBe("succeeded")
    expect(again.outputs).toMatch(/^done\ndone\n.*handed on 2 times/)
    expect(await handedOn(stub, again.execution_id)).toEqual([])
    expect(asks()).toEqual(["boss", "boss"])
  })

  it("[CR17] counts what a fork of a fork took over as once as the first did", async () => {
    const stub = freshStub()
    const flow = crew(3)
    world.agents = (request) => {
      if (asked(request) !== "boss") return says("done")
      const said = answers(request)
      return said.length < 4 ? says("", part(said.length + 1)) : says(said.join("\n"))
    }
    const first = await start(stub, flow, topic)
    expect(first.outputs).toMatch(/^done\ndone\ndone\n.*handed on 3 times/)
    const second = await fork(stub, flow, first.execution_id, "team/report[2]/think")
    const third = await fork(stub, flow, second.execution_id, "team/report[2]/think")
    const fourth = await fork(stub, flow, third.execution_id, "team/report[3]/think")
    for (const one of [second, third, fourth])
      expect(one).toMatchObject({ status: "succeeded", outputs: first.outputs })
    expect(await handedOn(stub, third.execution_id)).toEqual(["Part 3"])
    expect(await handedOn(stub, fourth.execution_id)).toEqual([])
  })
})
