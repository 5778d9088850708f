import { runInDurableObject } from "cloudflare:test"
import { beforeEach, describe, expect, it } from "vitest"
import { Down, Presence } from "#core/contract/socket/execution"
import type { ExecutionEvent } from "#core/execution/event"
import { replay } from "#core/execution/reduce"
import type { FlowGraph } from "#core/flow/graph"
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

  it("[OB23] one that talks nonsense and will not leave does the execution no harm", async () => {
    const gate = gated("part ", "end")
    world.models.set("nonsense", gate.model)
    const stub = freshStub()
    const { execution_id } = await start(stub, asking("nonsense"), {}, { wait_ms: 0 })
    await until(() => world.calls.length === 1)
    const response = await laneOf(stub).fetch(
      new Request(`https://execution/${execution_id}?after=0`, { headers: { upgrade: "websocket" } }),
    )
    const socket = response.webSocket!
    socket.accept({ allowHalfOpen: true })
    socket.send("nonsense")
    await new Promise((resolve) => setTimeout(resolve, 50))
    gate.open()
    await until(async () => replay(await journal(stub, execution_id)).status !== "running")
    expect(replay(await journal(stub, execution_id))).toMatchObject({ status: "succeeded", error: undefined })
  })

  it("[OB24] one whose number is beyond the journal is shown what comes next", async () => {
    const gate = gated("a", "b")
    world.models.set("beyond", gate.model)
    const stub = freshStub()
    const { execution_id } = await start(stub, asking("beyond"), {}, { wait_ms: 0 })
    await until(() => world.calls.length === 1)
    const response = await laneOf(stub).fetch(new Request(`https://execution/${execution_id}?after=9999`))
    gate.open()
    const text = await response.text()
    expect(text).toContain("execution.succeeded")
  })

  it("[OB25] a page of the journal ends before it is too large to send, and says that there is more", async () => {
    const wide: FlowGraph = {
      nodes: [node("in", "input"), node("out", "output", { value: "done" })],
      edges: [],
      settings: {},
    }
    for (let i = 0; i < 20; i++) {
      wide.nodes.push(node(`m${i}`, "merge", { mode: "any" }))
      wide.edges.push(edge("in", `m${i}`), edge(`m${i}`, "out"))
    }
    const stub = freshStub()
    const { execution_id } = await start(stub, wide, { text: "x".repeat(500_000) })
    const seen: number[] = []
    for (let pages = 1, hasMore = true; hasMore; pages++) {
      const page = await laneOf(stub).events(execution_id, seen.at(-1) ?? 0, 5_000)
      if (!page.ok) throw new Error(page.code)
      expect(JSON.stringify(page.value.events).length).toBeLessThan(6_000_000)
      seen.push(...page.value.events.map((one) => one.seq))
      hasMore = page.value.has_more
      expect(pages > 1 || hasMore).toBe(true)
    }
    expect(seen).toEqual(seen.map((_, i) => i + 1))
  })
  it("[OB46] those who want to know are told who else watches, and when one goes", async () => {
    const gate = gated("a", "b")
    world.models.set("seen", gate.model)
    const stub = freshStub()
    const { execution_id } = await start(stub, asking("seen"), {}, { wait_ms: 0 })
    await until(() => world.calls.length === 1)
    const watch = async (viewer: string) => {
      const abort = new AbortController()
      const response = await laneOf(stub).fetch(
        new Request(`https://execution/${execution_id}?after=0&${viewer}`, { signal: abort.signal }),
      )
      const told: string[] = []
      const read = async () => {
        let text = ""
        for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
          text += chunk
          told.splice(0, told.length, ...presenceIn(text))
        }
      }
      const reading = read().catch(() => undefined)
      return { told, leave: () => (abort.abort(), reading), reading }
    }
    const ana = await watch("viewer_id=user_ana&viewer_name=Ana%20%26%20co")
    await until(() => ana.told.at(-1) === "Ana & co")
    const bo = await watch("viewer_id=user_bo&viewer_name=Bo")
    const twice = await watch("viewer_id=user_bo&viewer_name=Bo")
    const nobody = await watch("")
    await until(() => ana.told.at(-1) === "Ana & co, Bo" && bo.told.at(-1) === "Ana & co, Bo")
    const upgraded = await laneOf(stub).fetch(
      new Request(`https://execution/${execution_id}?after=0&viewer_id=user_cy&viewer_name=Cy`, {
        headers: { upgrade: "websocket" },
      }),
    )
    const socket = upgraded.webSocket!
    const heard: string[] = []
    socket.addEventListener("message", ({ data }) => {
      const down = Down.parse(JSON.parse(String(data)))
      if (down.type === "presence") heard.push(down.viewers.map(({ name }) => name).join(", "))
    })
    socket.accept()
    await until(() => ana.told.at(-1) === "Ana & co, Bo, Cy" && heard.at(-1) === "Ana & co, Bo, Cy")
    socket.close(1000)
    await until(() => ana.told.at(-1) === "Ana & co, Bo")
    gate.open()
    await Promise.all([ana, bo, twice, nobody].map((one) => one.reading))
    expect(nobody.told).toEqual([])
  })
})

/** Who was said to watch, each time, in words. */
const presenceIn = (text: string): string[] =>
  [...text.matchAll(/^event: presence\ndata: (.*)$/gm)].map((match) =>
    Presence.parse(JSON.parse(match[1]!))
      .viewers.map(({ name }) => name)
      .join(", "),
  )
