import { expect, it } from "vitest"
import type { ExecutionEvent } from "#core/execution/event"
import { emptyJournal, extendJournal, type JournalFilter } from "./journal.ts"

const at = "2026-11-21T09:00:00.000Z"
const delta = (seq: number, node_id: string, text: string): ExecutionEvent => ({
  seq,
  at,
  type: "model.delta",
  node_id,
  data: { text },
})

const events: ExecutionEvent[] = [
  { seq: 1, at, type: "execution.started", data: {} },
  delta(2, "a", "Hel"),
  delta(3, "a", "lo"),
  delta(4, "b", "x"),
  delta(5, "a", "!"),
  { seq: 6, at, type: "node.log", node_id: "a", data: { level: "info", message: "Done" } },
]
const plain: JournalFilter = { part: null, every: false, families: new Set() }
const list = (filter: Partial<JournalFilter>) =>
  extendJournal(emptyJournal({ ...plain, ...filter }), events).lines

it("lists a run of text pieces as one line", () => {
  const lines = list({})
  expect(lines.map((line) => [line.seq, line.type, line.count])).toEqual([
    [1, "execution.started", 1],
    [2, "model.delta", 2],
    [4, "model.delta", 1],
    [5, "model.delta", 1],
    [6, "node.log", 1],
  ])
  expect(lines[1]).toMatchObject({ data: { text: "Hello" }, say: "5 characters" })
})

it("lists every entry when it is asked for, one part's alone, or some kinds", () => {
  const part = { step: "a", has: (id: string) => id === "a" }
  expect(list({ every: true })).toHaveLength(6)
  expect(list({ part }).map((line) => line.seq)).toEqual([2, 6])
  expect(list({ families: new Set(["execution", "node"]) }).map((line) => line.seq)).toEqual([1, 6])
})

it("comes to the same entry by entry, and keeps the lines that did not change", () => {
  let journal = emptyJournal(plain)
  for (let i = 1; i <= events.length; i++) {
    const next = extendJournal(journal, events.slice(0, i))
    expect(next.lines[0]).toBe(i === 1 ? next.lines[0] : journal.lines[0])
    journal = next
  }
  expect(journal.lines).toEqual(list({}))
  expect(extendJournal(journal, events)).toBe(journal)
})
