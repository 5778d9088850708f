import { act, fireEvent, screen } from "@testing-library/react"
import { afterEach, expect, it, vi } from "vitest"
import { begun, invoices, opened, started } from "../test-flows.ts"
import { showIn } from "../test-watch.tsx"
import { ScopeBar } from "./scope-bar.tsx"

afterEach(() => vi.unstubAllGlobals())

const items = Array.from({ length: 40 }, (_, i) => `letter ${i + 1}`)
const show = (search = "", events = [...begun, ...opened(...items), started("draft", "each[6]")]) =>
  showIn(<ScopeBar />, { graph: invoices, events, search })

it("is not there before anything was gone through", async () => {
  await show("", begun)
  expect(screen.queryByRole("navigation")).toBeNull()
})

it("goes from item to item, with the same step open", async () => {
  const { search } = await show("?scope=each%5B6%5D&node=draft")
  expect(screen.getByRole("button", { name: "Item 7 of 40" })).toBeTruthy()
  fireEvent.click(screen.getByRole("button", { name: "The next one" }))
  await vi.waitFor(() => expect(search()).toEqual({ scope: "each[7]", node: "draft" }), { timeout: 10_000 })
  fireEvent.click(screen.getByRole("button", { name: "All of Each invoice" }))
  await vi.waitFor(() => expect(search()).toEqual({}), { timeout: 10_000 })
  expect(await screen.findByRole("button", { name: "All 40" })).toBeTruthy()
})

it("finds an item by its number or by what it is", async () => {
  const { search } = await show()
  fireEvent.click(screen.getByRole("button", { name: "All 40" }))
  const box = await screen.findByRole("combobox")
  fireEvent.change(box, { target: { value: "letter 23" } })
  await act(async () => fireEvent.keyDown(box, { key: "Enter" }))
  await vi.waitFor(() => expect(search()).toEqual({ scope: "each[22]" }), { timeout: 10_000 })
})
