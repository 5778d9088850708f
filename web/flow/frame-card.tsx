import type { FlowNode } from "#core/flow/graph"
import { cn } from "#web/ui/cn.ts"
import { frameHeader, sizeOf } from "./geometry.ts"
import { KindTile } from "./kind-tile.tsx"
import { CardWords, stepsBack, StatusEdge, titleOf, type CardProps } from "./node-card.tsx"

type FrameCardProps = CardProps & {
  /** Stands inside while nothing else does. */
  hint?: string | undefined
  /** Whether what is being dragged would land in it. */
  isTarget?: boolean
}

/** A map, loop or group: a bar that names it over the room for what it holds. */
export function FrameCard(props: FrameCardProps) {
  const { node, selected, hint, isTarget = false } = props
  const isGroup = node.type === "group"
  return (
    <div
      style={sizeOf(node)}
      className={cn(
        "relative flex flex-col overflow-hidden rounded-lg border",
        isGroup ? "border-dashed" : "shadow-near",
        isTarget ? "bg-accent-soft" : "frame-ground",
        isTarget || selected ? "border-accent border-solid ring-1 ring-accent" : "border-line-strong",
        stepsBack(props) && !isGroup && "opacity-60",
      )}
    >
      {isGroup ? <GroupBar node={node} /> : <Bar {...props} />}
      {hint !== undefined && (
        <p
          className={cn(
            "m-4 grid flex-1 place-items-center rounded-md border border-dashed px-4 text-center text-sm",
            isTarget ? "border-accent text-accent-ink" : "border-line-strong text-muted",
          )}
        >
          {hint}
        </p>
      )}
    </div>
  )
}

const Bar = (props: CardProps) => (
  <div
    style={{ height: frameHeader(props.node) }}
    className="relative flex shrink-0 items-center gap-2.5 border-b border-line-strong bg-surface px-2.5 text-left"
  >
    {props.run && <StatusEdge status={props.run.status} />}
    <CardWords {...props} />
  </div>
)

const GroupBar = ({ node }: { node: FlowNode }) => (
  <div style={{ height: frameHeader(node) }} className="flex shrink-0 items-center gap-2 px-3 text-left">
    <KindTile type={node.type} size="sm" />
    <span className="min-w-0 truncate text-base font-medium text-soft">{titleOf(node)}</span>
  </div>
)

/** What a frame says while it is empty. */
export const frameHint = (type: string): string =>
  type === "map"
    ? "Drop what is done for each item here"
    : type === "loop"
      ? "Drop what is repeated here"
      : "Drop nodes that belong together here"
