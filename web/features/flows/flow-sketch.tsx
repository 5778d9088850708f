import type { ReactNode } from "react"
import type { FlowEdge, FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import type { Family } from "#core/flow/kinds/kind"
import { lookOf, type Box, type Look } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { cn } from "#web/ui/cn.ts"

const fills: Record<Family, string> = {
  data: "fill-kind-data",
  models: "fill-kind-model",
  agents: "fill-kind-agent",
  tools: "fill-kind-tool",
  control: "fill-kind-control",
  people: "fill-kind-person",
}

const leastWidth = 760

type Drawn = { node: FlowNode; box: Box }

/** A graph at a glance: its shape and the families of its nodes. Decoration beside a name. */
export function FlowSketch({
  nodes,
  edges,
  className,
}: {
  nodes: readonly FlowNode[]
  edges: readonly FlowEdge[]
  className?: string
}) {
  const nesting = nestingOf(nodes)
  const drawn = nesting.parentsFirst().map((node): Drawn => ({ node, box: nesting.box(node.id) }))
  const boxes = new Map(drawn.map(({ node, box }) => [node.id, box]))
  const left = Math.min(...drawn.map(({ box }) => box.x))
  const top = Math.min(...drawn.map(({ box }) => box.y))
  const width = Math.max(...drawn.map(({ box }) => box.x + box.width)) - left
  const height = Math.max(...drawn.map(({ box }) => box.y + box.height)) - top
  // A graph of two nodes is drawn no larger than one of three.
  const spare = Math.max(0, leastWidth - width)
  return (
    <svg
      aria-hidden
      viewBox={`${left - 8 - spare / 2} ${top - 8} ${width + spare + 16} ${height + 16}`}
      preserveAspectRatio="xMidYMid meet"
      className={cn("block", className)}
    >
      {drawn.map((one) => lookOf(one.node) === "frame" && <Frame key={one.node.id} {...one} />)}
      {edges.map((edge) => {
        const [from, to] = [boxes.get(edge.source), boxes.get(edge.target)]
        return from && to && <Line key={edge.id} from={from} to={to} />
      })}
      {drawn.map((one) => {
        const Shape = shapes[lookOf(one.node)]
        return <Shape key={one.node.id} {...one} />
      })}
    </svg>
  )
}

/** Edges meet a frame at its bar, which is as high as a step. */
const middleOf = (box: Box): number => box.y + Math.min(box.height, 56) / 2

function Line({ from, to }: { from: Box; to: Box }) {
  const [x1, y1, x2, y2] = [from.x + from.width, middleOf(from), to.x, middleOf(to)]
  const middle = (x1 + x2) / 2
  return (
    <path
      d={`M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`}
      fill="none"
      strokeWidth="1.5"
      vectorEffect="non-scaling-stroke"
      className="stroke-line-strong"
    />
  )
}

const Frame = ({ node, box }: Drawn) => (
  <rect
    {...box}
    rx="18"
    strokeWidth="1"
    strokeDasharray={node.type === "group" ? "4 3" : undefined}
    vectorEffect="non-scaling-stroke"
    className="fill-muted/10 stroke-line-strong"
  />
)

const Tile = ({ node }: { node: FlowNode }) => (
  <>
    <rect
      x="12"
      y="12"
      width="32"
      height="32"
      rx="8"
      className={cn(fills[kindOf(node.type)?.family ?? "control"], "opacity-70")}
    />
    <rect x="58" y="22" width="104" height="12" rx="6" className="fill-line" />
  </>
)

/** What stands above the edges: of a frame its name only. */
const shapes: Record<Look, (drawn: Drawn) => ReactNode> = {
  step: ({ node, box }) => (
    <g transform={`translate(${box.x} ${box.y})`}>
      <rect
        width={box.width}
        height={box.height}
        rx="14"
        strokeWidth="1"
        vectorEffect="non-scaling-stroke"
        className="fill-surface stroke-line-strong"
      />
      <Tile node={node} />
    </g>
  ),
  frame: ({ node, box }) => (
    <g transform={`translate(${box.x} ${box.y})`}>{node.type !== "group" && <Tile node={node} />}</g>
  ),
  note: ({ box }) => (
    <rect
      {...box}
      rx="10"
      strokeWidth="1"
      vectorEffect="non-scaling-stroke"
      className="fill-kind-person-soft stroke-kind-person/30"
    />
  ),
}
