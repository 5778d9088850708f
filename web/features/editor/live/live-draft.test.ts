import { afterEach, beforeEach, expect, it, vi } from "vitest"
import type { Kept } from "#core/canvas/client"
import type { Thread } from "#core/canvas/comment"
import type { Presence } from "#core/canvas/frame"
import { closeCodes, type Person } from "#core/canvas/messages"
import type { FlowDraft } from "#core/contract/flows"
import { moveNodes, setField, setLabel } from "../model/document.ts"
import { isSameDraft } from "../model/share.ts"
import { draft, edge, node } from "../test-flow.ts"
import type { Ending } from "./line.ts"
import { LiveDraft, type LiveState, type Shown } from "./live-draft.ts"
import { ada, TestCanvas } from "./test-canvas.ts"

const flow = draft(
  [node("input", "input"), node("llm", "llm", { prompt: "a" }, 272, 0), node("output", "output", {}, 544, 0)],
  [edge("input", "llm"), edge("llm", "output")],
)
const nothingKept: Kept = { counter: 0, pending: [] }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const atOnce = (act: () => void): void => act()

function page(
  canvas: TestCanvas,
  kept: Kept = nothingKept,
  client = "win_0000000000000001",
  whenDrawn = atOnce,
) {
  let written: Kept = kept
  const states: LiveState["is"][] = []
  const refused: string[] = []
  const renames: [string, string][][] = []
  const shown: Shown[] = []
  let threads: readonly Thread[] = []
  let present: readonly Person[] = []
  const told: [number, Presence][] = []
  const whyNot = vi.fn<() => Promise<Ending | undefined>>(async () => undefined)
  const leave = vi.fn<() => void>()
  const live = new LiveDraft(flow, 0, {
    keeper: async () => ({ client, kept, save: (next) => (written = structuredClone(next)), leave }),
    open: (opening) => canvas.open(opening),
    whyNot,
    onShown: (next) => shown.push(next),
    onRenamed: (names, show) => {
      renames.push([...names])
      show()
    },
    onState: ({ is }) => states.push(is),
    onThreads: (next) => (threads = next),
    onOthers: (others) => (present = others),
    onPresence: (who, presence) => void told.push([who, presence]),
    onRefused: (message) => refused.push(message),
    now: () => Date.now(),
    whenDrawn,
  })
  const open = async () => {
    live.start()
    await vi.advanceTimersByTimeAsync(0)
  }
  return {
    live,
    open,
    states,
    refused,
    renames,
    whyNot,
    leave,
    kept: () => written,
    shown: () => shown.at(-1)!,
    passes: () => shown.length,
    others: () => present,
    threads: () => threads,
    told,
    prompt: (text: string) => live.change(setField(live.draft, "llm", "prompt", text), "llm.prompt"),
  }
}

const promptOf = (one: FlowDraft) => one.nodes.find(({ id }) => id === "llm")?.data["prompt"]

it("shows an edit at once, and says that it is saved once the server has it", async () => {
  const canvas = new TestCanvas(flow)
  const one = page(canvas)
  await one.open()
  canvas.isDeaf = true
  one.prompt("b")
  expect(promptOf(one.shown().draft)).toBe("b")
  expect(one.live.state.is).toBe("saving")
  expect(one.live.isSettled).toBe(false)
  canvas.isDeaf = false
  canvas.cut()
  expect(one.live.state).toEqual({ is: "offline", waiting: 1 })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(one.live.state.is).toBe("saved")
  expect(promptOf(canvas.draft)).toBe("b")
})

it("takes in what others do, and leaves what they did not touch the same objects", async () => {
  const canvas = new TestCanvas(flow)
  const one = page(canvas)
  await one.open()
  expect(one.live.draft).toBe(flow)
  canvas.edit({ type: "move", moves: [{ id: "output", x: 600, y: 80 }] })
  const [input, llm, output] = one.live.draft.nodes
  expect([input, llm]).toEqual([flow.nodes[0], flow.nodes[1]])
  expect(input).toBe(flow.nodes[0])
  expect(llm).toBe(flow.nodes[1])
  expect(output?.position).toEqual({ x: 600, y: 80 })
  expect(output?.data).toBe(flow.nodes[2]!.data)
  expect(one.live.draft.edges).toBe(flow.edges)
})

