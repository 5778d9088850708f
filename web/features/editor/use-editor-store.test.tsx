import { waitFor } from "@testing-library/react"
import { expect, it } from "vitest"
import { joiningAtom, pinsAtom, selectionAtom, startUntilAtom, writingNoteAtom } from "./atoms.ts"
import { openEditor } from "./test-editor.tsx"
import { draft, edge, node } from "./test-flow.ts"
import { follow } from "./use-editor-store.ts"

it("goes along with nodes that were called otherwise: selected, drawn at once, and referred to by each other", async () => {
  const flow = draft(
    [node("ask", "llm"), node("ask_2", "llm"), node("then_2", "llm", { prompt: "{{ nodes.ask.text }}" })],
    [edge("ask_2", "then_2")],
  )
  const { store, live, commands, draft: shown } = openEditor(flow)
  commands.select(["ask", "then"])
  store.set(writingNoteAtom, "ask")
  store.set(startUntilAtom, "other")
  store.set(joiningAtom, { source: "ask", handle: "output", at: "then" })
  store.set(pinsAtom, { ask: 7 })
  const steps: string[] = []
  const names = new Map([
    ["ask", "ask_2"],
    ["then", "then_2"],
  ])
  follow(store, live, names, () => steps.push("shown"))
  expect(steps).toEqual(["shown"])
  expect([...store.get(selectionAtom).nodes]).toEqual(["ask_2", "then_2"])
  expect(store.get(writingNoteAtom)).toBe("ask_2")
  expect(store.get(startUntilAtom)).toBe("other")
  expect(store.get(joiningAtom)).toEqual({ source: "ask_2", handle: "output", at: "then_2" })
  expect(store.get(pinsAtom)).toEqual({ ask_2: 7 })
  await waitFor(() => {
    expect(shown().nodes.at(-1)!.data["prompt"]).toBe("{{ nodes.ask_2.text }}")
  })
})
