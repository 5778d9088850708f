import { fireEvent, render, screen, waitFor } from "@testing-library/react"
import { useState } from "react"
import { expect, it } from "vitest"
import type { Execution } from "#core/contract/executions"
import type { ExecutionEvent } from "#core/execution/event"
import { LiveExecution } from "#web/flow/live-execution.ts"
import { TimelineView } from "./timeline-view.tsx"

const at = (ms: number) => new Date(Date.parse("2026-11-21T09:00:00.000Z") + ms).toISOString()
const error = { code: "model.overloaded", message: "Busy" }

const events: ExecutionEvent[] = [
  { seq: 1, at: at(0), type: "execution.started", data: {} },
  {
    seq: 2,
    at: at(1),
    type: "node.succeeded",
    node_id: "input",
    attempt: 1,
    data: { output: {}, handles: ["out"] },
  },
  { seq: 3, at: at(2), type: "node.started", node_id: "draft", attempt: 1, data: {} },
  { seq: 4, at: at(500), type: "node.retrying", node_id: "draft", attempt: 1, data: { error, due: at(600) } },
  { seq: 5, at: at(600), type: "node.started", node_id: "draft", attempt: 2, data: {} },
  { seq: 6, at: at(2_002), type: "node.failed", node_id: "draft", attempt: 2, data: { error, handles: [] } },
  { seq: 7, at: at(2_003), type: "execution.failed", data: { error } },
]
const place = { position: { x: 0, y: 0 }, data: {} }
const graph: Execution["graph"] = {
  nodes: [
    { id: "input", type: "input", ...place },
    { id: "draft", type: "llm", label: "Draft a reply", ...place },
  ],
  edges: [],
}

async function show() {
  const live = new LiveExecution(
    "exec",
    {
      page: async () => ({ events, has_more: false }),
      async *stream() {
        yield* []
      },
      isFinal: () => true,
    },
    { soon: (tell) => tell(), pause: async () => undefined },
  )
  live.open()
  await waitFor(() => expect(live.link).toBe("ended"))
  function Page() {
    const [selected, select] = useState<string | null>(null)
    return <TimelineView graph={graph} live={live} selectedId={selected} onSelect={select} />
  }
  render(<Page />)
  return screen.getByRole("listbox", { name: "Steps" })
}

const chosen = () => screen.queryByRole("option", { selected: true })?.textContent

it("lists the steps with their status, their attempts and how long they took", async () => {
  await show()
  expect(screen.getAllByRole("option").map((row) => row.textContent)).toEqual([
    "Input, succeeded",
    "Draft a reply, failed×22.0 s",
  ])
})

it("is walked by the keyboard, and left by Escape", async () => {
  const list = await show()
  fireEvent.keyDown(list, { key: "ArrowDown" })
  expect(chosen()).toMatch(/^Input/)
  fireEvent.keyDown(list, { key: "End" })
  expect(chosen()).toMatch(/^Draft/)
  expect(list.getAttribute("aria-activedescendant")).toBe(screen.getByRole("option", { selected: true }).id)
  fireEvent.keyDown(list, { key: "k" })
  expect(chosen()).toMatch(/^Input/)
  fireEvent.keyDown(list, { key: "Escape" })
  expect(chosen()).toBeUndefined()
})

it("opens a step by a click", async () => {
  await show()
  fireEvent.click(screen.getByText("Draft a reply"))
  expect(chosen()).toMatch(/^Draft/)
})
