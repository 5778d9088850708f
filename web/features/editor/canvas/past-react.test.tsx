import { ReactFlow, ReactFlowProvider, useStoreApi } from "@xyflow/react"
import { act, cleanup } from "@testing-library/react"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import type { CanvasEdge, CanvasNode } from "#web/flow/canvas-elements.ts"
import { Moves } from "#web/flow/moves.ts"
import { cardAtom, draftAtom, edgeAtom, fieldsAtom, structureAtom } from "../atoms.ts"
import { moveNodes, setLabel } from "../model/document.ts"
import { openEditor } from "../test-editor.tsx"
import { draft, edge, frame, inside, node } from "../test-flow.ts"
import type { FlowStore } from "./edge-ends.ts"
import { Hand } from "./hand.tsx"
import { useCanvasSync } from "./use-canvas-sync.ts"

const flow = draft(
  [
    node("input", "input"),
    frame("group", "group", 300, 0, 376, 184),
    inside("group", node("step", "transform", { value: "1" }, 48, 80)),
    node("output", "output", {}, 800, 0),
  ],
  [edge("input", "group"), edge("group", "output")],
)

const nothing = (): void => undefined

function canvas() {
  const moves = new Moves()
  let api: FlowStore | undefined
  const Reach = () => {
    api = useStoreApi<CanvasNode, CanvasEdge>()
    return null
  }
  const Drawing = () => {
    const { initial, onNodesChange, onEdgesChange } = useCanvasSync(moves)
    return (
      <ReactFlow
        defaultNodes={initial.nodes}
        defaultEdges={initial.edges}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
      >
        <Reach />
        <Hand onMoved={nothing} />
      </ReactFlow>
    )
  }
  const { store } = openEditor(
    flow,
    <ReactFlowProvider>
      <Drawing />
    </ReactFlowProvider>,
  )
  const react = api!
  const setNodes = vi.fn<(nodes: CanvasNode[]) => void>(react.getState().setNodes)
  react.setState({ setNodes })
  const told = vi.fn<() => void>()
  react.subscribe(told)
  const placeOf = (id: string) => react.getState().nodeLookup.get(id)!.internals.positionAbsolute
  const move = (id: string, x: number, y: number) =>
    act(() => store.set(draftAtom, moveNodes(store.get(draftAtom), new Map([[id, { x, y }]]))))
  return { store, react, setNodes, told, placeOf, move }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

it("tells React Flow once of ten moves that others make, which it knows of at once", () => {
  const { told, setNodes, placeOf, move, react } = canvas()
  for (let i = 1; i <= 10; i++) move("group", 300 + i, 20)
  expect(placeOf("group")).toEqual({ x: 310, y: 20 })
  expect(placeOf("step")).toEqual({ x: 358, y: 100 })
  expect(react.getState().nodes.find(({ id }) => id === "group")?.position).toEqual({ x: 310, y: 20 })
  expect(told).not.toHaveBeenCalled()
  act(() => void vi.advanceTimersByTime(500))
  expect(told).toHaveBeenCalledTimes(1)
  expect(setNodes).not.toHaveBeenCalled()
})

it("moves a node by itself though the frame around it was moved before, and the other way round", () => {
  const { placeOf, move } = canvas()
  move("group", 400, 0)
  move("step", 60, 90)
  expect(placeOf("step")).toEqual({ x: 460, y: 90 })
  move("group", 500, 10)
  expect(placeOf("step")).toEqual({ x: 560, y: 100 })
})

it("gives React Flow nodes anew when more than their place has changed", () => {
  const { store, setNodes, told } = canvas()
  act(() => store.set(draftAtom, setLabel(store.get(draftAtom), "output", "The end")))
  expect(setNodes).toHaveBeenCalledTimes(1)
  expect(setNodes.mock.calls[0]![0].map(({ ariaLabel }) => ariaLabel).at(-1)).toMatch(/^The end/)
  told.mockClear()
  act(() => void vi.advanceTimersByTime(500))
  expect(told).not.toHaveBeenCalled()
})

it("tells React Flow when a node is taken up and put down, and of nothing between", () => {
  const { react, setNodes, told, placeOf } = canvas()
  const step = (x: number, dragging: boolean) => {
    const held = react.getState().nodeLookup.get("group")!
    const item = {
      ...held,
      measured: { width: 1, height: 1 },
      distance: { x: 0, y: 0 },
      position: { x, y: 0 },
    }
    act(() => react.getState().updateNodePositions(new Map([["group", item]]), dragging))
  }
  step(310, true)
  expect(setNodes).toHaveBeenCalledTimes(1)
  told.mockClear()
  for (let i = 1; i <= 20; i++) step(320 + 10 * i, true)
  expect(placeOf("group").x).toBe(520)
  expect(placeOf("step").x).toBe(568)
  expect([setNodes.mock.calls.length, told.mock.calls.length]).toEqual([1, 0])
  step(520, false)
  expect(setNodes).toHaveBeenCalledTimes(2)
  expect(react.getState().nodes.find(({ id }) => id === "group")).toMatchObject({
    position: { x: 520, y: 0 },
    dragging: false,
  })
  expect(placeOf("step").x).toBe(568)
})

it("looks at nothing that hangs on edges, fields, structure or cards while a node is only moved", () => {
  const { store, move } = canvas()
  const heard = () => vi.fn<() => void>()
  const [edges, fields, structure, card] = [heard(), heard(), heard(), heard()]
  store.sub(edgeAtom("input-group"), edges)
  store.sub(fieldsAtom, fields)
  store.sub(structureAtom, structure)
  store.sub(cardAtom("output"), card)
  move("output", 900, 40)
  for (const one of [edges, fields, structure, card]) expect(one).not.toHaveBeenCalled()
  act(() => store.set(draftAtom, { ...store.get(draftAtom), name: "Renamed" }))
  expect(fields).toHaveBeenCalledTimes(1)
})
