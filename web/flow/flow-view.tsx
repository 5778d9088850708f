import {
  Background,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  type EdgeProps,
  type NodeProps,
} from "@xyflow/react"
import { PanelsTopLeft } from "lucide-react"
import { createContext, memo, use, useEffect, useMemo, useRef } from "react"
import type { FlowEdge, FlowNode } from "#core/flow/graph"
import { cn } from "#web/ui/cn.ts"
import {
  canvasEdge,
  canvasKeysId,
  reconcileEdges,
  reconcileNodes,
  type CanvasEdge,
  type CanvasNode,
} from "./canvas-elements.ts"
import { changeLook, Marked, type CanvasMarks } from "./change-mark.tsx"
import { EdgePath, useEdgeLook } from "./flow-edge.tsx"
import { FrameCard } from "./frame-card.tsx"
import { NodeCard, titleOf } from "./node-card.tsx"
import { NodeHandles } from "./node-handles.tsx"
import { NoteCard } from "./note-card.tsx"
import { showOpening } from "./opening-view.ts"
import { Overview } from "./overview.tsx"
import { sameNode } from "./same-node.ts"
import { useNodeCounts, useNodeRun, useWatched } from "./use-execution.ts"
import { fitting, glide, ZoomControls } from "./zoom-controls.tsx"
import "./canvas.css"

const NodesContext = createContext<ReadonlyMap<string, FlowNode>>(new Map())

const MarksContext = createContext<CanvasMarks | undefined>(undefined)

/** Leads into what a node does by a drawing of its own. */
const InsideContext = createContext<((id: string) => void) | undefined>(undefined)

/** Kinds that are looked into as crews and agents at work. */
const opens = (type: string): boolean => type === "crew" || type === "agent"

const NodeView = memo(function NodeView({ id, type, selected }: NodeProps) {
  const node = use(NodesContext).get(id)
  const run = useNodeRun(id)
  const counts = useNodeCounts(id)
  const watched = useWatched() !== null
  const lookInside = use(InsideContext)
  const change = use(MarksContext)?.nodes.get(id)
  if (!node) return null
  if (type === "note")
    return (
      <Marked node={node} change={change}>
        <NoteCard node={node} selected={selected} />
      </Marked>
    )
  const Card = type === "frame" ? FrameCard : NodeCard
  return (
    <div className="group/node">
      <Marked node={node} change={change}>
        <Card node={node} selected={selected} run={run} counts={counts} watched={watched} />
      </Marked>
      <NodeHandles node={node} connectable={false} />
      {lookInside && run && opens(node.type) && <Inside node={node} onOpen={() => lookInside(id)} />}
    </div>
  )
}, sameNode)

const Inside = ({ node, onOpen }: { node: FlowNode; onOpen: () => void }) => (
  <button
    type="button"
    onClick={(event) => {
      event.stopPropagation()
      onOpen()
    }}
    onKeyDown={(event) => event.stopPropagation()}
    aria-label={`Look into ${titleOf(node)}`}
    className="focus-ring nodrag nopan absolute -top-3 right-2 z-10 flex h-6 items-center gap-1 rounded-full border border-line-strong bg-surface px-2 text-xs font-medium text-soft shadow-near hover:bg-hover"
  >
    <PanelsTopLeft aria-hidden className="size-3" />
    Look inside
  </button>
)

const RouteView = memo(function RouteView(props: EdgeProps) {
  const look = useEdgeLook(props.source, props.sourceHandleId ?? "out", props.target)
  const change = use(MarksContext)?.edges.get(props.id)
  return <EdgePath {...props} look={change ?? look} />
})

const withoutAttribution = { hideAttribution: true }
const nodeTypes = { step: NodeView, frame: NodeView, note: NodeView }
const edgeTypes = { route: RouteView }

type FlowViewProps = {
  graph: { nodes: readonly FlowNode[]; edges: readonly FlowEdge[] }
  selectedId: string | null
  onSelect: (id: string | null) => void
  /** Leads into a crew or an agent: without it there is nothing to look into. */
  onInside?: ((id: string) => void) | undefined
  /** Nodes are added as one looks: all of it is kept in view until somebody moves the view. */
  grows?: boolean
  /** What differs from another graph. */
  marks?: CanvasMarks | undefined
  /** Nodes to bring into view; all of the flow where there are none. */
  shown?: readonly string[] | undefined
  /** Small places do without the overview, and begin where the flow does. */
  compact?: boolean
}

