import { evictDurableObject, runInDurableObject } from "cloudflare:test"
import { describe, expect, it } from "vitest"
import { CanvasClient } from "#core/canvas/client"
import type { Operation } from "#core/canvas/operation"
import { stateOfDraft } from "#core/canvas/canvas"
import { writeUp } from "#core/canvas/frame"
import { Refs } from "#core/canvas/refs"
import { mostNodes } from "#core/flow/graph"
import { Writing } from "#test/kit/canvas/writing"
import { Window } from "#test/kit/canvas/window"
import { wireOf } from "#test/kit/canvas/wire"
import { alike, Desk, threeNodes } from "./canvas-kit.ts"
import { edge, node, until } from "./kit.ts"

const move = (id: string, x: number, y = 0): Operation => ({ type: "move", moves: [{ id, x, y }] })
const prompt = (value: string): Operation => ({ type: "set", node: "ask", field: "data.prompt", value })

describe("a canvas", () => {
  it("[CV1] shows everybody what each of them does, and where they are", async () => {
    const desk = new Desk()
    const [ada, ben] = [await desk.opened("ada"), await desk.opened("ben")]
    ada.edit(move("ask", 240, 80))
    ben.edit(prompt("Say good evening"))
    await alike(ada, ben)
    expect(ben.draft.nodes[1]).toMatchObject({
      position: { x: 240, y: 80 },
      data: { prompt: "Say good evening" },
    })
    ben.say({ cursor: { x: 12, y: -7.5 }, selection: ["ask"] })
    await until(() => ada.presence.size === 1)
    expect([...ada.presence.values()]).toEqual([{ cursor: { x: 12, y: -7.5 }, selection: ["ask"] }])
    expect([...ada.people.values()].map(({ name }) => name).toSorted()).toEqual(["ada", "ben"])
    const carl = await desk.opened("carl")
    await until(() => carl.presence.size === 1)
    expect([...carl.presence.values()]).toEqual([{ selection: ["ask"] }])
    ben.leave()
    await until(() => ada.people.size === 2)
  })

  it("[CV2] writes an edit down before it tells it, and does nothing twice", async () => {
    const desk = new Desk()
    const ada = await desk.opened("ada")
    ada.edit(move("ask", 10))
    await alike(ada)
    const frame = writeUp({ edits: [{ counter: 1, operation: move("ask", 99) }] }, ada.client.refs)
    ada.sendRaw(frame)
    ada.edit(move("out", 20))
    await alike(ada)
    expect(ada.draft.nodes.map(({ position }) => position.x)).toEqual([0, 10, 20])
    await evictDurableObject(desk.stub, { webSockets: "close" })
    const ben = await desk.opened("ben")
    expect(ben.fingerprint).toBe(ada.fingerprint)
  })

  it("[CV3] takes nothing from those who may only look, whatever their window believes", async () => {
    const desk = new Desk()
    const [ada, vera] = [await desk.opened("ada"), await desk.opened("vera", { may_edit: false })]
    vera.edit(move("ask", 500))
    vera.edit({ type: "remove", nodes: ["out"], edges: [] })
    await until(() => vera.refusals.length === 2)
    expect(vera.refusals.map(({ code }) => code)).toEqual(["canvas.read_only", "canvas.read_only"])
    ada.edit(move("in", 5))
    await alike(ada, vera)
    expect(vera.draft.nodes.map(({ position }) => position.x)).toEqual([5, 0, 0])
  })

  it("[CV4] asks again what people may do, and shuts out who has lost it", async () => {
    const desk = new Desk()
    const [ada, ben, carl] = [await desk.opened("ada"), await desk.opened("ben"), await desk.opened("carl")]
    desk.deny("ben", "nothing")
    desk.deny("carl", "read")
    await runInDurableObject(desk.stub, (object) => Object.assign(object, { checkedAt: 0 }))
    ben.edit(move("ask", 1))
    await until(() => ben.code === 4403)
    await until(() => carl.talk?.mayEdit === false)
    carl.edit(move("ask", 2))
    await until(() => carl.refusals.length === 1)
    ada.edit(move("ask", 3))
    await alike(ada, carl)
    expect(ada.draft.nodes[1]!.position.x).toBe(3)
  })

  it("[CV5] goes on after its memory was lost in the middle, with the sockets that it had", async () => {
    const desk = new Desk()
    const [ada, ben] = [await desk.opened("ada"), await desk.opened("ben")]
    for (let i = 1; i <= 20; i++) {
      ada.edit(move("ask", i))
      ben.edit(move("out", i))
      if (i % 5 === 0) {
        await alike(ada, ben)
        await evictDurableObject(desk.stub)
      }
    }
    await alike(ada, ben)
    expect(ada.draft.nodes.map(({ position }) => position.x)).toEqual([0, 20, 20])
  })

  it("[CV16] takes a drag through a restart in its middle: it ends where the hand ends, and is one step", async () => {
    const desk = new Desk()
    const [ada, ben] = [await desk.opened("ada"), await desk.opened("ben")]
    for (let x = 1; x <= 10; x++) ada.edit(move("ask", x * 10), "drag 1")
    await alike(ada, ben)
    await evictDurableObject(desk.stub)
    for (const one of [ada, ben]) one.leave()
    // The hand goes on while there is no line.
    for (let x = 11; x <= 20; x++) ada.edit(move("ask", x * 10), "drag 1")
    await Promise.all([ada.come(), ben.come()])
    for (let x = 21; x <= 30; x++) ada.edit(move("ask", x * 10), "drag 1")
    await alike(ada, ben)
    expect(ben.draft.nodes[1]!.position.x).toBe(300)
    ada.undo()
    await alike(ada, ben)
    expect(ben.draft.nodes[1]!.position.x).toBe(threeNodes.nodes[1]!.position.x)
  })

  it("[CV17] keeps what two add under one name, and what each does to it next, and orders both", async () => {
    const desk = new Desk()
    const [ada, ben] = [await desk.opened("ada"), await desk.opened("ben")]
    for (const [one, whose] of [
      [ada, "Hers"],
      [ben, "His"],
    ] as const) {
      one.edit({ type: "add", nodes: [node("llm", "llm", { prompt: whose })], edges: [] })
      one.edit({ type: "set", node: "llm", field: "label", value: whose })
    }
    await alike(ada, ben)
    expect([...ada.refusals, ...ben.refusals]).toEqual([])
    const both = ada.draft.nodes.filter(({ type }) => type === "llm").slice(-2)
    expect(new Map(both.map(({ label, data }) => [label, data["prompt"]]))).toEqual(
      new Map([
        ["Hers", "Hers"],
        ["His", "His"],
      ]),
    )
    expect(new Set(both.map(({ id }) => id)).size).toBe(2)
  })

  it("[CV18] tells a window that was opened anew what of its edits was refused: they are sent again", async () => {
    const desk = new Desk()
    const [ada, ben] = [await desk.opened("ada"), await desk.opened("ben")]
    ada.edit({ type: "add", nodes: [node("llm", "llm", { prompt: "Hers" })], edges: [] })
    ben.edit({ type: "add", nodes: [node("llm", "llm", { prompt: "His" })], edges: [] })
    ben.edit({ type: "set", node: "llm", field: "label", value: "His" })
    // It is gone before it hears that the name was taken.
    ben.leave()
    await until(() => ada.isSettled)
    const client = new CanvasClient(structuredClone(ben.client.kept()))
    const anew = await desk.window("ben", { id: ben.id, client }).come()
    await alike(ada, anew)
    const his = ada.draft.nodes.filter(({ label }) => label === "His")
    expect(his.map(({ data }) => data["prompt"])).toEqual(["His"])
    expect(ada.draft.nodes.some(({ data }) => data["prompt"] === "Hers")).toBe(true)
  })

  it("[CV6] gives those who come back what they lack, or everything when that is too much", async () => {
    const desk = new Desk()
    const [ada, ben] = [await desk.opened("ada"), await desk.opened("ben")]
    ben.leave()
    ben.edit(prompt("Written on the train"))
    ada.edit(move("ask", 7))
    await alike(ada)
    await ben.come()
    await alike(ada, ben)
    expect(ada.draft.nodes[1]).toMatchObject({ position: { x: 7 }, data: { prompt: "Written on the train" } })
    ben.leave()
    for (let i = 0; i < 14; i++) {
      for (let j = 0; j < 250; j++) ada.client.edit(move(j % 2 === 0 ? "in" : "out", i * 250 + j, j))
      ada.say()
      await alike(ada)
      // What the flow's row does not know yet is not forgotten.
      if (i === 8) await desk.wake()
    }
    ben.edit(move("ask", 8))
    await ben.come()
    await alike(ada, ben)
    expect(ada.draft.nodes[1]!.position.x).toBe(8)
    const kept = await runInDurableObject(desk.stub, (_, state) =>
      state.storage.sql.exec<{ edits: number }>("SELECT SUM(last - first + 1) AS edits FROM log").one(),
    )
    expect(kept.edits).toBeLessThan(2_800)
  })

  it("[CV15] closes a reader who takes nothing in, and gives them what they lack when they come back", async () => {
    const desk = new Desk()
    const ada = await desk.opened("ada")
    const opening = { client: "window-of-somebody-asleep" }
    const asleep = wireOf(await desk.ask(opening, "ben"))
    const codes: number[] = []
    asleep.onClose((code) => codes.push(code))
    // It reads, and says nothing of it: to the server that is a window that nobody keeps up with.
    asleep.onMessage(() => undefined)
    const since = ada.client.seq
    for (let i = 0; i < 12 && codes.length === 0; i++) {
      ada.edit(prompt(`${i}`.repeat(120_000)))
      await alike(ada)
    }
    await until(() => codes.length > 0)
    expect(codes).toEqual([1013])
    await until(() => ada.people.size === 1)
    expect(ada.isOpen).toBe(true)
    const ben = new Window(opening.client, async (again) =>
      wireOf(await desk.ask({ ...again, since }, "ben")),
    )
    ben.client.reset(structuredClone(stateOfDraft(threeNodes)), ["in", "ask", "out"], since, 0)
    await ben.come()
    await alike(ada, ben)
  })

  it("[CV7] refuses what it cannot read, or may not be, in words, and takes what is beside it", async () => {
    const desk = new Desk()
    const [ada, ben] = [await desk.opened("ada"), await desk.opened("ben")]
    ada.sendRaw(new Uint8Array([77, 1, 2]))
    ada.sendRaw("{}")
    await until(() => ada.refusals.length === 2)
    expect(ada.refusals.map(({ code }) => code)).toEqual(["canvas.malformed", "canvas.malformed"])
    const bad: Operation[] = [
      { type: "add", nodes: [node("x", "frobnicate")], edges: [] },
      { type: "add", nodes: [{ ...node("a", "group"), parent_id: "a" }], edges: [] },
      { type: "set", node: "ask", field: "size", value: "large" },
      {
        type: "add",
        nodes: Array.from({ length: 20_000 }, (_, i) => node(`n${i}`, "note")),
        edges: [],
      },
    ]
    const edits = [...bad, move("ask", 44)].map((operation, i) => ({ counter: i + 1, operation }))
    for (const one of edits) ada.sendRaw(writeUp({ edits: [one] }, new Refs([])))
    await until(() => ada.refusals.length === 6 && ben.draft.nodes[1]!.position.x === 44)
    expect(ada.refusals.slice(2).map(({ code }) => code)).toEqual([
      "canvas.unknown_kind",
      "canvas.cyclic_parent",
      "canvas.bad_value",
      "canvas.too_large",
    ])
    expect(ada.refusals.at(-1)!.message).toContain(`${mostNodes} nodes`)
    // Ten megabytes at once: the words come, and the socket stays.
    ada.sendRaw(new Uint8Array(10_000_000))
    await until(() => ada.refusals.length === 7)
    expect(ada.refusals.at(-1)!.code).toBe("canvas.too_large")
    expect(ada.isOpen).toBe(true)
  })

  it("[CV8] lets nobody speak for another's window, and one person have two", async () => {
    const desk = new Desk()
    const ada = await desk.opened("ada", { id: "the-window-of-ada-1" })
    expect((await desk.ask({ client: "the-window-of-ada-1" }, "mallory")).status).toBe(409)
    const second = await desk.opened("ada")
    ada.edit(move("ask", 1))
    second.edit(move("out", 2))
    await alike(ada, second)
    // The same window once more: a copy of the tab, or a line that only seemed to be open.
    await desk.opened("ada", { id: "the-window-of-ada-1" })
    await until(() => ada.code === 4409)
  })

  it("[CV9] takes an edge away with its node, and brings it back with the undo", async () => {
    const desk = new Desk()
    const [ada, ben] = [await desk.opened("ada"), await desk.opened("ben")]
    ada.edit({ type: "remove", nodes: ["ask"], edges: [] })
    await alike(ada, ben)
    expect(ben.draft.edges).toEqual([])
    ben.edit(move("out", 9))
    await alike(ada, ben)
    ada.undo()
    await alike(ada, ben)
    expect(ben.draft.edges).toHaveLength(2)
    expect(ben.draft.nodes.find(({ id }) => id === "out")!.position.x).toBe(9)
  })
})

