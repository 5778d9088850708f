import { cleanup, screen, waitFor, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { afterEach, describe, expect, it, vi } from "vitest"
import type { Proposal } from "#core/contract/flow-builder"
import { Failure } from "#core/errors"
import { draft, edge, node } from "../test-flow.ts"
import { openEditor } from "../test-editor.tsx"
import { shownReviewAtom } from "./atoms.ts"
import BuilderPanel from "./builder-panel.tsx"

const { stream } = vi.hoisted(() => ({ stream: vi.fn() }))
vi.mock("#web/api/stream.ts", () => ({ stream }))
afterEach(() => {
  cleanup()
  stream.mockReset()
})

const flow = draft(
  [node("input", "input"), node("say", "llm", { prompt: "Hi" }, 272), node("output", "output", {}, 544)],
  [edge("input", "say"), edge("say", "output")],
)
const proposal: Proposal = {
  reply: "A wait, and <b>another</b> name.",
  model: "tester",
  version: 1,
  operations: [
    { operation: { op: "add_node", id: "rest", kind: "wait", data: { seconds: 5 } }, faults: [] },
    { operation: { op: "disconnect", from: "say", to: "output" }, faults: [] },
    { operation: { op: "connect", from: "say", to: "rest" }, faults: [] },
    { operation: { op: "connect", from: "rest", to: "output" }, faults: [] },
    { operation: { op: "rename", node: "say", label: "Speak" }, faults: [] },
    {
      operation: { op: "set", node: "say", field: "model", value: "gpt" },
      faults: ["There is no such model."],
    },
  ],
  items: [[], [], [0], [0], [], []].map((needs) => ({ needs, faults: [], warnings: [] })),
  rounds: 2,
  input_tokens: 900,
  output_tokens: 100,
  cost_micros: 0,
}

const answers = (...events: [string, unknown][]) =>
  stream.mockImplementationOnce(async function* () {
    for (const [event, data] of events) yield { id: undefined, event, data: JSON.stringify(data) }
  })
const open = () => {
  const editor = openEditor(flow, <BuilderPanel />)
  vi.spyOn(editor.live, "flush").mockResolvedValue(true)
  return editor
}
const ask = async (message: string) => {
  await userEvent.type(screen.getByRole("textbox", { name: "What should change" }), `${message}{Enter}`)
}
const box = (name: RegExp) => screen.findByRole<HTMLInputElement>("checkbox", { name })

describe("the builder in words", () => {
  it("draws what is proposed, and makes what is accepted as one step", async () => {
    answers(["progress", { is: "asking", round: 1, reply: "", operations: 0 }], ["proposal", proposal])
    const { store, draft: now, commands } = open()
    await ask("Rest a little")
    expect(stream.mock.calls[0]![1]).toMatchObject({
      body: { message: "Rest a little", selection: [], history: [] },
    })
    const list = within(await screen.findByRole("list", { name: "Proposed changes" }))
    expect(list.getAllByRole("listitem")).toHaveLength(6)
    expect(screen.getByText("A wait, and <b>another</b> name.")).toBeTruthy()
    expect(list.getByText("There is no such model.")).toBeTruthy()
    expect((await box(/^Accept change 6/)).disabled).toBe(true)
    expect(store.get(shownReviewAtom)).toMatchObject({ count: 5 })
    expect(store.get(shownReviewAtom)!.marks.nodes.get("rest")).toBe("added")
    expect(now()).toBe(flow)

    // An edge goes with its node, and brings it back.
    await userEvent.click(await box(/^Accept change 1:/))
    expect((await box(/^Accept change 3:/)).checked).toBe(false)
    await userEvent.click(await box(/^Accept change 3:/))
    expect((await box(/^Accept change 1:/)).checked).toBe(true)
    await userEvent.click(await box(/^Accept change 4:/))
    await userEvent.click(await box(/^Accept change 5:/))
    await userEvent.click(screen.getByRole("button", { name: "Accept 4 of 6" }))
    expect(now().nodes.map(({ id }) => id)).toEqual(["input", "say", "output", "rest"])
    expect(now().nodes[1]!.label).toBeUndefined()
    expect(screen.getByRole("status").textContent).toBe("4 of 6 changes accepted.")
    expect(store.get(shownReviewAtom)).toBeNull()
    commands.undo()
    expect(now()).toEqual(flow)

    answers(["proposal", { ...proposal, operations: [], items: [], reply: "Nothing to do." }])
    await ask("And now?")
    await waitFor(() => expect(screen.getByRole("status").textContent).toBe("Nothing to do."))
    expect(stream.mock.calls[1]![1].body.history).toMatchObject([
      { message: "Rest a little", accepted: [0, 1, 2, 3] },
    ])
  })

  it("says of a change whose node somebody took away that it has gone", async () => {
    answers(["proposal", proposal])
    const { commands } = open()
    await ask("Rest a little")
    await box(/^Accept change 5:/)
    commands.remove(["say"])
    await waitFor(() =>
      expect(screen.getAllByText("The node say was removed meanwhile.").length).toBeGreaterThan(0),
    )
    expect((await box(/^Accept change 5:/)).disabled).toBe(true)
  })

  it("says what went wrong and what to do, and stops when it is told to", async () => {
    stream.mockImplementationOnce(() => {
      throw new Failure("builder.model_failed", {
        detail: "The vendor is busy. Try again, or choose another model.",
      })
    })
    open()
    await ask("Do it")
    expect((await screen.findByRole("alert")).textContent).toContain("choose another model")
    stream.mockImplementationOnce(async function* (_: unknown, { signal }: { signal: AbortSignal }) {
      yield {
        id: undefined,
        event: "progress",
        data: JSON.stringify({ is: "answering", round: 1, reply: "Let me", operations: 2 }),
      }
      await new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason as Error)),
      )
    })
    await userEvent.click(screen.getByRole("button", { name: "Ask again" }))
    expect(await screen.findByText("Let me")).toBeTruthy()
    await userEvent.click(screen.getAllByRole("button", { name: "Stop" })[0]!)
    expect((await screen.findAllByText("Stopped. Nothing was changed.")).length).toBeGreaterThan(0)
  })

  it("refuses all, and offers examples to begin with", async () => {
    answers(["proposal", proposal])
    const { draft: now } = open()
    await userEvent.click(screen.getByRole("button", { name: "Add an approval called Sign-off at the end" }))
    await userEvent.click(await screen.findByRole("button", { name: "Refuse all" }))
    expect(screen.getAllByText("Refused; nothing was changed.").length).toBeGreaterThan(0)
    expect(now()).toBe(flow)
  })
})
