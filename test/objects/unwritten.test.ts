import { runInDurableObject } from "cloudflare:test"
import { describe, expect, it } from "vitest"
import { statusOf } from "./flows-kit.ts"
import { edge, freshStub, journal, laneOf, node, pure, start, until, type Stub } from "./kit.ts"
import { world } from "./worker.ts"

/** From now on storage refuses every row of the journal that says a certain word. */
const refuse = (stub: Stub, word: string) =>
  runInDurableObject(stub, (_, { storage }) => {
    storage.sql.exec(
      `CREATE TRIGGER refuse BEFORE INSERT ON journal WHEN NEW.events LIKE '%${word}%'
       BEGIN SELECT RAISE(ABORT, 'disk is full'); END`,
    )
  })

const resting = {
  nodes: [
    node("in", "input"),
    node("rest", "wait", { callback: true }),
    node("shout", "transform", { value: "'POISON'" }),
    node("out", "output"),
  ],
  edges: [edge("in", "rest"), edge("rest", "shout"), edge("shout", "out")],
  settings: {},
}

describe("a journal that cannot be written", () => {
  it("ends its execution as far as it was written, and leaves others alone", async () => {
    const stub = freshStub()
    const poor = await start(stub, resting, {}, { wait_ms: 0 })
    await until(async () => (await statusOf(stub, poor.execution_id)) === "waiting")
    const before = await journal(stub, poor.execution_id)
    await refuse(stub, "POISON")
    await laneOf(stub).callback(poor.execution_id, "rest", null)
    await until(async () => (await statusOf(stub, poor.execution_id)) === "failed")
    const after = await journal(stub, poor.execution_id)
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.at(-1)).toMatchObject({
      type: "execution.failed",
      data: { error: { code: "engine.fault" } },
    })
    expect(after.map(({ seq }) => seq)).toEqual(after.map((_, i) => i + 1))
    const other = await start(stub, pure, { text: "fine" })
    expect(other).toMatchObject({ status: "succeeded", outputs: "FINE" })
  })

  it("takes back what of a turn was written before the rest could not be", async () => {
    const stub = freshStub()
    const large = {
      nodes: [
        ...resting.nodes,
        node("a", "transform", { value: "$pad('a', 300000)" }),
        node("b", "transform", { value: "$pad('b', 300000)" }),
      ],
      edges: [
        edge("in", "rest"),
        edge("rest", "a"),
        edge("a", "b"),
        edge("b", "shout"),
        edge("shout", "out"),
      ],
      settings: {},
    }
    const poor = await start(stub, large, {}, { wait_ms: 0 })
    await until(async () => (await statusOf(stub, poor.execution_id)) === "waiting")
    await refuse(stub, "POISON")
    await laneOf(stub).callback(poor.execution_id, "rest", null)
    await until(async () => (await statusOf(stub, poor.execution_id)) === "failed")
    const after = await journal(stub, poor.execution_id)
    expect(after.map(({ seq }) => seq)).toEqual(after.map((_, i) => i + 1))
    expect(after.some((event) => event.type === "node.succeeded" && event.node_id === "a")).toBe(false)
  })

  it("refuses one that it cannot begin to write, and lets the next of its flow have the place", async () => {
    const stub = freshStub()
    await start(stub, pure, { text: "first" })
    await refuse(stub, "POISON")
    const narrow = { ...pure, settings: { max_concurrency: 1 } }
    await expect(start(stub, narrow, { text: "POISON" })).rejects.toThrow("could not be written")
    expect(await start(stub, narrow, { text: "fine" })).toMatchObject({
      status: "succeeded",
      outputs: "FINE",
    })
  })

  it("leaves its key to the next try, and nobody waiting, when it cannot begin to write one", async () => {
    const stub = freshStub()
    await start(stub, pure, { text: "first" })
    await refuse(stub, "POISON")
    const keyed = { idempotency: { key: "order 7", digest: "7" } }
    await expect(start(stub, pure, { text: "POISON" }, keyed)).rejects.toThrow("could not be written")
    await runInDurableObject(stub, (_, { storage }) => void storage.sql.exec("DROP TRIGGER refuse"))
    expect(await start(stub, pure, { text: "poison" }, keyed)).toMatchObject({
      status: "succeeded",
      outputs: "POISON",
    })
  })

  it("gives the place of one that breaks off to the next, and tells whoever waits for the end", async () => {
    const stub = freshStub()
    const narrow = { ...resting, settings: { max_concurrency: 1 } }
    const poor = await start(stub, narrow, {}, { wait_ms: 0 })
    const next = await start(stub, narrow, {}, { wait_ms: 0 })
    await until(async () => (await statusOf(stub, poor.execution_id)) === "waiting")
    expect(await statusOf(stub, next.execution_id)).toBe("queued")
    await refuse(stub, "POISON")
    await laneOf(stub).callback(poor.execution_id, "rest", null)
    await until(async () => (await statusOf(stub, next.execution_id)) === "waiting")
    await until(() => world.rows.get(poor.execution_id)?.status === "failed")
  })
})
