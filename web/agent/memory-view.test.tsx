import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { render, screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, it } from "vitest"
import type { Memory } from "#core/contract/agents"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { MemoryView, type MemorySource } from "./memory-view.tsx"

const at = "2026-11-21T09:00:00.000Z"
const memoryOf = (text: string, i: number): Memory => ({
  id: `memory_${i}`,
  text,
  created_at: at,
  used_at: null,
})

function show(texts: string[], props: Partial<Parameters<typeof MemoryView>[0]> = {}, refuse = false) {
  let held = texts.map(memoryOf)
  const asked: string[] = []
  const source: MemorySource = {
    key: ["agent"],
    list: async ({ page, search = "" }) => {
      asked.push(search)
      const memories = held.filter((one) => one.text.includes(search))
      const page_info = { page, limit: 100, has_next: false, has_prev: false }
      return { memories, total: memories.length, page_info }
    },
    forget: async (id) => {
      held = held.filter((one) => one.id !== id)
    },
    forgetAll: async () => {
      if (refuse) throw new Error("No.")
      held = []
    },
  }
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <TooltipProvider>
        <MemoryView source={source} name="Clerk" isOn mayEdit {...props} />
      </TooltipProvider>
    </QueryClientProvider>,
  )
  return { asked, held: () => held.map((one) => one.text) }
}

const facts = ["The customer pays in francs", "The harbour opened in 1901"]

it("finds by words, and says when nothing fits", async () => {
  const { asked } = show(facts)
  await screen.findByText("2 memories")
  await userEvent.type(screen.getByRole("searchbox", { name: "Search memories" }), "francs")
  await screen.findByText("1 memory")
  expect(screen.queryByRole("row", { name: facts[1]! })).toBeNull()
  await userEvent.type(screen.getByRole("searchbox"), "xyz")
  await screen.findByText("No memory matches")
  // What is typed becomes one request, not one for each letter.
  expect(asked.length).toBeLessThanOrEqual(4)
})

it("forgets one thing, and everything once the name is typed", async () => {
  const user = userEvent.setup()
  const { held } = show(facts)
  await screen.findByText("2 memories")
  await user.click(screen.getAllByRole("button", { name: "Forget this" })[0]!)
  await screen.findByText("1 memory")
  expect(held()).toEqual([facts[1]])
  await user.click(screen.getByRole("button", { name: "Forget everything…" }))
  const act = screen.getByRole("button", { name: "Forget everything" })
  expect(act).toHaveProperty("disabled", true)
  await user.type(screen.getByRole("textbox", { name: /Clerk/ }), "Clerk{Enter}")
  await screen.findByText("Nothing remembered yet")
  expect(held()).toEqual([])
})

it("keeps the question open when it could not be done", async () => {
  const { held } = show(facts, {}, true)
  await screen.findByText("2 memories")
  await userEvent.click(screen.getByRole("button", { name: "Forget everything…" }))
  await userEvent.type(screen.getByRole("textbox", { name: /Clerk/ }), "Clerk{Enter}")
  await screen.findByRole("alert")
  expect(screen.getByRole("alertdialog")).toBeTruthy()
  expect(held()).toEqual(facts)
})

it("says that memory is off, and offers nothing to those who may only look", async () => {
  show([], { isOn: false })
  await screen.findByText("Memory is off")
  expect(screen.queryByRole("searchbox")).toBeNull()
})

it("offers nothing to erase to those who may only look", async () => {
  show(facts, { mayEdit: false })
  await waitFor(() => expect(screen.getAllByRole("row").length).toBeGreaterThan(1))
  expect(screen.queryByRole("button", { name: /Forget/ })).toBeNull()
})
