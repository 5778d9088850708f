import {
  Background,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  type EdgeProps,
  type NodeProps,
} from "@xyflow/react"
import { createContext, memo, use, useEffect, useMemo } from "react"
import type { FlowEdge, FlowNode } from "#core/flow/graph"
import {
  canvasEdge,
  canvasKeysId,
  reconcileNodes,
  type CanvasEdge,
  type CanvasNode,
} from "./canvas-elements.ts"
import { EdgePath, useEdgeLook } from "./flow-edge.tsx"
import { FrameCard } from "./frame-card.tsx"
import { NodeCard } from "./node-card.tsx"
import { NodeHandles } from "./node-handles.tsx"
import { NoteCard } from "./note-card.tsx"
import { showOpening } from "./opening-view.ts"
import { Overview } from "./overview.tsx"
import { useNodeCounts, useNodeRun, useWatched } from "./use-execution.ts"
import { fitting, glide, ZoomControls } from "./zoom-controls.tsx"
import "./canvas.css"

const NodesContext = createContext<ReadonlyMap<string, FlowNode>>(new Map())

const NodeView = memo(function NodeView({ id, type, selected }: NodeProps) {
  const node = use(NodesContext).get(id)
  const run = useNodeRun(id)
  const counts = useNodeCounts(id)
  const watched = useWatched() !== null
  if (!node) return null
  if (type === "note") return <NoteCard node={node} selected={selected} />
  const Card = type === "frame" ? FrameCard : NodeCard
  return (
    <div className="group/node">
      <Card node={node} selected={selected} run={run} counts={counts} watched={watched} />
      <NodeHandles node={node} connectable={false} />
    </div>
  )
}, sameNode)

/** Where a node lies is the wrapper's business; what it shows depends on these two only. */
export function sameNode(one: NodeProps, other: NodeProps): boolean {
  return one.id === other.id && one.selected === other.selected
}

const RouteView = memo(function RouteView(props: EdgeProps) {
  const look = useEdgeLook(props.source, props.sourceHandleId ?? "out", props.target)
  return <EdgePath {...props} look={look} />
})

const withoutAttribution = { hideAttribution: true }
const nodeTypes = { step: NodeView, frame: NodeView, note: NodeView }
const edgeTypes = { route: RouteView }

type FlowViewProps = {
  graph: { nodes: readonly FlowNode[]; edges: readonly FlowEdge[] }
  selectedId: string | null
  onSelect: (id: string | null) => void
  /** Small places do without the overview, and begin where the flow does. */
  compact?: boolean
}

/** A flow to look at, with a watched execution shown on it as it goes on. */
export function FlowView(props: FlowViewProps) {
  const nodes = useMemo(() => new Map(props.graph.nodes.map((node) => [node.id, node])), [props.graph])
  return (
    <NodesContext value={nodes}>
      <p id={canvasKeysId} className="sr-only">
        Enter shows what a step did.
      </p>
      <ReactFlowProvider>
        <View {...props} />
      </ReactFlowProvider>
    </NodesContext>
  )
}

function View({ graph, selectedId, onSelect, compact = false }: FlowViewProps) {
  const flow = useReactFlow<CanvasNode, CanvasEdge>()
  const nodes = useMemo(() => reconcileNodes([], graph.nodes, new Set()), [graph])
  const edges = useMemo(() => graph.edges.map((edge) => canvasEdge(edge)), [graph])
  useEffect(() => {
    flow.setNodes((held) =>
      reconcileNodes(held, graph.nodes, new Set(selectedId === null ? [] : [selectedId])),
    )
  }, [flow, selectedId, graph])
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
      onNodeClick={(_event, node) => onSelect(node.id)}
      onPaneClick={() => onSelect(null)}
      onKeyDown={(event) => {
        const id =
          event.target instanceof Element ? event.target.closest("[data-id]")?.getAttribute("data-id") : null
        if (event.key === "Escape") onSelect(null)
        else if (id && (event.key === "Enter" || event.key === " ")) {
          event.preventDefault()
          onSelect(id)
          void flow.fitView({ nodes: [{ id }], ...fitting, minZoom: flow.getZoom(), ...glide() })
        }
      }}
    >
      <Background gap={16} size={1} />
      <ZoomControls className="absolute bottom-3 left-3 z-10" />
      {!compact && <Overview className="absolute right-3 bottom-3 z-10" />}
    </ReactFlow>
  )
}
