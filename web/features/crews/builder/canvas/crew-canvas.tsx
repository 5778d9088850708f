import {
  Background,
  ConnectionMode,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  type Connection,
  type Edge,
  type Node,
} from "@xyflow/react"
import { Users } from "lucide-react"
import { useEffect, useMemo, type KeyboardEvent } from "react"
import { fitting, glide, ZoomControls } from "#web/flow/zoom-controls.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { usePhone } from "#web/ui/use-media.ts"
import { AddMember } from "../add-member.tsx"
import { useBuilder, type Open } from "../builder-context.ts"
import { withEdge, withoutEdge } from "../edits.ts"
import { endSize, layoutOf, memberSize, wideRow, type Drawn, type Layout, type Line } from "./layout.ts"
import { CrewEdge, type CrewEdgeData } from "./crew-edge.tsx"
import { EndCard, MemberCard } from "./member-card.tsx"
import "#web/flow/canvas.css"

type CrewNode = Node<Record<string, never>, Drawn["is"]>

const nodeTypes = { member: MemberCard, input: EndCard, result: EndCard }
const edgeTypes = { crew: CrewEdge }
const withoutAttribution = { hideAttribution: true }
const noData: Record<string, never> = {}

const sizeOf = (one: Drawn) => (one.is === "member" ? memberSize : endSize)

const nodeOf = (one: Drawn, open: Open): CrewNode => ({
  id: one.id,
  type: one.is,
  position: { x: one.x, y: one.y },
  data: noData,
  ...sizeOf(one),
  measured: sizeOf(one),
  selected: open.is === "member" && open.id === one.id,
  selectable: one.is === "member",
  focusable: one.is === "member",
  ariaLabel: one.is === "member" ? `Member ${one.id}` : one.is,
})

const isOpenEdge = (open: Open, { from, to, is }: Line): boolean =>
  is === "hand_over" && open.is === "edge" && open.from === from && open.to === to

function edgeOf(line: Line, { drawn, lines }: Layout, open: Open): Edge<CrewEdgeData> {
  const box = (id: string) => {
    const one = drawn.find((each) => each.id === id)!
    return { x: one.x, y: one.y, ...sizeOf(one) }
  }
  return {
    id: line.id,
    type: "crew",
    source: line.from,
    target: line.to,
    selected: isOpenEdge(open, line),
    selectable: line.is === "hand_over",
    focusable: line.is === "hand_over",
    ariaLabel:
      line.is === "hand_over" ? `${line.from} may hand work to ${line.to}` : `${line.from} before ${line.to}`,
    data: {
      line,
      from: box(line.from),
      to: box(line.to),
      // Two lines between the same two pass each other.
      isBeside: lines.some((other) => other !== line && sameEnds(other, line)),
    },
  }
}

const sameEnds = (one: Line, other: Line): boolean =>
  (one.from === other.to && one.to === other.from) || (one.from === other.from && one.to === other.to)

/** The crew as its pattern arranges it. A line drawn from one member to another lets the one hand work to the other. */
export const CrewCanvas = () => (
  <ReactFlowProvider>
    <Canvas />
  </ReactFlowProvider>
)

/** Shows all of it anew when the arrangement is another one. */
function useFitting(arrangement: string): void {
  const flow = useReactFlow()
  useEffect(() => {
    // The new arrangement has to be there before it can be looked at as a whole.
    const frame = requestAnimationFrame(() => void flow.fitView({ ...fitting, ...glide() }))
    return () => cancelAnimationFrame(frame)
    // The arrangement is looked at by React Flow; here it only says when.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [flow, arrangement])
}

/** Enter opens a member, Backspace takes the open line away, Escape leads back to the crew. */
function useCanvasKeys() {
  const { crew, set, mayEdit, open, onOpen } = useBuilder()
  return (event: KeyboardEvent) => {
    if (event.key === "Escape") onOpen({ is: "crew" })
    else if ((event.key === "Backspace" || event.key === "Delete") && open.is === "edge" && mayEdit) {
      set(withoutEdge(crew, open.from, open.to))
      onOpen({ is: "crew" })
    } else if (event.key === "Enter" || event.key === " ") {
      const id =
        event.target instanceof Element
          ? event.target.closest(".react-flow__node")?.getAttribute("data-id")
          : null
      if (!id) return
      event.preventDefault()
      onOpen({ is: "member", id })
    }
  }
}

function Canvas() {
  const { crew, set, mayEdit, open, onOpen } = useBuilder()
  const mostInRow = usePhone() ? 2 : wideRow
  const layout = useMemo(() => layoutOf(crew, mostInRow), [crew, mostInRow])
  const nodes = useMemo(() => layout.drawn.map((one) => nodeOf(one, open)), [layout, open])
  const edges = useMemo(() => layout.lines.map((line) => edgeOf(line, layout, open)), [layout, open])
  useFitting(`${crew.collaboration_pattern} ${layout.drawn.length}`)
  const onKeyDown = useCanvasKeys()
  const connect = ({ source, target }: Connection) => {
    if (!mayEdit || source === target) return
    set(withEdge(crew, source, target))
    onOpen({ is: "edge", from: source, to: target })
  }
  return (
    <div className="relative min-h-0 flex-1">
      <ReactFlow
        className="canvas"
        aria-label="Members"
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        proOptions={withoutAttribution}
        fitView
        fitViewOptions={fitting}
        minZoom={0.15}
        maxZoom={1.5}
        nodesDraggable={false}
        nodesConnectable={mayEdit}
        connectionMode={ConnectionMode.Loose}
        connectionRadius={48}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        disableKeyboardA11y
        panOnScroll
        onConnect={connect}
        onNodeClick={(_, node) => node.type === "member" && onOpen({ is: "member", id: node.id })}
        onEdgeClick={(_, edge) => {
          const line = edge.data?.line
          if (line?.is === "hand_over") onOpen({ is: "edge", from: line.from, to: line.to })
        }}
        onPaneClick={() => onOpen({ is: "crew" })}
        onKeyDown={onKeyDown}
      >
        <Background gap={16} size={1} />
        <ZoomControls className="absolute bottom-3 left-3 z-10" />
      </ReactFlow>
      {crew.agents.length === 0 ? (
        <div className="absolute inset-0 flex items-center justify-center bg-page">
          <EmptyState icon={Users} title="Nobody works here yet" action={mayEdit && <AddMember />}>
            Put agents into the crew. Then draw a line from one to another to let the one hand work to the
            other.
          </EmptyState>
        </div>
      ) : (
        mayEdit && (
          <div className="absolute top-3 left-3 z-10">
            <AddMember />
          </div>
        )
      )}
    </div>
  )
}
