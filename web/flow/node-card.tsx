import { CircleAlert, Pin, TriangleAlert } from "lucide-react"
import type { NodeState } from "#core/execution/state"
import type { NodeStatus } from "#core/execution/status"
import type { FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import { cn } from "#web/ui/cn.ts"
import { sizeOf } from "./geometry.ts"
import { KindTile } from "./kind-tile.tsx"
import { briefFactsOf, withoutTurns } from "./run-facts.ts"
import { stepLook, toneHue } from "./status.tsx"
import type { StepCounts } from "./step-index.ts"

export type Mark = { severity: "error" | "warning"; message: string }

export type CardProps = {
  node: FlowNode
  selected: boolean
  /** What the watched execution says of it; undefined when none is watched or it has not got here. */
  run?: NodeState | undefined
  /** How its iterations stand, where `run` is all of them as one. */
  counts?: StepCounts | undefined
  /** Whether an execution is watched at all: nodes it has not reached step back. */
  watched?: boolean
  mark?: Mark | undefined
  /** Whether its output is given instead of worked out. */
  pinned?: boolean
}

export const titleOf = (node: Pick<FlowNode, "type" | "label">): string =>
  node.label ?? kindOf(node.type)?.title ?? node.type

/** A node's title by its id; the id itself where the node is gone. */
export function titleIn({ nodes }: { nodes: readonly FlowNode[] }, id: string): string {
  const node = nodes.find((one) => one.id === id)
  return node ? titleOf(node) : id
}

const edges: Record<NodeStatus, string> = {
  ready: "bg-line-strong",
  running: "bg-running animate-pulse",
  retrying: "bg-waiting",
  waiting: "bg-waiting",
  interrupted: "bg-attention",
  succeeded: "bg-succeeded",
  failed: "bg-failed",
  skipped: "bg-line-strong",
  cancelled: "bg-cancelled",
}

/** Nodes that a watched execution has not reached, or has passed by. */
export const stepsBack = ({ run, watched = false }: Pick<CardProps, "run" | "watched">): boolean =>
  watched && (run === undefined || run.status === "skipped")

/** A step as the canvas shows it: what it is, one line of substance, and how far an execution has come. */
export function NodeCard(props: CardProps) {
  const { node, selected, run } = props
  return (
    <div
      style={sizeOf(node)}
      className={cn(
        "relative flex items-center gap-2.5 overflow-hidden rounded-md border bg-surface px-2.5 text-left shadow-near",
        selected ? "border-accent ring-1 ring-accent" : "border-line-strong",
        node.type === "foreign" && "border-dashed bg-sunken",
        stepsBack(props) && "opacity-60",
      )}
    >
      {run && <StatusEdge status={run.status} />}
      <CardWords {...props} />
    </div>
  )
}

export const StatusEdge = ({ status }: { status: NodeStatus }) => (
  <span aria-hidden className={cn("absolute inset-y-0 left-0 w-[3px]", edges[status])} />
)

/** Tile, title, marks and the line under them: the face of a step, and the bar of a frame. */
export function CardWords({ node, run, counts, mark, pinned = false, says }: CardProps & { says?: string }) {
  return (
    <>
      <KindTile type={node.type} />
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-1.5">
          <span className="min-w-0 flex-1 truncate text-base font-medium text-ink">{titleOf(node)}</span>
          {pinned && <Pin role="img" aria-label="Pinned" className="size-3.5 fill-current text-accent-ink" />}
          {run ? <RunIcon run={run} /> : mark && <MarkIcon mark={mark} />}
        </div>
        <p className="tabular truncate text-xs text-muted">
          {(run && briefFactsOf(withoutTurns(node, run), counts)) || (says ?? substanceOf(node))}
        </p>
      </div>
    </>
  )
}

const substanceOf = (node: FlowNode): string => kindOf(node.type)?.substance(node.data) ?? "Unknown kind"

function RunIcon({ run }: { run: NodeState }) {
  const { icon: Icon, tone, turning, word } = stepLook(run)
  return (
    <Icon role="img" aria-label={word} className={cn("size-3.5", toneHue[tone], turning && "animate-spin")} />
  )
}

function MarkIcon({ mark }: { mark: Mark }) {
  const Icon = mark.severity === "error" ? CircleAlert : TriangleAlert
  return (
    <Icon
      role="img"
      aria-label={mark.message}
      className={cn("size-3.5", mark.severity === "error" ? "text-failed" : "text-waiting")}
    />
  )
}
