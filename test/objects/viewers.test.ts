import { runInDurableObject } from "cloudflare:test"
import { beforeEach, describe, expect, it } from "vitest"
import type { ExecutionEvent } from "#core/execution/event"
import { executionId, type ExecutionId } from "#core/ids"
import {
  asking,
  chance,
  edge,
  freshStub,
  gated,
  journal,
  laneOf,
  node,
  pure,
  start,
  until,
  type Stub,
} from "./kit.ts"
import { world } from "./worker.ts"

beforeEach(() => {
  world.calls.length = 0
})

describe("viewers", () => {
  const sse = async (stub: Stub, id: ExecutionId, after: number): Promise<ExecutionEvent[]> => {
    const response = await laneOf(stub).fetch(new Request(`https://execution/${id}?after=${after}`))
    const text = await response.text()
    return [...text.matchAll(/^data: (.*)$/gm)].map((match) => JSON.parse(match[1]!) as ExecutionEvent)
  }

  it("[OB17] a stream holds the whole journal, from any event on, and ends with the execution", async () => {
    const gate = gated("one ", "two")
    world.models.set("watch", gate.model)
    const stub = freshStub()
    const { execution_id } = await start(stub, asking("watch"), {}, { wait_ms: 0 })
    const streams = [sse(stub, execution_id, 0), sse(stub, execution_id, 3)]
    await until(() => world.calls.length === 1)
    gate.open()
    const [whole, rest] = await Promise.all(streams)
    const events = await journal(stub, execution_id)
    expect(whole).toEqual(events)
    expect(rest).toEqual(events.slice(3))
  })

  it("[OB18] there is nothing after the last event of what has ended", async () => {
    const stub = freshStub()
    const { execution_id } = await start(stub, pure, { text: "x" })
    const last = (await journal(stub, execution_id)).at(-1)!.seq
    expect(
      (await laneOf(stub).fetch(new Request(`https://execution/${execution_id}?after=${last}`))).status,
    ).toBe(204)
  })

  it("[OB19] a socket is sent a window, goes on with acknowledgements, and says the end", async () => {
    const long = { ...pure, nodes: [...pure.nodes], edges: [...pure.edges] }
    for (let i = 0; i < 200; i++) {
      long.nodes.push(node(`t${i}`, "transform", { value: "1" }))
      long.edges.push(edge("in", `t${i}`))
    }
    const stub = freshStub()
    const { execution_id } = await start(stub, long, { text: "x" })
    const response = await laneOf(stub).fetch(
      new Request(`https://execution/${execution_id}?after=0`, { headers: { upgrade: "websocket" } }),
    )
    const socket = response.webSocket!
    const events: ExecutionEvent[] = []
    let end: number | undefined
    socket.addEventListener("message", ({ data }) => {
      const down = JSON.parse(data as string)
      if (down.type === "events") events.push(...down.events)
      else end = down.last_seq
    })
    socket.accept()
    await until(() => events.length >= 256)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(events).toHaveLength(256)
    socket.send(JSON.stringify({ type: "ack", seq: 256 }))
    await until(() => end !== undefined)
    expect(events).toEqual(await journal(stub, execution_id))
  })

  it("[OB20] an unknown id is not found and leaves no database behind", async () => {
    const stub = freshStub()
    const id = executionId(0, Date.now(), chance)
    expect(await laneOf(stub).get(id)).toMatchObject({ ok: false, code: "execution.not_found" })
    expect((await laneOf(stub).fetch(new Request(`https://execution/${id}`))).status).toBe(404)
    const tables = await runInDurableObject(stub, (_, state) =>
      state.storage.sql
        .exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'")
        .toArray(),
    )
    expect(tables).toEqual([])
  })
})
