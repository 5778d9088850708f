import { fireEvent, render, screen } from "@testing-library/react"
import { expect, it, vi } from "vitest"
import type { JsonObject } from "#core/json"
import { ApprovalForm } from "./approval-form.tsx"

const approval = {
  title: "Pay invoice 12?",
  message: "It is over the limit.",
  form_schema: {
    type: "object",
    properties: { reason: { type: "string", title: "Reason" }, amount: { type: "integer", title: "Amount" } },
    required: ["reason"],
  },
  buttons: [
    { id: "yes", label: "Pay" },
    { id: "no", label: "Refuse" },
  ],
  due: null,
}

function show(change: Partial<typeof approval> | { form_schema: null } = {}) {
  const onAnswer = vi.fn<(button: string, form: JsonObject | undefined) => void>()
  const props = { busy: false, error: null, onAnswer }
  const view = render(<ApprovalForm approval={{ ...approval, ...change }} {...props} />)
  return { onAnswer, view, props }
}

it("answers with the button that was pressed and what was filled in", () => {
  const { onAnswer } = show()
  fireEvent.change(screen.getByLabelText(/Reason/), { target: { value: "Agreed by phone" } })
  fireEvent.click(screen.getByRole("button", { name: "Refuse" }))
  expect(onAnswer.mock.calls).toEqual([["no", { reason: "Agreed by phone" }]])
})

it("says what is missing beside the field, and sends nothing", () => {
  const { onAnswer } = show()
  fireEvent.click(screen.getByRole("button", { name: "Pay" }))
  expect(screen.getByLabelText(/Reason/).getAttribute("aria-invalid")).toBe("true")
  expect(screen.getByRole("alert").textContent).toBe("Fill this in")
  fireEvent.change(screen.getByLabelText(/Reason/), { target: { value: "x" } })
  expect(screen.queryByRole("alert")).toBeNull()
  expect(onAnswer).not.toHaveBeenCalled()
})

it("answers without a form where none is asked", () => {
  const { onAnswer } = show({ form_schema: null })
  fireEvent.click(screen.getByRole("button", { name: "Pay" }))
  expect(onAnswer.mock.calls).toEqual([["yes", undefined]])
})

it("takes no second answer while the first is on its way, and says why one was refused", () => {
  const { view, props, onAnswer } = show({ form_schema: null })
  view.rerender(
    <ApprovalForm
      approval={{ ...approval, form_schema: null }}
      {...props}
      busy
      error={new Error("Somebody has answered")}
    />,
  )
  fireEvent.click(screen.getByRole("button", { name: "Pay" }))
  expect(onAnswer).not.toHaveBeenCalled()
  expect(screen.getByRole("alert")).toBeTruthy()
})
