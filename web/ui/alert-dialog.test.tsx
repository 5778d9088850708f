import { render, screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, it, vi } from "vitest"
import { Failure } from "#core/errors"
import { AlertDialog } from "./alert-dialog.tsx"

const show = (onAct: () => Promise<void>, onOpenChange = vi.fn()) => {
  render(
    <AlertDialog
      open
      onOpenChange={onOpenChange}
      title="Revoke “CI”?"
      description="It cannot be brought back."
      act="Revoke key"
      typeName="CI"
      onAct={onAct}
    />,
  )
  return onOpenChange
}

it("acts only once the name is typed", async () => {
  const onAct = vi.fn(async () => undefined)
  const onOpenChange = show(onAct)
  const button = screen.getByRole<HTMLButtonElement>("button", { name: "Revoke key" })
  expect(button.disabled).toBe(true)
  await userEvent.type(screen.getByRole("textbox"), "ci")
  expect(button.disabled).toBe(true)
  await userEvent.clear(screen.getByRole("textbox"))
  await userEvent.type(screen.getByRole("textbox"), "CI{Enter}")
  await waitFor(() => expect(onOpenChange).toHaveBeenCalledWith(false))
  expect(onAct).toHaveBeenCalledOnce()
})

it("stays and says why when the act is refused", async () => {
  const onOpenChange = show(() => Promise.reject(new Failure("access.denied")))
  await userEvent.type(screen.getByRole("textbox"), "CI{Enter}")
  expect((await screen.findByRole("alert")).textContent).toContain("Your role does not allow this.")
  expect(onOpenChange).not.toHaveBeenCalled()
})