/** A page that is drawn when the test says so. */
async function slowPage() {
  const waiting: (() => void)[] = []
  const canvas = new TestCanvas(flow)
  const one = page(canvas, nothingKept, undefined, (act) => waiting.push(act))
  const draw = () => waiting.splice(0).forEach((act) => act())
  await one.open()
  draw()
  return { canvas, one, draw }
}

it("shows ten edits that others make between two frames as one change", async () => {
  const { canvas, one, draw } = await slowPage()
  const before = one.passes()
  for (let i = 1; i <= 10; i++) canvas.edit({ type: "move", moves: [{ id: "output", x: 600 + i, y: 0 }] })
  expect(one.passes()).toBe(before)
  draw()
  expect(one.passes()).toBe(before + 1)
  expect(one.shown().draft.nodes[2]?.position).toEqual({ x: 610, y: 0 })
})

it("takes back nothing of what others did since the last frame, whatever is done here meanwhile", async () => {
  const { canvas, one, draw } = await slowPage()
  canvas.edit({ type: "field", field: "description", value: "Theirs" })
  one.live.change({ ...one.live.draft, name: "Mine" }, "flow name")
  expect(one.shown().draft).toMatchObject({ name: "Mine", description: "Theirs" })
  canvas.edit({ type: "move", moves: [{ id: "output", x: 700, y: 0 }] })
  // What cannot be in a flow is made anew on what was heard before and after it.
  one.live.change({ ...one.live.draft, name: "" }, "flow name")
  draw()
  expect(one.shown().draft).toMatchObject({ name: "", description: "Theirs" })
  expect(one.shown().draft.nodes[2]?.position).toEqual({ x: 700, y: 0 })
  one.live.change({ ...one.live.draft, name: "New" }, "flow name")
  draw()
  expect(canvas.draft).toMatchObject({ name: "New", description: "Theirs" })
  expect(canvas.draft.nodes[2]?.position).toEqual({ x: 700, y: 0 })
})

it("undoes one's own steps only, letters typed soon after each other as one", async () => {
  const canvas = new TestCanvas(flow)
  const one = page(canvas)
  await one.open()
  one.prompt("ab")
  one.prompt("abc")
  canvas.edit({ type: "field", field: "name", value: "Theirs" })
  one.live.undo()
  expect([promptOf(canvas.draft), canvas.draft.name]).toEqual(["a", "Theirs"])
  expect(one.shown()).toMatchObject({ canUndo: false, canRedo: true })
  one.live.redo()
  expect([promptOf(canvas.draft), canvas.draft.name]).toEqual(["abc", "Theirs"])
})

it("makes a new step of what is typed after a pause", async () => {
  const canvas = new TestCanvas(flow)
  const one = page(canvas)
  await one.open()
  one.prompt("ab")
  await vi.advanceTimersByTimeAsync(2_000)
  one.prompt("abc")
  one.live.undo()
  expect(promptOf(canvas.draft)).toBe("ab")
})

it("takes back a state that the server put in the draft's place, and leaves what others did since", async () => {
  const canvas = new TestCanvas(flow)
  const one = page(canvas)
  await one.open()
  one.prompt("mine")
  const was = one.live.draft
  const is = { ...was, ...draft([node("input", "input")]), name: was.name }
  canvas.edit({ type: "remove", nodes: ["llm", "output"], edges: [] })
  const step = one.live.replaced(was, is)
  canvas.edit({ type: "field", field: "name", value: "Theirs" })
  one.live.undo()
  expect(canvas.draft).toMatchObject({
    name: "Theirs",
    nodes: [{ id: "input" }, { id: "llm" }, { id: "output" }],
  })
  expect([promptOf(canvas.draft), canvas.draft.edges.length]).toEqual(["mine", 2])
  expect(one.shown()).toMatchObject({ canUndo: true, canRedo: true })
  one.live.redo()
  expect(canvas.draft.nodes.map(({ id }) => id)).toEqual(["input"])
  one.live.takeBack(step)
  expect(promptOf(canvas.draft)).toBe("mine")
  // One that changed nothing is no step.
  one.live.replaced(one.live.draft, one.live.draft)
  // The step before it comes next.
  one.live.undo()
  expect(promptOf(canvas.draft)).toBe("a")
})

