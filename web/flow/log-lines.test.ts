import { expect, it } from "vitest"
import type { ExecutionEvent } from "#core/execution/event"
import { LogLines, textOf } from "./log-lines.ts"

let seq = 0
const said = (
  node_id: string,
  message: string,
  stream?: "stdout" | "stderr",
  attempt = 1,
): ExecutionEvent => ({
  seq: ++seq,
  at: new Date(Date.parse("2026-11-21T09:00:00.000Z") + seq).toISOString(),
  type: "tool.log",
  node_id,
  attempt,
  data: { message, ...(stream ? { stream } : {}) },
})
const shown = (events: readonly ExecutionEvent[]) =>
  new LogLines().take(events).map(({ node_id, from, text }) => [node_id, from, text])

it("joins pieces to lines, those of programs that print at the same time each by themselves", () => {
  expect(
    shown([
      said("a", "one\ntw", "stdout"),
      said("b", "other ", "stdout"),
      said("a", "oh\n", "stderr"),
      said("a", "o\n\n", "stdout"),
      said("b", "words", "stdout"),
      said("a", "It answered 200."),
      said("a", "anew", "stdout", 2),
    ]),
  ).toEqual([
    ["a", "stdout", "one"],
    ["a", "stdout", "two"],
    ["b", "stdout", "other words"],
    ["a", "stderr", "oh"],
    ["a", "stdout", ""],
    ["a", "step", "It answered 200."],
    ["a", "stdout", "anew"],
  ])
})

it("shows a line that was written over as a terminal would, without its colours", () => {
  expect(
    shown([said("a", "10 %\r20 %", "stdout"), said("a", "\r\u001b[32mdone\u001b[0m\r\n", "stdout")]),
  ).toEqual([["a", "stdout", "done"]])
})

it("reads on where it stopped, and leaves lines alone that have not grown", () => {
  const events = [said("a", "one\ntwo", "stdout")]
  const log = new LogLines()
  const [first, second] = log.take(events)
  events.push(said("a", " more\n", "stdout"))
  const lines = log.take(events)
  expect(textOf(lines)).toBe("one\ntwo more")
  expect(lines[0]).toBe(first)
  expect(lines[1]).not.toBe(second)
})

it("holds the lines of the part that is asked for", () => {
  const log = new LogLines((id) => id === "b")
  expect(textOf(log.take([said("a", "x\n", "stdout"), said("b", "y\n", "stdout")]))).toBe("y")
})
