import { Background, ReactFlow, SelectionMode, useReactFlow } from "@xyflow/react"
import { useState, type MouseEvent, type ReactNode } from "react"
import { canvasKeysId, type CanvasEdge, type CanvasNode } from "#web/flow/canvas-elements.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { showOpening } from "#web/flow/opening-view.ts"
import { Overview } from "#web/flow/overview.tsx"
import { ZoomControls } from "#web/flow/zoom-controls.tsx"
import { useAtomValue, useSetAtom, useStore } from "#web/state/jotai.ts"
import { ContextMenu, type MenuEntry } from "#web/ui/menu.tsx"
import { useMedia, usePhone } from "#web/ui/use-media.ts"
import { isEmptyAtom, nodesAtom, selectionAtom, sideAtom, writingNoteAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { gridStep } from "../model/placement.ts"
import { focusPanel } from "../panel/focus-panel.ts"
import { runEntries } from "../start/run-menu.ts"
import { usePartRun } from "../start/use-run.ts"
import { AddNodeAt } from "./add-node-at.tsx"
import { CanvasHint } from "./canvas-hint.tsx"
import { canvasMenu } from "./canvas-menu.ts"
import { HistoryButtons } from "./history-buttons.tsx"
import { NoteView } from "./note-view.tsx"
import { FrameView, RouteView, StepView } from "./step-view.tsx"
import { useCanvasActs, useTellCut } from "./use-canvas-acts.ts"
import { useCanvasSync } from "./use-canvas-sync.ts"
import { useShowAdded } from "./use-show-added.ts"
import { usePaletteDrop } from "./use-palette-drop.ts"
import "#web/flow/canvas.css"

const nodeTypes = { step: StepView, frame: FrameView, note: NoteView }
const edgeTypes = { route: RouteView }
const snapGrid: [number, number] = [gridStep, gridStep]
/** The middle button drags the view; space does it for those who have none. */
const panButtons = [1]
const withoutAttribution = { hideAttribution: true }

export function Canvas() {
  const dropping = usePaletteDrop()
  useShowAdded()
  const { mayEdit } = useEditor()
  const phone = usePhone()
  const isEmpty = useAtomValue(isEmptyAtom)
  return (
    <WithMenu>
      <div className="relative min-h-0 min-w-0 flex-1" data-canvas {...dropping}>
        <Drawing />
        <p id={canvasKeysId} className="sr-only">
          Enter opens a node, the arrow keys move it, Delete removes it.
        </p>
        {isEmpty && <CanvasHint />}
        <div className="pointer-events-none absolute inset-x-3 bottom-3 z-10 flex items-end gap-2 [&>*]:pointer-events-auto">
          {!phone && <ZoomControls />}
          {mayEdit && <HistoryButtons />}
          {!phone && <Overview className="ml-auto" />}
        </div>
        <AddNodeAt />
      </div>
    </WithMenu>
  )
}

function Drawing() {
  const { dragging, connecting } = useCanvasActs()
  const { mayEdit } = useEditor()
  const writeNote = useSetAtom(writingNoteAtom)
  const { initial, onNodesChange, onEdgesChange } = useCanvasSync()
  const touch = useMedia("(pointer: coarse)")
  const setSide = useSetAtom(sideAtom)
  return (
    <ReactFlow
      className="canvas"
      aria-label="Flow canvas"
      defaultNodes={initial.nodes}
      defaultEdges={initial.edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      onInit={showOpening}
      onNodesChange={onNodesChange}
      onEdgesChange={onEdgesChange}
      {...dragging}
      {...connecting}
      onNodeClick={() => setSide((side) => (side === "start" ? side : "panel"))}
      onNodeDoubleClick={(_event, node) => (node.type === "note" ? writeNote(node.id) : focusPanel())}
      zoomOnDoubleClick={false}
      onlyRenderVisibleElements
      nodesDraggable={mayEdit}
      nodesConnectable={mayEdit}
      edgesReconnectable={mayEdit}
      reconnectRadius={8}
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
      proOptions={withoutAttribution}
    >
      <Background gap={2 * gridStep} size={1} />
    </ReactFlow>
  )
}

/** The menu of the other mouse button, made for what lies under it. */
function WithMenu({ children }: { children: ReactNode }) {
  const { commands, mayEdit, mayStart } = useEditor()
  const store = useStore()
  const flow = useReactFlow<CanvasNode, CanvasEdge>()
  const [entries, setEntries] = useState<MenuEntry[]>([])
  const run = usePartRun()
  const tellCut = useTellCut()
  const running = (id: string | null): MenuEntry[] => {
    const nesting = nestingOf(store.get(nodesAtom))
    const node = id !== null && mayStart ? nesting.node(id) : undefined
    return node ? runEntries(run, node, !nesting.holder(node.id)) : []
  }
  const onContextMenu = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : null
    const id = target?.closest(".react-flow__node")?.getAttribute("data-id") ?? null
    const onNode = id !== null || target?.closest(".react-flow__nodesselection") != null
    if (id !== null && !store.get(selectionAtom).nodes.has(id)) commands.select([id])
    const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })
    setEntries(canvasMenu({ commands, flow, store, mayEdit, at, onNode, running: running(id), tellCut }))
  }
  return (
    <ContextMenu entries={entries}>
      <div className="contents" onContextMenuCapture={onContextMenu}>
        {children}
      </div>
    </ContextMenu>
  )
}
