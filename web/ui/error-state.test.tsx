import { render, screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, it, vi } from "vitest"
import { Failure } from "#core/errors"
import { ErrorState } from "./error-state.tsx"
import { ErrorNote } from "./error-note.tsx"
import { sayError } from "./say-error.ts"

const busy = new Failure("storage.busy", {
  detail: "The tenant's database is being moved.",
  requestId: "req_01J",
})

it("says what happened, its code and request id, and offers another try", async () => {
  const onRetry = vi.fn()
  render(<ErrorState error={busy} onRetry={onRetry} />)
  const alert = screen.getByRole("alert")
  for (const words of ["The database is busy", "is being moved", "storage.busy", "req_01J"]) {
    expect(alert.textContent).toContain(words)
  }
  await userEvent.click(screen.getByRole("button", { name: "Try again" }))
  expect(onRetry).toHaveBeenCalledOnce()
})

it("tells a lost connection from a fault of the page", () => {
  expect(sayError(new TypeError("Failed to fetch")).title).toBe("The server cannot be reached")
  expect(sayError(new TypeError("x is not a function")).title).toBe("Something went wrong on this page")
})

it("names the request for a fault of the server only", () => {
  const { rerender } = render(<ErrorNote error={busy} />)
  expect(screen.getByRole("alert").textContent).toContain("req_01J")
  rerender(<ErrorNote error={new Failure("auth.bad_credentials", { requestId: "req_01J" })} />)
  expect(screen.getByRole("alert").textContent).toBe("The email address or the password is wrong.")
})