describe("a canvas and its flow's row", () => {
  it("[CV10] agree soon after an edit, also when the database was away", async () => {
    const desk = new Desk()
    const [ada, ben] = [await desk.opened("ada"), await desk.opened("ben")]
    desk.world.failures = 1
    ada.edit(move("ask", 31))
    ben.edit(prompt("Hi"))
    await alike(ada, ben)
    await desk.wake()
    expect(desk.world.saves).toEqual([])
    await desk.wake()
    expect(desk.world.saves).toMatchObject([{ was: 1, by: ["user_ada", "user_ben"], edits: 2 }])
    expect(desk.world.draft).toEqual(ada.draft)
    await desk.room.settle()
    expect(desk.world.version).toBe(2)
  })

  it("[CV11] are merged when somebody else wrote the row, and everybody sees it", async () => {
    const desk = new Desk()
    const ada = await desk.opened("ada")
    ada.edit(move("ask", 31))
    await alike(ada)
    const [first, second, third] = desk.world.draft!.nodes
    desk.world.draft = {
      ...desk.world.draft!,
      name: "Renamed by a program",
      nodes: [first!, { ...second!, data: { prompt: "By a program" } }, third!, node("note", "note")],
      edges: [...desk.world.draft!.edges, edge("in", "out")],
    }
    desk.world.version = 5
    await desk.room.pull()
    await alike(ada)
    expect(ada.draft.name).toBe("Renamed by a program")
    expect(ada.draft.nodes[1]).toMatchObject({ position: { x: 31 }, data: { prompt: "By a program" } })
    expect(ada.draft.nodes).toHaveLength(4)
    await desk.room.settle()
    expect([desk.world.version, desk.world.draft]).toEqual([6, ada.draft])
    // Nobody's undo takes the program's work back.
    ada.undo()
    await alike(ada)
    expect(ada.draft).toMatchObject({
      name: "Renamed by a program",
      nodes: [{}, { position: { x: 0 } }, {}, {}],
    })
  })

  it("[CV12] end together: those who had it open are told that it is gone", async () => {
    const desk = new Desk()
    const ada = await desk.opened("ada")
    await desk.room.remove()
    await until(() => ada.code === 4404)
    desk.world.draft = undefined
    expect((await desk.ask({ client: "window-0000000000000009" }, "ada")).status).toBe(404)
  })
})

