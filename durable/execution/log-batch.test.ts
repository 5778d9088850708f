import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { LogBatch } from "./log-batch.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const batch = () => {
  const sent: string[] = []
  return { sent, logs: new LogBatch((stream, text) => sent.push(`${stream}: ${text}`)) }
}

it("what is printed after a silence goes on at once, and what follows closely goes on together", () => {
  const { sent, logs } = batch()
  logs.add("stdout", "one")
  expect(sent).toEqual(["stdout: one"])
  logs.add("stdout", "two")
  logs.add("stdout", "three")
  expect(sent).toHaveLength(1)
  vi.advanceTimersByTime(20)
  expect(sent).toEqual(["stdout: one", "stdout: twothree"])
  vi.advanceTimersByTime(500)
  logs.add("stdout", "four")
  expect(sent.at(-1)).toBe("stdout: four")
})

it("both streams keep the order in which they were printed", () => {
  const { sent, logs } = batch()
  for (const [stream, text] of [
    ["stdout", "a"],
    ["stdout", "b"],
    ["stderr", "c"],
    ["stdout", "d"],
  ] as const)
    logs.add(stream, text)
  logs.flush()
  expect(sent).toEqual(["stdout: a", "stdout: b", "stderr: c", "stdout: d"])
  vi.advanceTimersByTime(500)
  expect(sent).toHaveLength(4)
})
