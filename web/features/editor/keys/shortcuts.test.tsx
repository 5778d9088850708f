import { act, fireEvent, screen } from "@testing-library/react"
import { ReactFlowProvider } from "@xyflow/react"
import { expect, it } from "vitest"
import { joiningAtom, selectionAtom, shortcutsAtom, sideAtom } from "../atoms.ts"
import { useEditorKeys } from "../canvas/use-editor-keys.ts"
import { ShortcutsSheet } from "../shortcuts-sheet.tsx"
import { openEditor } from "../test-editor.tsx"
import { draft, edge, frame, node } from "../test-flow.ts"
import { comboOf } from "./combo.ts"
import { shortcutGroups } from "./shortcuts.ts"

const all = shortcutGroups.flatMap(({ shortcuts }) => [...shortcuts])
const combosOf = (one: (typeof all)[number]) => [...one.keys, ...(one.also ?? [])]

/** Handled by another part: the field of the palette, the browser's clipboard, the shell, the hand that drags, a field. */
const elsewhere = ["/", "mod+c", "mod+x", "mod+v", "mod+k", "mod+s", "shift", "alt", "{{", "ctrl+space"]

const keyNames: Record<string, string> = {
  left: "ArrowLeft",
  right: "ArrowRight",
  up: "ArrowUp",
  down: "ArrowDown",
  esc: "Escape",
  space: " ",
  tab: "Tab",
  enter: "Enter",
  backspace: "Backspace",
  delete: "Delete",
  f2: "F2",
}

/** The press that a combination is written for. */
function pressOf(combo: string) {
  const parts = combo === "+" ? ["+"] : combo.split("+")
  const bare = parts.at(-1)!
  const shiftKey = parts.includes("shift")
  const isDigit = /^\d$/.test(bare)
  return {
    key:
      shiftKey && isDigit
        ? "!@#"[Number(bare) - 1]!
        : (keyNames[bare] ?? (shiftKey ? bare.toUpperCase() : bare)),
    code: isDigit ? `Digit${bare}` : /^[a-z]$/.test(bare) ? `Key${bare.toUpperCase()}` : "",
    shiftKey,
    altKey: parts.includes("alt"),
    metaKey: false,
    ctrlKey: parts.includes("mod"),
  }
}

const flow = draft(
  [
    node("input", "input"),
    node("a", "condition", {}, 272),
    node("b", "transform", { value: "1" }, 544),
    node("note", "note", { text: "x" }, 0, 200),
    frame("g", "group", 0, 400, 376, 184),
  ],
  [edge("input", "a")],
)
const Keys = () => {
  useEditorKeys()
  return <ShortcutsSheet />
}
const editorWithKeys = (mayEdit = true) =>
  openEditor(
    flow,
    <ReactFlowProvider>
      <Keys />
    </ReactFlowProvider>,
    mayEdit,
  )
/** Whether the editor took the key. */
const taken = (combo: string): boolean => {
  let isTaken = false
  act(() => {
    isTaken = !fireEvent.keyDown(document.body, pressOf(combo))
  })
  return isTaken
}

it("gives every combination one meaning, and reads every press as it is written on the sheet", () => {
  const combos = all.flatMap(combosOf)
  expect(new Set(combos).size).toBe(combos.length)
  for (const combo of combos.filter((one) => !elsewhere.includes(one) && !["!", "@"].includes(one)))
    expect(comboOf(pressOf(combo)), combo).toBe(combo)
})

it("handles every shortcut that the sheet shows, but for those of other parts", () => {
  const editor = editorWithKeys()
  const chosen = ["input", "a", "b"]
  for (const combo of all.flatMap(combosOf)) {
    if (elsewhere.includes(combo)) continue
    act(() => {
      editor.store.set(shortcutsAtom, false)
      editor.store.set(joiningAtom, null)
      editor.store.set(sideAtom, "panel")
      const isOfOne = ["a", "c", "enter", "f2", "m"].includes(combo)
      const isOfJoining = ["tab", "shift+tab"].includes(combo) || /^\d$/.test(combo)
      editor.commands.select(
        combo === "f" ? ["g"] : combo === "f2" ? ["note"] : isOfOne || isOfJoining ? ["a"] : chosen,
      )
      if (isOfJoining) editor.store.set(joiningAtom, { source: "a", handle: "default", at: null })
    })
    // There are as many ways out as the node has, a list of kinds needs a drawn node, and these two wait for a focused one.
    if (["a", "space", "shift+enter", "shift+space"].includes(combo) || /^[2-9]$/.test(combo)) continue
    expect(taken(combo), combo).toBe(true)
    act(() => editor.live.undo())
  }
  expect(
    all
      .filter(({ run }) => !run)
      .flatMap(combosOf)
      .toSorted(),
  ).toEqual(elsewhere.toSorted())
})

it("shows every shortcut on the sheet, group by group", async () => {
  const editor = editorWithKeys()
  act(() => editor.store.set(shortcutsAtom, true))
  await screen.findByRole("dialog", { name: "Keys" })
  for (const { title, shortcuts } of shortcutGroups) {
    const group = screen.getByRole("region", { name: title })
    for (const { does } of shortcuts) expect(group.textContent).toContain(does)
  }
})

it("changes nothing by any key for who only looks", () => {
  const editor = editorWithKeys(false)
  const before = editor.draft()
  for (const { edits, ...one } of all) {
    act(() => editor.store.set(selectionAtom, { nodes: new Set(["a", "b"]), edges: new Set<string>() }))
    if (edits) for (const combo of combosOf(one)) expect(taken(combo), combo).toBe(false)
    else for (const combo of combosOf(one)) taken(combo)
  }
  expect(editor.draft()).toBe(before)
})

it("leaves a letter to the page after g, and keys to the field that is written in", () => {
  const editor = editorWithKeys()
  act(() => editor.commands.select(["a"]))
  taken("g")
  expect(taken("c")).toBe(false)
  const field = document.body.appendChild(document.createElement("input"))
  expect(fireEvent.keyDown(field, pressOf("backspace"))).toBe(true)
  expect(editor.draft().nodes).toHaveLength(5)
  field.remove()
})