describe("what people leave on a canvas", () => {
  it("[CV13] a named version brings back what was, for everybody, and keeps what was said", async () => {
    const desk = new Desk()
    const [ada, ben] = [await desk.opened("ada"), await desk.opened("ben")]
    const at = "2026-11-21T12:00:00.000Z"
    const ref = { tenant: desk.tenant, flow: desk.flow }
    await desk.room.nameVersion(ref, { id: "named_1", name: "Before", by: "user_ada", at })
    const before = ada.draft
    ada.edit({ type: "remove", nodes: ["ask"], edges: [] })
    ben.edit({
      type: "comment",
      thread: "thread-1",
      id: "comment-1",
      text: "Gone?",
      about: { node_id: "ask", position: null },
      mentions: [],
      by: "user_mallory",
      // Her clock is not the flow's.
      at: "2999-01-01T00:00:00.000Z",
    })
    await alike(ada, ben)
    expect(ada.client.canvas.threads.get("thread-1")).toMatchObject({
      node_id: "ask",
      comments: [{ by: "user_ben", text: "Gone?", at: expect.not.stringContaining("2999") as string }],
    })
    await desk.room.restoreVersion(ref, "named_1")
    await alike(ada, ben)
    const sorted = (draft: typeof before) => ({
      ...draft,
      nodes: draft.nodes.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      edges: draft.edges.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    })
    expect(sorted(ben.draft)).toEqual(sorted(before))
    expect(await desk.room.threads()).toMatchObject({ ok: true, value: [{ id: "thread-1" }] })
    const remark = { type: "resolve", thread: "thread-1", resolved: true, by: "", at: "" } as const
    await desk.room.remark(ref, remark, "user_carl")
    await until(() => ada.client.canvas.threads.get("thread-1")?.resolved_by === "user_carl")
    expect(await desk.room.forgetVersion("named_1")).toMatchObject({ ok: true })
    expect(await desk.room.namedVersions()).toEqual({ ok: true, value: [] })
  })

  it("[CV14] a long text is written by two at once, and is one string in the flow", async () => {
    const desk = new Desk()
    const [ada, ben] = [await desk.opened("ada"), await desk.opened("ben")]
    const [hers, his] = [await Writing.open(ada, "ask", "prompt"), await Writing.open(ben, "ask", "prompt")]
    hers.insert(0, "Please. ")
    his.insert(9, ", and be kind")
    await until(() => hers.text === his.text && hers.text.includes("kind") && hers.text.includes("Please"))
    await alike(ada, ben)
    expect(ada.draft.nodes[1]!.data["prompt"]).toBe("Please. Say hello, and be kind")
    // Whoever replaces the whole text reaches those who have it open; and memory may be lost meanwhile.
    await evictDurableObject(desk.stub)
    ben.edit({ type: "set", node: "ask", field: "data.prompt", value: "Please. Say goodbye" })
    await until(() => hers.text === "Please. Say goodbye")
    await evictDurableObject(desk.stub)
    hers.insert(19, "!")
    await until(() => his.text === "Please. Say goodbye!")
    await alike(ada, ben)
    expect(ben.draft.nodes[1]!.data["prompt"]).toBe("Please. Say goodbye!")
    // A text whose node went and came back is another one.
    ben.edit({ type: "remove", nodes: ["ask"], edges: [] })
    ben.undo()
    await alike(ada, ben)
    hers.insert(0, "Too late. ")
    await until(() => ada.refusals.some(({ code }) => code === "canvas.text_stale"))
    expect(ada.draft.nodes.find(({ id }) => id === "ask")!.data["prompt"]).toBe("Please. Say goodbye!")
  })
})