/** A flow to look at, with a watched execution shown on it as it goes on. */
export function FlowView(props: FlowViewProps) {
  const nodes = useMemo(() => new Map(props.graph.nodes.map((node) => [node.id, node])), [props.graph])
  return (
    <NodesContext value={nodes}>
      <InsideContext value={props.onInside}>
        <MarksContext value={props.marks}>
          <p id={canvasKeysId} className="sr-only">
            {props.marks ? "Enter shows what differs." : "Enter shows what a step did."}
            {props.onInside && " Enter once more looks into a crew or an agent."}
          </p>
          <ReactFlowProvider>
            <View {...props} />
          </ReactFlowProvider>
        </MarksContext>
      </InsideContext>
    </NodesContext>
  )
}

/** The card says what has happened to a node; its name has to say it too. */
function saying(nodes: CanvasNode[], marks: CanvasMarks | undefined): CanvasNode[] {
  if (!marks) return nodes
  return nodes.map((node) => {
    const change = marks.nodes.get(node.id)
    return change ? { ...node, ariaLabel: `${node.ariaLabel}, ${changeLook[change].word}` } : node
  })
}

function View(props: FlowViewProps) {
  const { graph, selectedId, onSelect, onInside, marks, shown, grows = false, compact = false } = props
  const flow = useReactFlow<CanvasNode, CanvasEdge>()
  const nodes = useMemo(() => saying(reconcileNodes([], graph.nodes, new Set()), marks), [graph, marks])
  const edges = useMemo(() => graph.edges.map((edge) => canvasEdge(edge)), [graph])
  useEffect(() => {
    flow.setNodes((held) =>
      saying(reconcileNodes(held, graph.nodes, new Set(selectedId === null ? [] : [selectedId])), marks),
    )
  }, [flow, selectedId, graph, marks])
  useEffect(() => {
    if (shown) void flow.fitView({ nodes: shown.map((id) => ({ id })), ...fitting, ...glide() })
  }, [flow, shown])
  const isMoved = useRef(false)
  useEffect(() => {
    if (!grows) return
    flow.setEdges((held) => reconcileEdges(held, graph.edges, new Set()))
    if (!isMoved.current) void flow.fitView({ ...fitting, ...glide() })
  }, [flow, graph, grows])
  const inside = (id: string) => {
    if (onInside && opens(graph.nodes.find((node) => node.id === id)?.type ?? "")) onInside(id)
  }
  return (
    <ReactFlow
      className="canvas"
      defaultNodes={nodes}
      defaultEdges={edges}
      nodeTypes={nodeTypes}
      edgeTypes={edgeTypes}
      onlyRenderVisibleElements
      proOptions={withoutAttribution}
      {...(compact ? { onInit: showOpening } : { fitView: true, fitViewOptions: fitting })}
      minZoom={0.1}
      maxZoom={2}
      nodesDraggable={false}
      nodesConnectable={false}
      edgesFocusable={false}
      deleteKeyCode={null}
      selectionKeyCode={null}
      multiSelectionKeyCode={null}
      disableKeyboardA11y
      panOnScroll
      onMoveStart={(event) => {
        // The view's own movements have no event.
        if (event) isMoved.current = true
      }}
      onNodeDoubleClick={(_event, node) => inside(node.id)}
      zoomOnDoubleClick={onInside === undefined}
      onNodeClick={(_event, node) => onSelect(node.id)}
      onPaneClick={() => onSelect(null)}
      onKeyDown={(event) => {
        const id =
          event.target instanceof Element ? event.target.closest("[data-id]")?.getAttribute("data-id") : null
        if (event.key === "Escape") onSelect(null)
        else if (id && (event.key === "Enter" || event.key === " ")) {
          event.preventDefault()
          if (id === selectedId) return inside(id)
          onSelect(id)
          void flow.fitView({ nodes: [{ id }], ...fitting, minZoom: flow.getZoom(), ...glide() })
        }
        return undefined
      }}
    >
      <Background gap={16} size={1} />
      <ZoomControls className="absolute bottom-3 left-3 z-10" />
      {!compact && <Overview className={cn("absolute right-3 bottom-3 z-10", marks && "max-md:hidden")} />}
    </ReactFlow>
  )
}
