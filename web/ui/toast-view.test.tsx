import { render, screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, it, vi } from "vitest"
import Toasts, { type ToastView } from "./toast-view.tsx"

async function raise(onClick: () => void): Promise<(message: string) => void> {
  let toasts: ToastView | undefined
  render(
    <>
      <button>First</button>
      <button>Second</button>
      <Toasts
        onReady={(view) => {
          toasts = view
        }}
      />
    </>,
  )
  toasts?.done("Deleted", { onClick })
  await screen.findByText("Deleted")
  screen.getByRole("button", { name: "Second" }).focus()
  return (message) => toasts?.done(message)
}

it("is tabbed through, and past it", async () => {
  const user = userEvent.setup()
  await raise(() => {})
  for (let i = 0; i < 6 && document.activeElement?.textContent !== "Undo"; i++) await user.tab()
  expect(document.activeElement?.textContent).toBe("Undo")
  await user.tab()
  expect(screen.getByRole("button", { name: "Second" })).not.toBe(document.activeElement)
})

it("gives the focus back when it goes", async () => {
  const user = userEvent.setup()
  const undone = vi.fn()
  const again = await raise(undone)
  for (let i = 0; i < 6 && document.activeElement?.textContent !== "Undo"; i++) await user.tab()
  await user.keyboard("{Enter}")
  expect(undone).toHaveBeenCalledOnce()
  await waitFor(() => expect(screen.getByRole("button", { name: "Second" })).toBe(document.activeElement), {
    timeout: 5_000,
  })
  // Once: whoever has left since is not fetched back by the next one.
  screen.getByRole("button", { name: "Second" }).blur()
  again("Saved")
  await screen.findByText("Saved")
  expect(document.activeElement).toBe(document.body)
})
