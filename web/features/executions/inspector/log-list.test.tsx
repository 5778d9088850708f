import { act, fireEvent, screen } from "@testing-library/react"
import { afterEach, expect, it, vi } from "vitest"
import type { NewEvent } from "#core/execution/event"
import { showIn } from "../test-watch.tsx"
import { begun, invoices } from "../test-flows.ts"
import { useJournalTabs } from "./journal-tabs.tsx"
import { sayOffset } from "./say-offset.ts"

afterEach(() => vi.unstubAllGlobals())

const began = "2026-11-21T09:00:00.000Z"

it("tells the time since the execution began, to the millisecond", () => {
  expect(sayOffset("2026-11-21T09:00:01.234Z", began)).toBe("+1.234 s")
  expect(sayOffset("2026-11-21T08:59:59.000Z", began)).toBe("+0.000 s")
  expect(sayOffset(began, undefined)).toBe("")
})

const prints = (node_id: string, message: string, more: Partial<NewEvent> = {}) =>
  ({ type: "tool.log", node_id, attempt: 1, data: { message, stream: "stdout" }, ...more }) as NewEvent

function Logs({ step = null, within = false }: { step?: string | null; within?: boolean }) {
  const tab = useJournalTabs("", step, { within }).find((one) => one.value === "logs")
  return (
    <>
      <output>{tab?.count ?? 0}</output>
      {tab?.panel}
    </>
  )
}

const lines = () => screen.getAllByRole("listitem").map((one) => one.textContent.replace(/^\+[\d.]+ s/, ""))

it("says so when nothing was logged", async () => {
  await showIn(<Logs />, { graph: { nodes: [], edges: [] }, events: [] })
  expect(screen.getByText("Nothing is written yet.")).toBeTruthy()
})

it("shows what a program prints line by line as it comes, and which of it is error output", async () => {
  const { say } = await showIn(<Logs step="draft" />, {
    graph: invoices,
    events: [...begun, prints("draft", "one\ntw"), prints("other", "not this\n")],
  })
  expect(lines()).toEqual(["one", "tw"])
  await say(prints("draft", "o\n"), prints("draft", "oh\n", { data: { message: "oh\n", stream: "stderr" } }))
  expect(lines()).toEqual(["one", "two", "Error output: oh"])
  expect(screen.getByRole("status").textContent).toBe("3")
})

it("holds what a call printed inside of its node, and leads from a line of the whole log to its step", async () => {
  const events = [...begun, prints("call", "inside\n", { scope: "draft" }), prints("send", "outside\n")]
  const { view } = await showIn(<Logs step="draft" within />, { graph: invoices, events })
  expect(lines()).toEqual(["inside"])
  view.unmount()
  const { search } = await showIn(<Logs />, { graph: invoices, events })
  fireEvent.click(screen.getAllByRole("button")[0]!)
  await vi.waitFor(() => expect(search()).toMatchObject({ node: "call", scope: "draft" }), {
    timeout: 10_000,
  })
})

it("draws a few of a hundred thousand lines, follows the end, and stays where somebody has scrolled up to", async () => {
  // Without a layout every line would be measured as nothing.
  vi.spyOn(HTMLElement.prototype, "offsetHeight", "get").mockReturnValue(20)
  const many = Array.from({ length: 100 }, (_, i) =>
    prints("draft", Array.from({ length: 1_000 }, (__, n) => `line ${i * 1_000 + n}\n`).join("")),
  )
  const { say } = await showIn(<Logs step="draft" />, { graph: invoices, events: [...begun, ...many] })
  expect(screen.getByRole("status").textContent).toBe("100000")
  expect(screen.getAllByRole("listitem").length).toBeLessThan(200)
  const box = screen.getByRole("region", { name: "Log" })
  expect(box.scrollTop).toBe(100_000)
  const scroll = (top: number) =>
    act(async () => {
      box.scrollTop = top
      fireEvent.scroll(box)
    })
  await scroll(99_400)
  await scroll(50_000)
  await say(prints("draft", "more\n"))
  expect(box.scrollTop).toBe(50_000)
  fireEvent.click(screen.getByRole("button", { name: "To the end" }))
  expect(box.scrollTop).toBe(100_000)
  await say(prints("draft", "and more\n"))
  expect(screen.queryByRole("button", { name: "To the end" })).toBeNull()
})
