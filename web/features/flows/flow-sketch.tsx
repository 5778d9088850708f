import type { FlowEdge, FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import type { Family } from "#core/flow/kinds/kind"
import { cn } from "#web/ui/cn.ts"

const fills: Record<Family, string> = {
  data: "fill-kind-data",
  models: "fill-kind-model",
  agents: "fill-kind-agent",
  tools: "fill-kind-tool",
  control: "fill-kind-control",
  people: "fill-kind-person",
}

const node = { width: 200, height: 56 }
const leastWidth = 760

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
  const places = new Map(nodes.map((one) => [one.id, one.position]))
  const xs = nodes.map((one) => one.position.x)
  const ys = nodes.map((one) => one.position.y)
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  const width = Math.max(...xs) - left + node.width
  const height = Math.max(...ys) - top + node.height
  // A graph of two nodes is drawn no larger than one of three.
  const spare = Math.max(0, leastWidth - width)
  return (
    <svg
      aria-hidden
      viewBox={`${left - 8 - spare / 2} ${top - 8} ${width + spare + 16} ${height + 16}`}
      preserveAspectRatio="xMidYMid meet"
      className={cn("block", className)}
    >
      {edges.map((edge) => {
        const from = places.get(edge.source)
        const to = places.get(edge.target)
        if (!from || !to) return null
        const [x1, y1, x2, y2] = [from.x + node.width, from.y + node.height / 2, to.x, to.y + node.height / 2]
        const middle = (x1 + x2) / 2
        return (
          <path
            key={edge.id}
            d={`M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`}
            fill="none"
            strokeWidth="1.5"
            vectorEffect="non-scaling-stroke"
            className="stroke-line-strong"
          />
        )
      })}
      {nodes.map((one) => (
        <g key={one.id} transform={`translate(${one.position.x} ${one.position.y})`}>
          <rect
            width={node.width}
            height={node.height}
            rx="14"
            strokeWidth="1"
            vectorEffect="non-scaling-stroke"
            className="fill-surface stroke-line-strong"
          />
          <rect
            x="12"
            y="12"
            width="32"
            height="32"
            rx="8"
            className={cn(fills[kindOf(one.type)?.family ?? "control"], "opacity-70")}
          />
          <rect x="58" y="22" width="104" height="12" rx="6" className="fill-line" />
        </g>
      ))}
    </svg>
  )
}
