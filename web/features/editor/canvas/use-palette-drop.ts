import { useReactFlow } from "@xyflow/react"
import type { DragEvent } from "react"
import { nestingOf } from "#web/flow/nesting.ts"
import { useSetAtom, useStore } from "#web/state/jotai.ts"
import { dropTargetAtom, foldedAtom, nodesAtom, type DropTarget } from "../atoms.ts"
import { grip } from "../commands/graph.ts"
import { useEditor } from "../editor-context.ts"
import { presetOf } from "../model/tool-preset.ts"
import { dragType, fittingType, toolDragType } from "./drag-type.ts"

const edgeUnder = (target: EventTarget): string | null =>
  target instanceof Element ? (target.closest(".react-flow__edge")?.getAttribute("data-id") ?? null) : null

/** Kinds that are dragged from the palette: onto an edge, into a frame, or where there is room. */
export function usePaletteDrop() {
  const { commands, mayEdit } = useEditor()
  const flow = useReactFlow()
  const store = useStore()
  const aim = useSetAtom(dropTargetAtom)

  const targetOf = (event: DragEvent): DropTarget | null => {
    const edge = event.dataTransfer.types.includes(fittingType) ? edgeUnder(event.target) : null
    if (edge !== null) return { is: "edge", id: edge }
    const point = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })
    const frame = nestingOf(store.get(nodesAtom)).frameAt(point, store.get(foldedAtom))
    return frame ? { is: "frame", id: frame.id } : null
  }
  const onDragOver = (event: DragEvent) => {
    if (!mayEdit || !event.dataTransfer.types.includes(dragType)) return
    event.preventDefault()
    event.dataTransfer.dropEffect = "copy"
    const target = targetOf(event)
    aim((was) => (was?.id === target?.id ? was : target))
  }
  const onDragLeave = (event: DragEvent) => {
    const isInside = event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget)
    if (!isInside) aim(null)
  }
  const onDrop = (event: DragEvent) => {
    const type = event.dataTransfer.getData(dragType)
    const preset = presetOf(event.dataTransfer.getData(toolDragType))
    const target = targetOf(event)
    aim(null)
    if (!type || !mayEdit) return
    event.preventDefault()
    if (target?.is === "edge" && commands.insert(type, target.id, preset) !== null) return
    const point = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })
    commands.add(type, { at: { x: point.x - grip.x, y: point.y - grip.y } }, preset)
  }
  return { onDragOver, onDragLeave, onDrop }
}
