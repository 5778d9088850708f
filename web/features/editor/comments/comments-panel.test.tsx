import { act, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { ReactFlow, ReactFlowProvider, useReactFlow } from "@xyflow/react"
import { expect, it } from "vitest"
import { selectionAtom, sideAtom, threadsAtom } from "../atoms.ts"
import { openEditor, people } from "../test-editor.tsx"
import { draft, node } from "../test-flow.ts"
import { canvasMenu } from "../canvas/canvas-menu.ts"
import { CommentMark } from "./comment-mark.tsx"
import { CommentsButton } from "./comments-button.tsx"
import CommentsPanel from "./comments-panel.tsx"
import { PlacePins } from "./place-pins.tsx"
import { seenWith, isUnread } from "./threads.ts"

const [ana, ben] = people

const open = (mayEdit = true) =>
  openEditor(
    draft([node("ask", "llm", { prompt: "Hi" })]),
    <ReactFlowProvider>
      <CommentsButton />
      <CommentsPanel />
      <CommentMark id="ask" />
    </ReactFlowProvider>,
    mayEdit,
  )

type Editor = ReturnType<typeof open>

/** What somebody else says. */
const hear = ({ live }: Editor, thread: string, text: string, node_id: string | null, mentions = [ana.id]) =>
  act(
    () =>
      void live.tell({
        type: "comment",
        thread,
        id: `${thread}-1`,
        about: { node_id, position: null },
        text,
        mentions,
        by: ben.id,
        at: "2026-11-22T01:00:00.000Z",
      }),
  )

const listed = () => screen.queryAllByRole("listitem").map((one) => one.textContent)
const field = (name: string) => screen.getByRole("textbox", { name })

it("says something about the chosen node, calling somebody whose name was completed", async () => {
  const editor = open()
  act(() => editor.store.set(selectionAtom, { nodes: new Set(["ask"]), edges: new Set<string>() }))
  await userEvent.type(field("Comment on Model"), "Ask @li")
  expect(screen.getByRole("option", { name: "Ben Lima" }).getAttribute("aria-selected")).toBe("true")
  await userEvent.keyboard("{Enter}")
  expect(field("Comment on Model")).toHaveProperty("value", "Ask @Ben Lima ")
  await userEvent.keyboard("first{Control>}{Enter}{/Control}")
  expect(editor.store.get(threadsAtom)).toMatchObject([
    { node_id: "ask", comments: [{ by: ana.id, text: "Ask @Ben Lima first", mentions: [ben.id] }] },
  ])
  expect(screen.getByRole("button", { name: "1 open comment" })).toBeTruthy()
  expect(field("Comment on Model")).toHaveProperty("value", "")
})

it("shows what is open, what asks for this person and what is settled", async () => {
  const editor = open()
  hear(editor, "thread-for-me", "@Ana, is it right?", "ask")
  hear(editor, "thread-for-all", "Nice", null, [])
  expect(listed()).toHaveLength(2)
  expect(screen.getByRole("button", { name: "Comments, 2 open, some new" })).toBeTruthy()
  await userEvent.click(screen.getByRole("radio", { name: "For you 1" }))
  expect(listed()).toHaveLength(1)
  await userEvent.click(screen.getByRole("button", { name: "Resolve" }))
  expect(screen.getByText("Nobody asks for you")).toBeTruthy()
  await userEvent.click(screen.getByRole("radio", { name: "Resolved" }))
  expect(screen.getByText("Resolved by Ana")).toBeTruthy()
  await userEvent.click(screen.getByRole("button", { name: "Reopen" }))
  expect(editor.store.get(threadsAtom)[0]).toMatchObject({ resolved_at: null })
})

it("keeps the words about a node that is gone, and lets nobody but their writer change them", async () => {
  const editor = open()
  hear(editor, "thread-of-ben", "Too long?", "ask")
  expect(screen.queryByRole("button", { name: "Comment of Ben Lima" })).toBeNull()
  await userEvent.click(screen.getByRole("button", { name: "Reply" }))
  await userEvent.type(field("Reply"), "No")
  await userEvent.click(screen.getByRole("button", { name: "Reply" }))
  await userEvent.click(screen.getByRole("button", { name: "Comment of Ana" }))
  await userEvent.click(screen.getByRole("menuitem", { name: "Delete" }))
  await userEvent.click(screen.getByRole("button", { name: "Delete comment" }))
  expect(editor.store.get(threadsAtom)[0]?.comments).toHaveLength(1)
  act(() => editor.commands.remove(["ask"]))
  const thread = screen.getByText("Too long?").closest("li")!
  expect(within(thread).getByText("A node that was deleted:")).toBeTruthy()
})

it("lets those read along who may not change the flow", () => {
  const editor = open(false)
  hear(editor, "thread-of-ben", "Too long?", "ask")
  expect(screen.getByText("Too long?")).toBeTruthy()
  expect(screen.queryByRole("textbox")).toBeNull()
  expect(screen.queryByRole("button", { name: "Resolve" })).toBeNull()
})

it("holds what others have written for new until it was seen, and one's own for known", () => {
  const editor = open()
  hear(editor, "thread-of-ben", "Too long?", null)
  const [thread] = editor.store.get(threadsAtom)
  expect(isUnread(thread!, {}, ana.id)).toBe(true)
  expect(isUnread(thread!, {}, ben.id)).toBe(false)
  expect(isUnread(thread!, seenWith({}, [thread!]), ana.id)).toBe(false)
})

/** The panel beside a canvas with its pins; the menu of the canvas is opened by hand. */
function openPlaces() {
  let flow: ReturnType<typeof useReactFlow> | undefined
  const Hand = () => {
    flow = useReactFlow()
    return null
  }
  const editor = openEditor(
    draft([node("ask", "llm", { prompt: "Hi" })]),
    <ReactFlowProvider>
      <ReactFlow nodes={[]} edges={[]}>
        <PlacePins />
        <Hand />
      </ReactFlow>
      <CommentsPanel />
    </ReactFlowProvider>,
  )
  act(() => editor.store.set(sideAtom, "comments"))
  const choose = (label: string, at: { x: number; y: number }) => {
    const { store, commands } = editor
    const entries = canvasMenu({
      commands,
      flow: flow as unknown as Parameters<typeof canvasMenu>[0]["flow"],
      store,
      mayEdit: true,
      at,
      onNode: false,
      running: [],
      tellCut: () => undefined,
    })
    const entry = entries.find((one) => typeof one === "object" && "label" in one && one.label === label)
    act(() => (entry as { onSelect: () => void }).onSelect())
  }
  return { ...editor, choose }
}

it("pins what is said about a place of the canvas to it, and leads from the pin to the thread", async () => {
  const { choose, store } = openPlaces()
  choose("Comment here", { x: 120.4, y: 80 })
  expect(document.querySelector("[data-pending-pin]")).toBeTruthy()
  await waitFor(() => expect(document.activeElement).toBe(field("Comment on this place")))
  await userEvent.keyboard("Leave room here{Control>}{Enter}{/Control}")
  expect(store.get(threadsAtom)).toMatchObject([{ node_id: null, position: { x: 120, y: 80 } }])
  expect(document.querySelector("[data-pending-pin]")).toBeNull()
  expect(field("Comment on the flow")).toBeTruthy()
  const pin = screen.getByRole("button", { name: "Comment here: Leave room here" })
  expect(pin.parentElement?.style.translate).toBe("120px 80px")
  await userEvent.click(screen.getByRole("radio", { name: "Resolved" }))
  pin.focus()
  await userEvent.keyboard("{Enter}")
  const [thread] = screen.getAllByRole("listitem")
  expect(document.activeElement).toBe(thread)
  expect([thread, pin].map((one) => one?.getAttribute("aria-current"))).toEqual(["true", "true"])
  await userEvent.click(screen.getByRole("button", { name: "Resolve" }))
  expect(screen.queryByRole("button", { name: /^Comment here/ })).toBeNull()
})

it("lets go of a place when a node is chosen, the panel is closed or nothing is to be said", async () => {
  const { choose, store } = openPlaces()
  const pending = () => document.querySelector("[data-pending-pin]")
  choose("Comment here", { x: 0, y: 0 })
  act(() => store.set(selectionAtom, { nodes: new Set(["ask"]), edges: new Set<string>() }))
  expect(pending()).toBeNull()
  expect(field("Comment on Model")).toBeTruthy()
  choose("Comment here", { x: 0, y: 0 })
  expect(field("Comment on this place")).toBeTruthy()
  await userEvent.click(screen.getByRole("button", { name: "Cancel" }))
  expect(pending()).toBeNull()
  choose("Comment here", { x: 0, y: 0 })
  await userEvent.click(screen.getByRole("button", { name: /Close/ }))
  act(() => store.set(sideAtom, "comments"))
  expect(pending()).toBeNull()
})