it("keeps what is done offline, and a later window under the same name sends it once", async () => {
  const canvas = new TestCanvas(flow)
  const first = page(canvas)
  await first.open()
  first.prompt("b")
  canvas.isReachable = false
  canvas.cut()
  first.live.change(moveNodes(first.live.draft, new Map([["llm", { x: 300, y: 40 }]])))
  expect(first.live.state).toEqual({ is: "offline", waiting: 1 })
  expect(first.kept().pending).toHaveLength(1)
  first.live.leave()
  await vi.advanceTimersByTimeAsync(0)
  expect(first.leave).toHaveBeenCalledOnce()

  canvas.edit({ type: "field", field: "name", value: "Theirs" })
  canvas.isReachable = true
  const second = page(canvas, first.kept())
  await second.open()
  expect(second.live.state.is).toBe("saved")
  expect(canvas.draft.name).toBe("Theirs")
  expect(canvas.draft.nodes.find(({ id }) => id === "llm")?.position).toEqual({ x: 300, y: 40 })
  expect(second.kept().pending).toEqual([])
  expect(isSameDraft(second.live.draft, canvas.draft)).toBe(true)
})

it("edits before the document has come, on top of what is in it then", async () => {
  const canvas = new TestCanvas(flow)
  canvas.edit({ type: "field", field: "name", value: "Theirs" })
  const one = page(canvas)
  one.prompt("early")
  expect(promptOf(one.shown().draft)).toBe("early")
  await one.open()
  expect([promptOf(canvas.draft), canvas.draft.name]).toEqual(["early", "Theirs"])
  expect(one.live.draft.name).toBe("Theirs")
  expect(one.live.isSettled).toBe(true)
})

it("shows what cannot be in a flow and says why, through others' edits, until it can", async () => {
  const canvas = new TestCanvas(flow)
  const one = page(canvas)
  await one.open()
  one.live.change({ ...one.live.draft, name: "" }, "flow name")
  expect(one.live.state.is).toBe("refused")
  expect(await one.live.flush()).toBe(false)
  canvas.edit({ type: "field", field: "description", value: "Theirs" })
  expect(one.shown().draft).toMatchObject({ name: "", description: "Theirs" })
  one.live.change({ ...one.live.draft, name: "New" }, "flow name")
  expect(one.live.state.is).toBe("saved")
  expect(canvas.draft).toMatchObject({ name: "New", description: "Theirs" })
  one.live.change({ ...one.live.draft, name: "" }, "flow name")
  one.live.undo()
  expect(one.live.draft.name).toBe("New")
})

it.each([
  [closeCodes.superseded, "superseded"],
  [closeCodes.revoked, "revoked"],
  [closeCodes.gone, "gone"],
])("does not come back after %i", async (code, why) => {
  const canvas = new TestCanvas(flow)
  const one = page(canvas)
  await one.open()
  canvas.cut(code)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(canvas.came).toHaveLength(1)
  expect(one.live.state).toEqual({ is: "ended", why })
  expect(one.shown().mayEdit).toBe(false)
})

it("comes back after any other end with what it has, and asks why when it does not get in", async () => {
  const canvas = new TestCanvas(flow)
  const one = page(canvas)
  await one.open()
  canvas.edit({ type: "field", field: "name", value: "Theirs" })
  canvas.cut(1013)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(canvas.came.map(({ since }) => since)).toEqual([undefined, 1])
  canvas.isReachable = false
  canvas.cut()
  one.whyNot.mockResolvedValue("gone")
  await vi.advanceTimersByTimeAsync(2_000)
  expect(one.live.state).toEqual({ is: "ended", why: "gone" })
})

it("leaves a line that answers nothing any more", async () => {
  const canvas = new TestCanvas(flow)
  const one = page(canvas)
  await one.open()
  await vi.advanceTimersByTimeAsync(32_000)
  expect(canvas.came.length).toBeGreaterThan(1)
})

it("lets a viewer look, by the server's word, and write again when it says so", async () => {
  const canvas = new TestCanvas(flow)
  canvas.mayEdit = false
  const one = page(canvas)
  await one.open()
  expect(one.shown().mayEdit).toBe(false)
  canvas.say({ type: "may", may_edit: true })
  expect(one.shown().mayEdit).toBe(true)
})

