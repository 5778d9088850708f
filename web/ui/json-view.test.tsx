import { render, screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, it } from "vitest"
import { JsonView } from "./json-view.tsx"
import { TooltipProvider } from "./tooltip.tsx"

const show = (value: unknown) =>
  render(
    <TooltipProvider>
      <JsonView value={value} label="Output" open={1} />
    </TooltipProvider>,
  )

it("opens as far as asked and folds on a press", async () => {
  show({ kind: "invoice", lines: [{ total: 12 }] })
  expect(screen.getByText('"invoice"')).toBeTruthy()
  expect(screen.queryByText("12")).toBeNull()
  await userEvent.click(screen.getByRole("button", { name: /lines/ }))
  await userEvent.click(screen.getByRole("button", { name: /1 fields/ }))
  expect(screen.getByText("12")).toBeTruthy()
  await userEvent.click(screen.getAllByRole("button", { expanded: true })[0]!)
  expect(screen.queryByText("12")).toBeNull()
})

it("gives a long list and a long text in parts", async () => {
  show(Array.from({ length: 150 }, () => "x"))
  expect(screen.getAllByText('"x"')).toHaveLength(100)
  await userEvent.click(screen.getByRole("button", { name: "50 more" }))
  expect(screen.getAllByText('"x"')).toHaveLength(150)
})

it("shows the rest of a long text on demand", async () => {
  show(["y".repeat(500)])
  const more = screen.getByRole("button", { name: "100 more characters" })
  await userEvent.click(more)
  expect(screen.getByText(JSON.stringify("y".repeat(500)))).toBeTruthy()
})
