import { render, screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { useState } from "react"
import { beforeAll, expect, it } from "vitest"
import { Button } from "./button.tsx"
import { Dialog } from "./dialog.tsx"
import { Input } from "./input.tsx"
import { keepFocus } from "./keep-focus.ts"
import { Menu } from "./menu.tsx"

beforeAll(keepFocus)

function Rows() {
  const [rows, setRows] = useState(["one", "two", "three"])
  return (
    <main id="page" tabIndex={-1}>
      <ul>
        {rows.map((row) => (
          <li key={row}>
            <button type="button" onClick={() => setRows(rows.filter((one) => one !== row))}>
              Remove {row}
            </button>
          </li>
        ))}
      </ul>
    </main>
  )
}

const focusIs = (element: () => Element) => waitFor(() => expect(document.activeElement).toBe(element()))
const removeOf = (row: string) => screen.getByRole("button", { name: `Remove ${row}` })

it("hands the focus of a button that goes to what stands in its place, then to the one before, then to the page", async () => {
  render(<Rows />)
  removeOf("two").focus()
  await userEvent.keyboard("{Enter}")
  await focusIs(() => removeOf("three"))
  await userEvent.keyboard("{Enter}")
  await focusIs(() => removeOf("one"))
  await userEvent.keyboard("{Enter}")
  await focusIs(() => screen.getByRole("main"))
})

function Switch() {
  const [isDone, setDone] = useState(false)
  return (
    <p>
      <button type="button" disabled={isDone} onClick={() => setDone(true)}>
        Save
      </button>
      <button type="button">Undo</button>
    </p>
  )
}

it("hands it on when a button is switched off", async () => {
  render(<Switch />)
  screen.getByRole("button", { name: "Save" }).focus()
  await userEvent.keyboard("{Enter}")
  await focusIs(() => screen.getByRole("button", { name: "Undo" }))
})

it("leaves it where a pointer took it", async () => {
  render(<Rows />)
  await userEvent.click(removeOf("two"))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(document.activeElement).toBe(document.body)
})

function Opened({ hasButton = true }: { hasButton?: boolean }) {
  const [isOpen, setOpen] = useState(false)
  const [isThere, setThere] = useState(true)
  return (
    <main tabIndex={-1}>
      <p>
        {isThere && (
          <Menu entries={[{ label: "Edit", onSelect: () => setOpen(true) }]}>
            <Button>Acts</Button>
          </Menu>
        )}
        <button type="button">After</button>
      </p>
      {isOpen && (
        <Dialog
          open
          onOpenChange={(open) => {
            setOpen(open)
            setThere(hasButton)
          }}
          title="Edit it"
        >
          <Input autoFocus aria-label="Name" />
        </Dialog>
      )}
    </main>
  )
}

it.each([
  ["to the button of the menu that opened it", true, "Acts"],
  ["to what stands where the button stood", false, "After"],
])("leads from a dialog back %s", async (_, hasButton, back) => {
  render(<Opened hasButton={hasButton} />)
  screen.getByRole("button", { name: "Acts" }).focus()
  await userEvent.keyboard("{Enter}")
  await screen.findByRole("menuitem", { name: "Edit" })
  await userEvent.keyboard("{Enter}")
  await focusIs(() => screen.getByRole("textbox", { name: "Name" }))
  await userEvent.keyboard("{Escape}")
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull())
  await focusIs(() => screen.getByRole("button", { name: back }))
})

it("takes no second press while an act is under way, and keeps the focus", async () => {
  let presses = 0
  const { rerender } = render(<Button onClick={() => presses++}>Send</Button>)
  await userEvent.tab()
  await userEvent.keyboard("{Enter}")
  rerender(
    <Button busy onClick={() => presses++}>
      Send
    </Button>,
  )
  await userEvent.keyboard("{Enter}")
  expect(presses).toBe(1)
  expect(document.activeElement).toBe(screen.getByRole("button", { name: "Send" }))
})
