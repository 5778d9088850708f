import { useReactFlow, type Connection, type FinalConnectionState } from "@xyflow/react"
import { useCallback, useState, type DragEvent } from "react"
import type { CanvasEdge, CanvasNode } from "#web/flow/canvas-elements.ts"
import { nodeWidth } from "#web/flow/geometry.ts"
import { useEditor } from "../editor-context.ts"
import type { DrawnInto } from "./add-node-at.tsx"
import { dragType } from "./drag-type.ts"

/** From the corner of a new node to the point that the pointer means: its middle, or the middle of its left edge. */
const half = { x: nodeWidth / 2, y: 28 }

const wantedOf = ({ source, target, sourceHandle }: Connection | CanvasEdge) => ({
  source,
  target,
  source_handle: sourceHandle ?? "out",
})

/** What the pointer does on the canvas, as commands. */
export function useCanvasActs() {
  const { commands, mayEdit } = useEditor()
  const flow = useReactFlow<CanvasNode, CanvasEdge>()
  const [drawnInto, setDrawnInto] = useState<DrawnInto | null>(null)

  const onPutDown = useCallback(
    (nodes: readonly CanvasNode[]) => commands.move(new Map(nodes.map((node) => [node.id, node.position]))),
    [commands],
  )
  const onConnect = useCallback((drawn: Connection) => commands.connect(wantedOf(drawn)), [commands])
  const isValidConnection = useCallback(
    (drawn: Connection | CanvasEdge) => commands.whyNotConnect(wantedOf(drawn)) === null,
    [commands],
  )
  /** An edge that ended on nothing: what could stand there is offered. */
  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, { isValid, fromNode, fromHandle }: FinalConnectionState) => {
      if (isValid !== null || !fromNode || fromHandle?.type !== "source") return
      const touch = "changedTouches" in event ? event.changedTouches[0] : event
      if (!touch) return
      const screen = { x: touch.clientX, y: touch.clientY }
      setDrawnInto({
        screen,
        at: flow.screenToFlowPosition(screen),
        from: { source: fromNode.id, source_handle: fromHandle.id ?? "out" },
      })
    },
    [flow],
  )
  const addDrawn = (type: string) => {
    if (drawnInto) commands.addFrom(type, drawnInto.from, { x: drawnInto.at.x, y: drawnInto.at.y - half.y })
  }
  const onDragOver = (event: DragEvent) => {
    if (!mayEdit || !event.dataTransfer.types.includes(dragType)) return
    event.preventDefault()
    event.dataTransfer.dropEffect = "copy"
  }
  const onDrop = (event: DragEvent) => {
    const type = event.dataTransfer.getData(dragType)
    if (!type || !mayEdit) return
    event.preventDefault()
    const point = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })
    commands.add(type, { at: { x: point.x - half.x, y: point.y - half.y } })
  }
  return {
    drawn: { into: drawnInto, add: addDrawn, close: () => setDrawnInto(null) },
    onPutDown,
    dropping: { onDragOver, onDrop },
    connecting: { onConnect, onConnectEnd, isValidConnection },
  }
}
