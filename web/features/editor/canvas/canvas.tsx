import { Background, ReactFlow, SelectionMode, useReactFlow, type Connection } from "@xyflow/react"
import { useCallback, useRef, useState, type DragEvent } from "react"
import { useAtomValue, useSetAtom, useStore } from "#web/state/jotai.ts"
import type { CanvasEdge, CanvasNode } from "#web/flow/canvas-elements.ts"
import { Overview } from "#web/flow/overview.tsx"
import { fitting, ZoomControls } from "#web/flow/zoom-controls.tsx"
import { ContextMenu, type MenuEntry } from "#web/ui/menu.tsx"
import { useMedia, usePhone } from "#web/ui/use-media.ts"
import { nodesAtom, selectionAtom, sideAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { gridStep } from "../model/placement.ts"
import { AddNodeAt, type DrawnInto } from "./add-node-at.tsx"
import { canvasMenu } from "./canvas-menu.ts"
import { CanvasHint } from "./canvas-hint.tsx"
import { dragType } from "./drag-type.ts"
import { HistoryButtons } from "./history-buttons.tsx"
import { RouteView, StepView } from "./step-view.tsx"
import { useCanvasSync } from "./use-canvas-sync.ts"
import "#web/flow/canvas.css"

const nodeTypes = { step: StepView }
const edgeTypes = { route: RouteView }
const snapGrid: [number, number] = [gridStep, gridStep]
/** The middle button drags the view; space does it for those who have none. */
const panButtons = [1]

const wantedOf = ({ source, target, sourceHandle }: { source: string; target: string; sourceHandle?: string | null }) => ({
  source,
  target,
  source_handle: sourceHandle ?? "out",
})

export function Canvas() {
  const { commands, mayEdit } = useEditor()
  const store = useStore()
  const flow = useReactFlow<CanvasNode, CanvasEdge>()
  const { initial, onNodesChange, onEdgesChange } = useCanvasSync()
  const touch = useMedia("(pointer: coarse)")
  const phone = usePhone()
  const setSide = useSetAtom(sideAtom)
  const isEmpty = useAtomValue(nodesAtom).length === 0
  const [drawnInto, setDrawnInto] = useState<DrawnInto | null>(null)
  const [menu, setMenu] = useState<MenuEntry[]>([])
  const pointer = useRef({ x: 0, y: 0 })

  const onPutDown = useCallback(
    (_event: unknown, _node: unknown, nodes: CanvasNode[]) =>
      commands.move(new Map(nodes.map((node) => [node.id, node.position]))),
    [commands],
  )
  const onConnect = useCallback((drawn: Connection) => commands.connect(wantedOf(drawn)), [commands])
  const isValidConnection = useCallback(
    (drawn: Connection | CanvasEdge) => commands.whyNotConnect(wantedOf(drawn)) === null,
    [commands],
  )
  const onDrop = (event: DragEvent) => {
    const type = event.dataTransfer.getData(dragType)
    if (!type || !mayEdit) return
    event.preventDefault()
    const point = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })
    commands.add(type, { at: { x: point.x - 100, y: point.y - 28 } })
  }
  return (
    <ContextMenu entries={menu}>
      <div
        className="relative min-h-0 min-w-0 flex-1"
        data-canvas
        onPointerMove={(event) => (pointer.current = { x: event.clientX, y: event.clientY })}
        onContextMenuCapture={(event) => {
          const target = event.target instanceof Element ? event.target : null
          const id = target?.closest(".react-flow__node")?.getAttribute("data-id") ?? null
          if (id !== null && !store.get(selectionAtom).nodes.has(id)) commands.select([id])
          setMenu(canvasMenu({ commands, flow, store, mayEdit, at: flow.screenToFlowPosition(pointer.current), onNode: id !== null }))
        }}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes(dragType)) return
          event.preventDefault()
          event.dataTransfer.dropEffect = "copy"
        }}
        onDrop={onDrop}
      >
        <ReactFlow
          className="canvas"
          aria-label="Flow canvas"
          defaultNodes={initial.nodes}
          defaultEdges={initial.edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          onNodeDragStop={onPutDown}
          onSelectionDragStop={(event, nodes) => onPutDown(event, null, nodes)}
          onConnect={onConnect}
          onConnectEnd={(event, state) => {
            // Ended on nothing: offer what could stand there.
            if (state.isValid !== null || !state.fromNode || state.fromHandle?.type !== "source") return
            const { clientX, clientY } = "changedTouches" in event ? event.changedTouches[0]! : event
            setDrawnInto({
              screen: { x: clientX, y: clientY },
              at: flow.screenToFlowPosition({ x: clientX, y: clientY }),
              from: { source: state.fromNode.id, source_handle: state.fromHandle.id ?? "out" },
            })
          }}
          onNodeClick={() => setSide((side) => (side === "start" ? side : "panel"))}
          isValidConnection={isValidConnection}
          onlyRenderVisibleElements
          nodesDraggable={mayEdit}
          nodesConnectable={mayEdit}
          edgesFocusable={false}
          selectionOnDrag={!touch}
          panOnDrag={touch ? true : panButtons}
          panOnScroll
          selectionMode={SelectionMode.Partial}
          snapToGrid
          snapGrid={snapGrid}
          connectionRadius={28}
          nodeDragThreshold={3}
          minZoom={0.1}
          maxZoom={2}
          deleteKeyCode={null}
          disableKeyboardA11y
          fitView
          fitViewOptions={fitting}
        >
          <Background gap={2 * gridStep} size={1} />
        </ReactFlow>
        {isEmpty && <CanvasHint />}
        <div className="pointer-events-none absolute inset-x-3 bottom-3 z-10 flex items-end gap-2 [&>*]:pointer-events-auto">
          {!phone && <ZoomControls />}
          {mayEdit && <HistoryButtons />}
          {!phone && <Overview className="ml-auto" />}
        </div>
        {drawnInto && (
          <AddNodeAt
            drawn={drawnInto}
            onChoose={(type) => commands.addFrom(type, drawnInto.from, { x: drawnInto.at.x, y: drawnInto.at.y - 28 })}
            onClose={() => setDrawnInto(null)}
          />
        )}
      </div>
    </ContextMenu>
  )
}
