import { render, screen, within } from "@testing-library/react"
import userEvent from "@testing-library/user-event"
import { useState } from "react"
import { expect, it } from "vitest"
import type { FlowGraph } from "#core/flow/graph"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { draft, edge, node } from "../test-flow.ts"
import { VersionComparison } from "./version-comparison.tsx"

const before: FlowGraph = draft(
  [
    node("input", "input"),
    { ...node("say", "llm", { prompt: "Say hi" }, 300), label: "Summary" },
    node("rest", "wait", { seconds: 5 }, 600),
    node("output", "output", {}, 900),
  ],
  [edge("input", "say"), edge("say", "rest"), edge("rest", "output")],
)
const after: FlowGraph = {
  ...draft(
    [
      node("input", "input", {}, 0, 40),
      { ...node("say", "llm", { prompt: "Say hello" }, 300), label: "Summary" },
      node("send", "http", { url: "https://a.example" }, 600),
      node("output", "output", {}, 900),
    ],
    [edge("input", "say"), edge("say", "send"), edge("send", "output")],
  ),
  settings: { timeout_seconds: 30 },
}

function Page({ from, to, opening = null }: { from: FlowGraph; to: FlowGraph; opening?: string | null }) {
  const [at, setAt] = useState(opening)
  return (
    <TooltipProvider>
      <VersionComparison from={from} to={to} at={at} onAt={setAt} />
      <output>{at}</output>
    </TooltipProvider>
  )
}

const list = () => within(screen.getByRole("complementary", { name: "Changes" }))
const rows = () =>
  list()
    .getAllByRole("button")
    .map((row) => row.textContent)

it("lists what differs, each change with a word for it", () => {
  render(<Page from={before} to={after} />)
  expect(rows()).toEqual([
    expect.stringContaining("Changed · Limits and failures"),
    expect.stringMatching(/^Summary.*Changed · Model · prompt$/),
    expect.stringMatching(/^HTTP.*Added/),
    expect.stringMatching(/^Wait.*Removed/),
    expect.stringMatching(/→.*Added · Edge/),
    expect.stringMatching(/→.*Added · Edge/),
    expect.stringMatching(/→.*Removed · Edge/),
    expect.stringMatching(/→.*Removed · Edge/),
    expect.stringContaining("Moved"),
  ])
  expect(list().getByRole("heading").textContent).toBe("Changes: 1 added1 changed1 removed1 moved4 edges")
})

it("opens a change to the words that differ, and closes it again", async () => {
  render(<Page from={before} to={after} />)
  const row = list().getByRole("button", { name: /Model · prompt/ })
  expect(row.getAttribute("aria-expanded")).toBe("false")
  await userEvent.click(row)
  const field = list().getByRole("region", { name: "prompt" })
  expect(field.querySelector("del")?.textContent).toBe("hi")
  expect(field.querySelector("ins")?.textContent).toBe("hello")
  expect(screen.getByRole("status").textContent).toBe("node.say")
  await userEvent.click(row)
  expect(list().queryByRole("region", { name: "prompt" })).toBeNull()
  expect(screen.getByRole("status").textContent).toBe("")
})

it("begins at the change that a link names", () => {
  render(<Page from={before} to={after} opening="flow" />)
  expect(list().getByRole("region", { name: "settings.timeout_seconds" })).toBeTruthy()
})

it("marks on the canvas what came, changed and went, in words that a reader of the screen has too", () => {
  render(<Page from={before} to={after} />)
  const canvas = within(screen.getByRole("region", { name: "Canvas" }))
  const names = canvas
    .getAllByRole("group")
    .map((one) => one.getAttribute("aria-label") ?? "")
    .filter((name) => /, (Added|Removed|Changed|Moved)$/.test(name))
  expect(names).toHaveLength(4)
  expect(new Set(names.map((name) => name.split(", ").at(-1)))).toEqual(
    new Set(["Added", "Changed", "Moved", "Removed"]),
  )
})

it("says so when nothing differs", () => {
  render(<Page from={before} to={before} />)
  expect(list().getByText("Nothing differs")).toBeTruthy()
})

it("tells changed nodes of one kind apart, and the rule of publishing from the limits", () => {
  const wait = (id: string, seconds: number) => ({
    id,
    type: "wait",
    position: { x: 0, y: 0 },
    data: { seconds },
  })
  const graph = (seconds: number, settings: FlowGraph["settings"]): FlowGraph => ({
    nodes: [wait("first", seconds), wait("second", seconds)],
    edges: [],
    settings,
  })
  render(<Page from={graph(1, {})} to={graph(2, { requires_review: true })} />)
  expect(rows()).toEqual([
    expect.stringContaining("Changed · Publishing"),
    expect.stringContaining("Changed · first · seconds"),
    expect.stringContaining("Changed · second · seconds"),
  ])
})
