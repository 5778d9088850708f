import { expect, it } from "vitest"
import type { ExecutionEvent, NewEvent } from "#core/execution/event"
import { fold } from "#core/execution/reduce"
import { initialState } from "#core/execution/state"
import { sayCounts, StepIndex } from "./step-index.ts"

/** A state and its index, fed with events as a stream would. */
function fed() {
  const state = initialState()
  const index = new StepIndex(state)
  let seq = 0
  const say = (...events: NewEvent[]) => {
    for (const event of events) {
      const next: ExecutionEvent = { ...event, seq: ++seq, at: "2026-11-21T09:00:00.000Z" }
      fold(state, next)
      index.note(next)
    }
  }
  return { state, index, say }
}

const started = (node_id: string, scope?: string, total?: number): NewEvent => ({
  type: "node.started",
  node_id,
  ...(scope ? { scope } : {}),
  attempt: 1,
  data: total === undefined ? {} : { total },
})
const opened = (node_id: string, path: string, scope?: string): NewEvent => ({
  type: "scope.opened",
  node_id,
  ...(scope ? { scope } : {}),
  data: { path },
})
const succeeded = (node_id: string, scope: string, handles = ["out"]): NewEvent => ({
  type: "node.succeeded",
  node_id,
  scope,
  attempt: 1,
  data: { output: 1, handles },
})
const error = { code: "x", message: "No" }
const begun = () => {
  const it = fed()
  it.say(started("each", "", 3))
  for (const i of [0, 1, 2]) it.say(opened("each", `each[${i}]`), started("draft", `each[${i}]`))
  return it
}

it("counts a node over its iterations, and shows one that is under way", () => {
  const { index, say } = begun()
  expect(index.group("each/draft")).toMatchObject({
    run: { status: "running" },
    total: 3,
    counts: { running: 3 },
  })
  say(succeeded("draft", "each[0]", ["yes"]), succeeded("draft", "each[1]", ["no"]))
  expect(index.group("each/draft")).toMatchObject({
    run: { status: "running", handles: ["yes", "no"], finished_at: undefined },
    counts: { running: 1, succeeded: 2 },
  })
  expect(index.counts).toEqual({ running: 2, succeeded: 2 })
})

it("gives the same object until something changes there", () => {
  const { index, say } = begun()
  const before = index.group("each/draft")
  say(started("other"))
  expect(index.group("each/draft")).toBe(before)
  say(succeeded("draft", "each[1]"))
  expect(index.group("each/draft")).not.toBe(before)
})

it("knows what a failed iteration and a cancelled execution end", () => {
  const { index, say } = begun()
  say({ type: "scope.closed", node_id: "each", data: { path: "each[1]", error } })
  expect(index.group("each/draft")!.counts).toEqual({ running: 2, cancelled: 1 })
  say({ type: "execution.cancelled", data: {} })
  expect(index.group("each/draft")).toMatchObject({ run: { status: "cancelled" }, counts: { cancelled: 3 } })
})

it("forgets the steps of an iteration that is begun anew", () => {
  const { index, say } = begun()
  say({ type: "scope.closed", node_id: "each", data: { path: "each[1]", error } }, opened("each", "each[1]"))
  expect(index.group("each/draft")!.total).toBe(2)
  expect([...index.stepsIn("each[1]")]).toEqual([])
  say(started("draft", "each[1]"))
  expect([...index.stepsIn("each[1]")]).toEqual(["each[1]/draft"])
  expect([...index.scopesOf("each")]).toEqual(["each[0]", "each[1]", "each[2]"])
})

it("counts nested iterations for one of the outer ones, and for all", () => {
  const { index, say } = fed()
  for (const i of [0, 1]) {
    say(started("again", `each[${i}]`), opened("again", `each[${i}]/again[0]`, `each[${i}]`))
    say(started("draft", `each[${i}]/again[0]`))
  }
  say(succeeded("draft", "each[1]/again[0]"))
  expect(index.group("each/again/draft")!.counts).toEqual({ running: 1, succeeded: 1 })
  expect(index.group("each[1]/again/draft")!.counts).toEqual({ succeeded: 1 })
  expect([...index.keysAt("each/again/draft")]).toEqual(["each[0]/again[0]/draft", "each[1]/again[0]/draft"])
})

it("says what matters first", () => {
  expect(sayCounts({ succeeded: 1_234, retrying: 1, running: 2, failed: 1 })).toBe(
    "1 failed, 3 running, 1,234 done",
  )
  expect(sayCounts({})).toBe("")
})
