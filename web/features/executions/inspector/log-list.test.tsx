import { render, screen } from "@testing-library/react"
import { expect, it } from "vitest"
import { sayOffset } from "./say-offset.ts"
import { initialState } from "#core/execution/state"
import { LogList } from "./log-list.tsx"
import { LiveExecution } from "#web/flow/live-execution.ts"

const began = "2026-11-21T09:00:00.000Z"

it("tells the time since the execution began, to the millisecond", () => {
  expect(sayOffset("2026-11-21T09:00:01.234Z", began)).toBe("+1.234 s")
  expect(sayOffset("2026-11-21T08:59:59.000Z", began)).toBe("+0.000 s")
  expect(sayOffset(began, undefined)).toBe("")
})

it("lists what the steps said, of all or of one", () => {
  const source = {
    page: async () => ({ events: [], has_more: false }),
    stream: async function* () {},
    isFinal: () => true,
  }
  const live = new LiveExecution("exec", source, { soon: (tell) => tell(), pause: async () => undefined })
  Object.assign(live.state, initialState(), {
    started_at: began,
    logs: [
      { seq: 3, at: began, node_id: "a", level: "info", message: "Begun" },
      { seq: 4, at: began, node_id: "b", level: "error", message: "Broken" },
    ],
  })
  const view = render(<LogList live={live} nodeId={null} onSelect={() => undefined} />)
  expect(screen.getAllByRole("listitem").map((line) => line.textContent)).toEqual([
    "+0.000 saBegun",
    "+0.000 sbBroken",
  ])
  expect(screen.getByRole("img", { name: "Error" })).toBeTruthy()
  view.rerender(<LogList live={live} nodeId="b" onSelect={() => undefined} />)
  expect(screen.getAllByRole("listitem")).toHaveLength(1)
  view.rerender(<LogList live={live} nodeId="c" onSelect={() => undefined} />)
  expect(screen.getByText("No step has written a log line.")).toBeTruthy()
})
