import { act, screen } from "@testing-library/react"
import { expect, it } from "vitest"
import { liveStateAtom } from "../atoms.ts"
import type { LiveState } from "../live/live-draft.ts"
import { openEditor } from "../test-editor.tsx"
import { draft } from "../test-flow.ts"
import { SaveStatus } from "./save-status.tsx"

const words: [LiveState, string][] = [
  [{ is: "connecting" }, "Connecting"],
  [{ is: "saving" }, "Saving"],
  [{ is: "saved", at: Date.now() }, "Saved just now"],
  [{ is: "offline", waiting: 0 }, "Reconnecting"],
  [{ is: "offline", waiting: 2 }, "Offline, kept here until the server answers"],
  [{ is: "refused", message: "The name is empty." }, "Not saved: The name is empty."],
  [{ is: "ended", why: "superseded" }, "This window was opened again elsewhere. Reload to go on here"],
  [{ is: "ended", why: "revoked" }, "You have no access to this flow any more"],
  [{ is: "ended", why: "gone" }, "This flow was deleted"],
]

it.each(words)("says where the edits stand: %o", (state, said) => {
  const editor = openEditor(draft([]), <SaveStatus />)
  act(() => editor.store.set(liveStateAtom, state))
  expect(screen.getByText(said)).toBeTruthy()
})

it("says to a viewer that they look, and not when somebody saved", () => {
  const editor = openEditor(draft([]), <SaveStatus />, false)
  act(() => editor.store.set(liveStateAtom, { is: "saved", at: Date.now() }))
  expect(screen.getByText("View only")).toBeTruthy()
})