it("takes an edit back that the server refuses, and tells", async () => {
  const canvas = new TestCanvas(flow)
  const one = page(canvas)
  await one.open()
  canvas.isDeaf = true
  one.prompt("b")
  canvas.say({ type: "refused", counter: 1, code: "canvas.read_only", message: "You may look." })
  expect(promptOf(one.live.draft)).toBe("a")
  expect(one.refused).toEqual(["You may look."])
  expect(one.live.isSettled).toBe(true)
})

it("calls one's own node otherwise when somebody else's gets its name first, and what was meant for it goes along", async () => {
  const canvas = new TestCanvas(flow)
  const one = page(canvas)
  await one.open()
  const add = (id: string, label: string) =>
    one.live.change({ ...one.live.draft, nodes: [...one.live.draft.nodes, { ...node(id, "llm"), label }] })
  const labels = (of: FlowDraft) => Object.fromEntries(of.nodes.map(({ id, label }) => [id, label]))
  canvas.isDeaf = true
  add("draft", "Mine")
  one.live.change(setLabel(one.live.draft, "draft", "Mine, and named"))
  canvas.edit({ type: "add", nodes: [{ ...node("draft", "llm"), label: "Theirs" }], edges: [] })
  expect(one.renames).toEqual([[["draft", "draft_2"]]])
  expect(labels(one.shown().draft)).toMatchObject({ draft: "Theirs", draft_2: "Mine, and named" })
  canvas.isDeaf = false
  canvas.cut()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(labels(canvas.draft)).toMatchObject({ draft: "Theirs", draft_2: "Mine, and named" })
  expect([one.live.isSettled, one.refused]).toEqual([true, []])
})

it("answers a flush when the server has everything, and gives up when it cannot be had", async () => {
  const canvas = new TestCanvas(flow)
  const one = page(canvas)
  await one.open()
  canvas.isReachable = false
  canvas.cut()
  one.prompt("b")
  const given = one.live.flush()
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await given).toBe(false)
  const again = one.live.flush()
  canvas.isReachable = true
  await vi.advanceTimersByTimeAsync(5_000)
  expect(await again).toBe(true)
  expect(promptOf(canvas.draft)).toBe("b")
})

it("knows who else is here and where they are, and nobody while the line is broken", async () => {
  const canvas = new TestCanvas(flow)
  const one = page(canvas)
  await one.open()
  expect(one.others()).toEqual([ada])
  canvas.move(99, { cursor: { x: 10, y: 20 }, selection: ["llm"] })
  expect(one.told).toEqual([[99, { cursor: { x: 10, y: 20 }, selection: ["llm"] }]])
  canvas.isReachable = false
  canvas.cut()
  expect(one.others()).toEqual([])
})

it("gathers where the person is, and tells what stands over a new line", async () => {
  const canvas = new TestCanvas(flow)
  const one = page(canvas)
  await one.open()
  one.live.present({ selection: ["llm"] })
  await vi.advanceTimersByTimeAsync(60)
  for (const x of [1, 2, 3]) one.live.present({ cursor: { x, y: 0 } })
  await vi.advanceTimersByTimeAsync(60)
  one.live.present({ cursor: null })
  await vi.advanceTimersByTimeAsync(60)
  expect(canvas.whereabouts).toEqual([{ selection: ["llm"] }, { cursor: { x: 3, y: 0 } }, { cursor: null }])
  canvas.cut()
  await vi.advanceTimersByTimeAsync(1_000)
  expect(canvas.whereabouts.slice(3)).toEqual([{ selection: ["llm"] }])
})

it("tells nobody where it is while it is alone, and what stands to the first who comes", async () => {
  const canvas = new TestCanvas(flow)
  const one = page(canvas)
  await one.open()
  canvas.say({ type: "people", came: [], left: [ada.client] })
  one.live.present({ selection: ["llm"], cursor: { x: 1, y: 1 } })
  await vi.advanceTimersByTimeAsync(100)
  expect(canvas.whereabouts).toEqual([])
  canvas.say({ type: "people", came: [ada], left: [] })
  await vi.advanceTimersByTimeAsync(100)
  expect(canvas.whereabouts).toEqual([{ selection: ["llm"] }])
})
