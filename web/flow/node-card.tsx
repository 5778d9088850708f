import { CircleAlert, TriangleAlert } from "lucide-react"
import type { FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import type { NodeState } from "#core/execution/state"
import { formatMicros } from "#core/money"
import { cn } from "#web/ui/cn.ts"
import { sayDuration } from "#web/ui/relative-time.tsx"
import { nodeHeight, nodeWidth } from "./geometry.ts"
import { KindTile } from "./kind-tile.tsx"
import { nodeStatusLook, toneHue } from "./status.tsx"

export type Mark = { severity: "error" | "warning"; message: string }

type NodeCardProps = {
  node: FlowNode
  selected: boolean
  /** What the watched execution says of it; undefined when none is watched or it has not got here. */
  run?: NodeState | undefined
  /** Whether an execution is watched at all: nodes it has not reached step back. */
  watched?: boolean
  mark?: Mark | undefined
}

export const titleOf = (node: Pick<FlowNode, "type" | "label">): string =>
  node.label ?? kindOf(node.type)?.title ?? node.type

/** A node's title by its id; the id itself where the node is gone. */
export function titleIn({ nodes }: { nodes: readonly FlowNode[] }, id: string): string {
  const node = nodes.find((one) => one.id === id)
  return node ? titleOf(node) : id
}

const edges = {
  ready: "bg-line-strong",
  running: "bg-running animate-pulse",
  retrying: "bg-waiting",
  succeeded: "bg-succeeded",
  failed: "bg-failed",
  skipped: "bg-line-strong",
  cancelled: "bg-cancelled",
} as const

/** A node as the canvas shows it: what it is, one line of substance, and how far an execution has come. */
export function NodeCard({ node, selected, run, watched = false, mark }: NodeCardProps) {
  const stepsBack = watched && (run === undefined || run.status === "skipped")
  return (
    <div
      style={{ width: nodeWidth, height: nodeHeight(node) }}
      className={cn(
        "relative flex items-center gap-2.5 overflow-hidden rounded-md border bg-surface px-2.5 text-left shadow-near",
        selected ? "border-accent ring-1 ring-accent" : "border-line-strong",
        stepsBack && "opacity-60",
      )}
    >
      {run && <span aria-hidden className={cn("absolute inset-y-0 left-0 w-[3px]", edges[run.status])} />}
      <KindTile type={node.type} />
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-1.5">
          <span className="min-w-0 flex-1 truncate text-base font-medium text-ink">{titleOf(node)}</span>
          {run ? <RunIcon run={run} /> : mark && <MarkIcon mark={mark} />}
        </div>
        <p className="truncate text-xs text-muted">{(run && briefFactsOf(run)) || substanceOf(node)}</p>
      </div>
    </div>
  )
}

const substanceOf = (node: FlowNode): string => kindOf(node.type)?.substance(node.data) ?? "Unknown kind"

function RunIcon({ run }: { run: NodeState }) {
  const { icon: Icon, tone, turning, word } = nodeStatusLook[run.status]
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

const tookOf = ({ started_at: began, finished_at: ended }: NodeState): string | false =>
  began !== undefined && ended !== undefined && sayDuration(Date.parse(ended) - Date.parse(began))

const tokensOf = ({ usage }: NodeState): number => (usage ? usage.input_tokens + usage.output_tokens : 0)

/** "1.2 s · 412 tokens · $0.001273": what a step took, as far as it is known. */
export function factsOf(run: NodeState): string {
  if (run.status === "skipped") return "Skipped"
  const tokens = tokensOf(run)
  return [
    tookOf(run),
    tokens > 0 && `${tokens.toLocaleString("en")} tokens`,
    run.cost_micros > 0 && formatMicros(run.cost_micros),
  ]
    .filter(Boolean)
    .join(" · ")
}

/** The same in the width of a node: a ten-thousandth of a dollar is exact enough there. */
function briefFactsOf(run: NodeState): string {
  if (run.status === "skipped") return "Skipped"
  const tokens = tokensOf(run)
  const dollars = run.cost_micros / 1_000_000
  return [
    tookOf(run),
    tokens > 0 && `${tokens.toLocaleString("en")} tok`,
    run.cost_micros > 0 && (dollars < 0.0001 ? "< $0.0001" : `$${dollars.toFixed(dollars < 1 ? 4 : 2)}`),
  ]
    .filter(Boolean)
    .join(" · ")
}
