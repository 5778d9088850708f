import { render, screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { useState } from "react"
import { expect, it } from "vitest"
import { CodeEditor, type CodeEditorProps } from "./code-editor.tsx"
import { offsetOfLine } from "./model.ts"

function Page({ start = "", ...rest }: { start?: string } & Partial<CodeEditorProps>) {
  const [value, setValue] = useState(start)
  return (
    <>
      <CodeEditor label="Source" language="javascript" {...rest} value={value} onChange={setValue} />
      <button type="button" onClick={() => setValue("const other = 2")}>
        Another text
      </button>
      <output>{value}</output>
    </>
  )
}

const editor = () =>
  waitFor(() => {
    const found = screen.getByRole("textbox", { name: "Source" })
    if (!found.classList.contains("cm-content")) throw new Error("still the stand-in")
    return found
  })

it("shows a text, tells what is typed, and takes a text from outside without telling it back", async () => {
  render(<Page start={"const one = 1\n"} />)
  expect((await editor()).textContent).toContain("const one = 1")
  await userEvent.click(screen.getByRole("button", { name: "Another text" }))
  expect((await editor()).textContent).toContain("const other = 2")
  expect(screen.getByRole("status").textContent).toBe("const other = 2")
})

it("says what is wrong with a line, and goes there", async () => {
  render(<Page start={"a\nb\nc"} errors={[{ line: 2, message: "b is not defined" }]} />)
  const field = await editor()
  expect(field.getAttribute("aria-invalid")).toBe("true")
  await waitFor(() => expect(field.querySelector(".cm-line.cm-fault")?.textContent).toBe("b"))
  const described = (field.getAttribute("aria-describedby") ?? "").split(" ")
  expect(described.map((id) => document.getElementById(id)?.textContent).join(" ")).toContain(
    "b is not defined",
  )
  await userEvent.click(screen.getByRole("button", { name: "Line 2" }))
  expect(document.activeElement).toBe(field)
})

it("cannot be written in where it is only read, and is still reached by Tab", async () => {
  render(<Page start="kept" readOnly />)
  const field = await editor()
  expect(field.getAttribute("contenteditable")).toBe("false")
  expect(field.getAttribute("aria-readonly")).toBe("true")
  expect(field.tabIndex).toBe(0)
})

it("finds where a line begins", () => {
  expect([1, 2, 3, 9].map((line) => offsetOfLine("ab\nc\nd", line))).toEqual([0, 3, 5, 6])
})
