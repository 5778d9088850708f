import { EditorView } from "@codemirror/view"
import { act, fireEvent, render, screen, waitFor } from "@testing-library/react"
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

/** A page that gives each text back later than the next key. */
function LatePage({ onChange }: { onChange: (text: string) => string }) {
  const [value, setValue] = useState("")
  return (
    <CodeEditor
      label="Source"
      language="javascript"
      value={value}
      onChange={(next) => void setTimeout(() => setValue(onChange(next)), 30)}
    />
  )
}

async function typeIn(field: HTMLElement, text: string): Promise<EditorView> {
  const view = EditorView.findFromDOM(field)!
  for (const letter of text) {
    await act(async () => {
      view.dispatch(view.state.replaceSelection(letter))
      await new Promise((resolve) => setTimeout(resolve, 10))
    })
  }
  return view
}

it("keeps every letter in its order while its own text comes back late", async () => {
  const told: string[] = []
  render(<LatePage onChange={(text) => told[told.push(text) - 1]!} />)
  const view = await typeIn(await editor(), "export default 1")
  await waitFor(() => expect(told.at(-1)).toBe("export default 1"))
  expect(view.state.doc.toString()).toBe("export default 1")
  expect(view.state.selection.main.head).toBe(16)
})

it("shows what its page made of a text, and what holds once it is left", async () => {
  let isTaken = true
  render(<LatePage onChange={(text) => (isTaken ? text.toUpperCase() : "KEPT")} />)
  const view = await typeIn(await editor(), "a")
  await waitFor(() => expect(view.state.doc.toString()).toBe("A"))
  isTaken = false
  await typeIn(await editor(), "d")
  await waitFor(() => expect(view.state.doc.toString()).toBe("KEPT"))
  await typeIn(await editor(), "!")
  expect(view.state.doc.toString()).toContain("!")
  fireEvent.blur(view.contentDOM)
  expect(view.state.doc.toString()).toBe("KEPT")
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
