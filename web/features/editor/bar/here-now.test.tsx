import { act, screen } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { expect, it } from "vitest"
import { followedAtom, othersAtom, theirSelectionsAtom } from "../atoms.ts"
import { HolderRing } from "../canvas/holder-ring.tsx"
import { openEditor } from "../test-editor.tsx"
import { draft, node } from "../test-flow.ts"
import { HereNow } from "./here-now.tsx"

const person = (client: number, name: string, may_edit = true) => ({
  client,
  id: `user_${name}`,
  name,
  may_edit,
})
const names = () => screen.queryAllByRole("button").map((button) => button.getAttribute("aria-label"))

it("shows each person once, whatever windows they have, and counts those there is no room for", () => {
  const editor = openEditor(draft([]), <HereNow />)
  expect(screen.queryByRole("list")).toBeNull()
  act(() => editor.store.set(othersAtom, [person(1, "Ada"), person(2, "Ada"), person(3, "Ben", false)]))
  expect(names()).toEqual(["Follow Ada", "Follow Ben, who looks on"])
  const many = ["Ada", "Ben", "Cleo", "Dan", "Eve", "Fay"].map((name, i) => person(i, name))
  act(() => editor.store.set(othersAtom, many))
  expect(names()).toHaveLength(4)
  expect(screen.getByText("more: Eve, Fay")).toBeTruthy()
})

it("follows one person at a time, until they are pressed again", async () => {
  const editor = openEditor(draft([]), <HereNow />)
  act(() => editor.store.set(othersAtom, [person(1, "Ada"), person(2, "Ben")]))
  const press = (name: string) => userEvent.click(screen.getByRole("button", { name }))
  await press("Follow Ada")
  await press("Follow Ben")
  expect(editor.store.get(followedAtom)).toBe("user_Ben")
  expect(screen.getByRole("button", { pressed: true }).getAttribute("aria-label")).toBe("Follow Ben")
  await press("Follow Ben")
  expect(editor.store.get(followedAtom)).toBeNull()
})

it("names who else has a node selected, while they have and are here", () => {
  const editor = openEditor(draft([node("llm", "llm")]), <HolderRing id="llm" />)
  act(() => {
    editor.store.set(othersAtom, [person(1, "Ada"), person(2, "Ben")])
    editor.store.set(theirSelectionsAtom, new Map([[2, ["llm"]]]))
  })
  expect(screen.getByText("Ben")).toBeTruthy()
  act(() => editor.store.set(othersAtom, [person(1, "Ada")]))
  expect(screen.queryByText("Ben")).toBeNull()
})
