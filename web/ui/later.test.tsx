import { render, screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, it, vi } from "vitest"
import { fetchInIdle, later, part } from "./later.tsx"

const Whole = ({ name }: { name: string }) => <p>All of {name}</p>
const meanwhile = {
  Coming: () => <p>On its way</p>,
  Lost: ({ onRetry }: { onRetry: () => void }) => (
    <button type="button" onClick={onRetry}>
      Try again
    </button>
  ),
}

it("keeps the place of what comes, says that it does not, and asks again when it is told to", async () => {
  const load = vi.fn(async () => Whole)
  load.mockRejectedValueOnce(new TypeError("no network"))
  const Panel = part(load, meanwhile)
  render(<Panel name="it" />)
  expect(screen.getByText("On its way")).toBeTruthy()
  await userEvent.click(await screen.findByRole("button", { name: "Try again" }))
  await screen.findByText("All of it")
  expect(load).toHaveBeenCalledTimes(2)
})

it("is drawn at once when it was fetched before", async () => {
  const Panel = part(async () => Whole, meanwhile)
  await Panel.fetch()
  render(<Panel name="it" />)
  expect(screen.getByText("All of it")).toBeTruthy()
})

it("fetches once for all who ask meanwhile, and acts at once from then on", async () => {
  const load = vi.fn(async () => 7)
  const code = later(load)
  const acted: number[] = []
  code.use((come) => acted.push(come))
  code.use((come) => acted.push(come))
  expect(acted).toEqual([])
  await code.fetch()
  expect(acted).toEqual([7, 7])
  code.use((come) => acted.push(come))
  expect(acted).toEqual([7, 7, 7])
  expect(load).toHaveBeenCalledOnce()
})

it("fetches the rest one after the other, and what was lost when the network is back", async () => {
  const order: string[] = []
  let isOffline = true
  const first = async () => {
    order.push("first")
    if (isOffline) throw new TypeError("no network")
  }
  const second = async () => void order.push("second")
  const stop = fetchInIdle([first, second])
  await vi.waitFor(() => expect(order).toEqual(["first", "second"]), { timeout: 10_000 })
  isOffline = false
  // Whether the round is over by then or not.
  window.dispatchEvent(new Event("online"))
  await vi.waitFor(() => expect(order).toEqual(["first", "second", "first"]), { timeout: 10_000 })
  stop()
})
