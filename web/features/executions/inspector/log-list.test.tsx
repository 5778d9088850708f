import { screen } from "@testing-library/react"
import { afterEach, expect, it, vi } from "vitest"
import { showIn } from "../test-watch.tsx"
import { LogList } from "./log-list.tsx"
import { sayOffset } from "./say-offset.ts"

afterEach(() => vi.unstubAllGlobals())

const began = "2026-11-21T09:00:00.000Z"

it("tells the time since the execution began, to the millisecond", () => {
  expect(sayOffset("2026-11-21T09:00:01.234Z", began)).toBe("+1.234 s")
  expect(sayOffset("2026-11-21T08:59:59.000Z", began)).toBe("+0.000 s")
  expect(sayOffset(began, undefined)).toBe("")
})

it("says so when nothing was logged", async () => {
  await showIn(<LogList part={{ step: null, has: () => true }} />, {
    graph: { nodes: [], edges: [] },
    events: [],
  })
  expect(screen.getByText("No step has written a log line.")).toBeTruthy()
})
