import type { ReactNode } from "react"
import type { FlowNode } from "#core/flow/graph"
import { cn } from "#web/ui/cn.ts"
import { foldedSize } from "./folding.ts"
import { frameHeader, sizeOf } from "./geometry.ts"
import { KindTile } from "./kind-tile.tsx"
import { CardWords, stepsBack, StatusEdge, titleOf, type CardProps } from "./node-card.tsx"

type FrameCardProps = CardProps & {
  /** Stands inside while nothing else does. */
  hint?: string | undefined
  /** Whether what is being dragged would land in it. */
  isTarget?: boolean
  /** Stands at the end of its bar, such as what folds it. */
  action?: ReactNode
}

/** A map, loop or group: a bar that names it over the room for what it holds. */
export function FrameCard(props: FrameCardProps) {
  const { node, selected, hint, action, isTarget = false } = props
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
      {isGroup ? <GroupBar node={node} action={action} /> : <Bar {...props} />}
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

const Bar = ({ action, ...props }: CardProps & { action?: ReactNode }) => (
  <div
    style={{ height: frameHeader(props.node) }}
    className="relative flex shrink-0 items-center gap-2.5 border-b border-line-strong bg-surface px-2.5 text-left"
  >
    {props.run && <StatusEdge status={props.run.status} />}
    <CardWords {...props} />
    {action}
  </div>
)

const GroupBar = ({ node, action }: { node: FlowNode; action?: ReactNode }) => (
  <div style={{ height: frameHeader(node) }} className="flex shrink-0 items-center gap-2 px-3 text-left">
    <KindTile type={node.type} size="sm" />
    <span className="min-w-0 flex-1 truncate text-base font-medium text-soft">{titleOf(node)}</span>
    {action}
  </div>
)

/** A frame that is looked at folded: as large as a step, with a second sheet showing under it. */
export function FoldedCard({ inside, action, ...props }: CardProps & { inside: number; action?: ReactNode }) {
  const { node, selected, run } = props
  const edge = selected ? "border-accent" : "border-line-strong"
  return (
    <div style={foldedSize} className="relative">
      <span
        aria-hidden
        className={cn("absolute inset-x-1.5 -bottom-1 h-3 rounded-md border bg-surface", edge)}
      />
      <div
        className={cn(
          "relative flex size-full items-center gap-2.5 overflow-hidden rounded-md border bg-surface px-2.5 text-left shadow-near",
          edge,
          selected && "ring-1 ring-accent",
          stepsBack(props) && node.type !== "group" && "opacity-60",
        )}
      >
        {run && <StatusEdge status={run.status} />}
        <CardWords {...props} says={inside === 1 ? "1 node inside" : `${inside} nodes inside`} />
        {action}
      </div>
    </div>
  )
}

/** What a frame says while it is empty. */
export const frameHint = (type: string): string =>
  type === "map"
    ? "Drop what is done for each item here"
    : type === "loop"
      ? "Drop what is repeated here"
      : "Drop nodes that belong together here"
