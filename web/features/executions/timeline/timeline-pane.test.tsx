import { fireEvent, screen, within } from "@testing-library/react"
import { afterEach, expect, it, vi } from "vitest"
import { begun, gave, invoices, opened, started } from "../test-flows.ts"
import { showIn } from "../test-watch.tsx"
import { TimelinePane } from "./timeline-pane.tsx"

afterEach(() => vi.unstubAllGlobals())

const error = { code: "model.overloaded", message: "The model is busy" }
const events = [
  ...begun,
  ...opened("a", "b"),
  started("draft", "each[0]"),
  gave("draft", "each[0]", "Dear Ana"),
  started("draft", "each[1]"),
  {
    type: "node.failed" as const,
    node_id: "draft",
    scope: "each[1]",
    attempt: 1,
    data: { error, handles: [] },
  },
]
const show = (search = "") => showIn(<TimelinePane />, { graph: invoices, events, search })
const options = () => screen.getAllByRole("option").map((row) => row.textContent)

it("opens the step of the line that is clicked, in its iteration", async () => {
  const { search } = await show()
  const tree = screen.getByRole("tree", { name: "Steps" })
  fireEvent.click(within(tree).getAllByText("Write a reply")[1]!)
  await vi.waitFor(() => expect(search()).toMatchObject({ node: "draft", scope: "each[1]" }), {
    timeout: 10_000,
  })
})

it("finds steps by words, and walks what was found by keys", async () => {
  const { search } = await show()
  fireEvent.change(screen.getByLabelText("Search steps"), { target: { value: "reply" } })
  expect(options().map((text) => text.slice(0, 30))).toEqual([
    expect.stringMatching(/^Write a reply, succeededItem 1/),
    expect.stringMatching(/^Write a reply, failedItem 2/),
  ])
  const list = screen.getByRole("listbox", { name: "Steps found" })
  fireEvent.keyDown(list, { key: "ArrowDown" })
  await vi.waitFor(() => expect(search()).toMatchObject({ scope: "each[0]" }), { timeout: 10_000 })
  fireEvent.keyDown(list, { key: "End" })
  await vi.waitFor(() => expect(search()).toMatchObject({ scope: "each[1]" }), { timeout: 10_000 })
  await vi.waitFor(
    () =>
      expect(list.getAttribute("aria-activedescendant")).toBe(
        screen.getByRole("option", { selected: true }).id,
      ),
    { timeout: 10_000 },
  )
  fireEvent.keyDown(list, { key: "Escape" })
  await vi.waitFor(() => expect(search()).not.toHaveProperty("node"), { timeout: 10_000 })
})

it("keeps to a status, and to the iteration that is looked at", async () => {
  await show("?scope=each%5B0%5D")
  fireEvent.click(screen.getByRole("button", { name: "Failed 1" }))
  expect(options()).toEqual([expect.stringContaining("The model is busy")])
  fireEvent.click(screen.getByRole("button", { name: "Only Item 1" }))
  expect(screen.getByText("No step matches.")).toBeTruthy()
})
