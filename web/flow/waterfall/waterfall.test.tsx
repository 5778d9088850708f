import { fireEvent, render, screen } from "@testing-library/react"
import { useState } from "react"
import { beforeEach, expect, it, vi } from "vitest"
import type { Span } from "#core/trace/span"
import { TooltipProvider } from "#web/ui/tooltip.tsx"
import { triage } from "./test-spans.ts"
import { Waterfall } from "./waterfall.tsx"

beforeEach(() => {
  // Without a layout nothing has a height, and a list that only makes what is in view would make nothing.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(600)
})

function show(spans: Span[]) {
  const chosen: (string | null)[] = []
  function Page() {
    const [selected, select] = useState<string | null>(null)
    return (
      <TooltipProvider>
        <Waterfall
          spans={spans}
          selectedId={selected}
          onSelect={(one) => {
            chosen.push(one?.id ?? null)
            select(one?.id ?? null)
          }}
        />
      </TooltipProvider>
    )
  }
  render(<Page />)
  return { tree: screen.getByRole("tree", { name: "Waterfall" }), chosen }
}

const lines = () => screen.getAllByRole("treeitem").map((one) => one.textContent)
const active = () => screen.queryByRole("treeitem", { selected: true })

it("says of each line its name, its kind, its status, its attempts and how long it took", () => {
  show(triage(1))
  expect(lines()).toEqual([
    "Triage, execution, succeeded1.0 s",
    "Draft, step, succeeded×2490 ms",
    "gpt-5.2, model, succeeded180 ms",
    "each, step, succeeded490 ms",
    "#1, iteration, succeeded400 ms",
    "shape, step, succeeded290 ms",
  ])
  expect(screen.getAllByRole("treeitem").map((one) => one.getAttribute("aria-level"))).toEqual([
    "1",
    "2",
    "3",
    "2",
    "3",
    "4",
  ])
})

it("is walked, opened and left by the keyboard", () => {
  const { tree, chosen } = show(triage(9))
  const press = (...keys: string[]) => keys.forEach((key) => fireEvent.keyDown(tree, { key }))
  press("ArrowDown", "j", "ArrowRight")
  expect(chosen).toEqual(["root", "a2", "call"])
  expect(tree.getAttribute("aria-activedescendant")).toBe(active()?.id)
  press("ArrowLeft")
  expect(active()?.textContent).toMatch(/^Draft/)
  press("ArrowLeft")
  expect(active()?.getAttribute("aria-expanded")).toBe("false")
  expect(lines().some((line) => line?.startsWith("gpt-5.2"))).toBe(false)
  press("End")
  expect(active()?.textContent).toMatch(/^#9/)
  press("ArrowRight", "ArrowRight")
  expect(active()?.textContent).toMatch(/^shape/)
  press("Escape")
  expect(active()).toBeNull()
})

it("chooses one attempt by its bar, and the last one by its line", () => {
  const { tree, chosen } = show(triage(1))
  fireEvent.click(screen.getByText("Draft"))
  fireEvent.click(tree.querySelector('[data-span="a1"]')!)
  expect(chosen).toEqual(["a2", "a1"])
})

it("says what a bar stands for while the pointer is on it", () => {
  const { tree } = show(triage(1))
  fireEvent.pointerMove(tree.querySelector('[data-span="call"]')!, { clientX: 10, clientY: 10 })
  expect(screen.getByText("after 310 ms")).toBeTruthy()
  expect(screen.getByText("60 ms")).toBeTruthy()
  fireEvent.pointerMove(tree)
  expect(screen.queryByText("after 310 ms")).toBeNull()
})

it("makes only the lines in view of five thousand iterations", () => {
  show(triage(5_000))
  expect(screen.getAllByRole("treeitem").length).toBeLessThan(80)
})

it("looks closer and back again", () => {
  const { tree } = show(triage(1))
  const bar = () => tree.querySelector<HTMLElement>('[data-span="call"]')
  expect(bar()?.style.width).toBe("18%")
  fireEvent.click(screen.getByRole("button", { name: "Zoom in" }))
  expect(bar()?.style.width).not.toBe("18%")
  fireEvent.keyDown(tree, { key: "0" })
  expect(bar()?.style.width).toBe("18%")
})
