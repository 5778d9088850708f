import { Background, ReactFlow, SelectionMode, useReactFlow } from "@xyflow/react"
import { useRef, useState, type MouseEvent, type PointerEvent, type ReactNode } from "react"
import { canvasKeysId, type CanvasEdge, type CanvasNode } from "#web/flow/canvas-elements.ts"
import { Moves } from "#web/flow/moves.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { showOpening } from "#web/flow/opening-view.ts"
import { Overview } from "#web/flow/overview.tsx"
import { ZoomControls } from "#web/flow/zoom-controls.tsx"
import { useAtomValue, useSetAtom, useStore } from "#web/state/jotai.ts"
import { ContextMenu, type MenuEntry } from "#web/ui/menu.tsx"
import { useMedia, usePhone } from "#web/ui/use-media.ts"
import {
  editingAtom,
  isEmptyAtom,
  nodesAtom,
  selectionAtom,
  sideAtom,
  writingNoteAtom,
  type Side,
} from "../atoms.ts"
import { PlacePins } from "../comments/place-pins.tsx"
import { useEditor } from "../editor-context.ts"
import { gridStep } from "../model/placement.ts"
import { openPanel } from "../panel/focus-panel.ts"
import { useRoutes } from "../routing/use-routes.ts"
import { runEntries } from "../start/run-menu.ts"
import { usePartRun } from "../start/use-run.ts"
import { AddNodeAt } from "./add-node-at.tsx"
import { CanvasHint } from "./canvas-hint.tsx"
import { canvasMenu } from "./canvas-menu.ts"
import { Cursors } from "./cursors.tsx"
import { Hand } from "./hand.tsx"
import { HistoryButtons } from "./history-buttons.tsx"
import { JoinBar, JoinLine } from "./join-bar.tsx"
import { joinByTap } from "./joining.ts"
import { NoteView } from "./note-view.tsx"
import { Said } from "./said.tsx"
import { FrameView, RouteView, StepView } from "./step-view.tsx"
import { useCanvasActs, useTellCut } from "./use-canvas-acts.ts"
import { useCanvasSync } from "./use-canvas-sync.ts"
import { useGliding } from "./use-gliding.ts"
import { usePresence } from "./use-presence.ts"
import { useShowAdded } from "./use-show-added.ts"
import { usePaletteDrop } from "./use-palette-drop.ts"
import "#web/flow/canvas.css"

const nodeTypes = { step: StepView, frame: FrameView, note: NoteView }
const edgeTypes = { route: RouteView }
const snapGrid: [number, number] = [gridStep, gridStep]
/** The middle button drags the view; space does it for those who have none. */
const panButtons = [1]
/** What stays beside the canvas when a node is pressed: it has to do with the pressed one. */
const staysBeside: ReadonlySet<Side> = new Set<Side>(["start", "find", "comments", "builder"])
const withoutAttribution = { hideAttribution: true }

export function Canvas() {
  const dropping = usePaletteDrop()
  const pointing = usePresence()
  useShowAdded()
  useGliding()
  useRoutes()
  const { mayEdit } = useEditor()
  const phone = usePhone()
  const isEmpty = useAtomValue(isEmptyAtom)
  const [moves] = useState(() => new Moves())
  return (
    <WithMenu>
      <div className="relative min-h-0 min-w-0 flex-1" data-canvas {...dropping} {...pointing}>
        <Drawing moves={moves} />
        <p id={canvasKeysId} className="sr-only">
          Enter opens a node, the arrow keys move it, with Alt they lead to the next one. C connects, Delete
          removes, ? shows all keys.
        </p>
        {isEmpty && <CanvasHint />}
        <div className="pointer-events-none absolute inset-x-3 bottom-3 z-10 flex items-end gap-2 [&>*]:pointer-events-auto">
          {!phone && <ZoomControls />}
          {mayEdit && <HistoryButtons />}
          {!phone && <Overview className="ml-auto" moves={moves} />}
        </div>
        <JoinBar />
        <AddNodeAt />
        <Said />
      </div>
    </WithMenu>
  )
}

function Drawing({ moves }: { moves: Moves }) {
  const { dragging, connecting } = useCanvasActs()
  const { mayEdit, commands } = useEditor()
  const store = useStore()
  const writeNote = useSetAtom(writingNoteAtom)
  const { initial, onNodesChange, onEdgesChange } = useCanvasSync(moves)
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
      onNodeClick={(_event, { id }) => {
        store.set(editingAtom, false)
        if (!joinByTap(store, commands, id)) setSide((side) => (staysBeside.has(side) ? side : "panel"))
      }}
      onNodeDoubleClick={(_event, node) => (node.type === "note" ? writeNote(node.id) : openPanel(store))}
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
      <Cursors />
      <JoinLine />
      <PlacePins />
      {mayEdit && <Hand onMoved={moves.tell} />}
      <Background gap={2 * gridStep} size={1} />
    </ReactFlow>
  )
}

/** The finger that opened a menu by resting is lifted some time: that is no press beside the menu, which would close it. */
function swallowRelease(): void {
  const over = new AbortController()
  const end = (event: Event) => {
    event.preventDefault()
    over.abort()
  }
  for (const type of ["touchend", "touchcancel"])
    document.addEventListener(type, end, { capture: true, passive: false, signal: over.signal })
}

/** The menu of the other mouse button, made for what lies under it. */
function WithMenu({ children }: { children: ReactNode }) {
  const { commands, mayEdit, mayStart } = useEditor()
  const store = useStore()
  const flow = useReactFlow<CanvasNode, CanvasEdge>()
  const [entries, setEntries] = useState<MenuEntry[]>([])
  const pressed = useRef<PointerEvent | null>(null)
  const run = usePartRun()
  const tellCut = useTellCut()
  const running = (id: string | null): MenuEntry[] => {
    const nesting = nestingOf(store.get(nodesAtom))
    const node = id !== null && mayStart ? nesting.node(id) : undefined
    return node ? runEntries(run, node, !nesting.holder(node.id)) : []
  }
  const offer = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : null
    const id = target?.closest(".react-flow__node")?.getAttribute("data-id") ?? null
    const onNode = id !== null || target?.closest(".react-flow__nodesselection") != null
    if (id !== null && !store.get(selectionAtom).nodes.has(id)) commands.select([id])
    const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })
    setEntries(canvasMenu({ commands, flow, store, mayEdit, at, onNode, running: running(id), tellCut }))
  }
  return (
    <ContextMenu
      entries={entries}
      // A finger that rests opens the menu too, and not every browser then says what for.
      onOpenChange={(open) => {
        if (!open || !pressed.current) return
        offer(pressed.current)
        swallowRelease()
      }}
    >
      <div
        className="contents"
        onContextMenuCapture={offer}
        onPointerDownCapture={(event) => {
          pressed.current = event.pointerType === "mouse" ? null : event
        }}
      >
        {children}
      </div>
    </ContextMenu>
  )
}
