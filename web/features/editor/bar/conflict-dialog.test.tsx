import { act, screen, waitFor } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import { session } from "#web/state/session.ts"
import { saveStateAtom } from "../atoms.ts"
import { openEditor } from "../test-editor.tsx"
import { draft, node } from "../test-flow.ts"
import { ConflictDialog } from "./conflict-dialog.tsx"
import { SaveStatus } from "./save-status.tsx"

const mine = { ...draft([node("input", "input")]), name: "Mine" }
const theirs = { ...draft([node("input", "input"), node("output", "output")]), name: "Theirs" }

beforeEach(() => {
  session.begin("token", "tenant")
  const reply = { flow: { id: "flow", ...theirs, version: 9 }, findings: [], versions: [] }
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify(reply)))
})
afterEach(() => session.end("left"))

function show() {
  const editor = openEditor(
    mine,
    <>
      <SaveStatus />
      <ConflictDialog />
    </>,
  )
  act(() => editor.store.set(saveStateAtom, { is: "conflict" }))
  return editor
}

it("loads the other's flow in place of one's own, which undo brings back", async () => {
  const editor = show()
  await userEvent.click(screen.getByRole("button", { name: "Load theirs" }))
  await waitFor(() => expect(editor.draft().name).toBe("Theirs"))
  act(editor.commands.undo)
  expect(editor.draft()).toEqual(mine)
})

it("keeps one's own on top of the version that the server has now", async () => {
  const editor = show()
  await userEvent.click(screen.getByRole("button", { name: "Keep mine" }))
  await waitFor(() => expect(editor.autosave.version).toBe(9))
  expect(editor.draft()).toEqual(mine)
})

it("can be put off, and is found again beside the Run button", async () => {
  show()
  await userEvent.keyboard("{Escape}")
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull())
  await userEvent.click(screen.getByRole("button", { name: /choose which to keep/ }))
  expect(screen.getByRole("dialog")).toBeTruthy()
})
