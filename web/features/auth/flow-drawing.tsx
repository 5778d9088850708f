import { LogIn, LogOut, Sparkles, Split, type LucideIcon } from "lucide-react"
import { cn } from "#web/ui/cn.ts"

type Drawn = {
  x: number
  y: number
  icon: LucideIcon
  title: string
  line: string
  hue: string
  state: "done" | "active" | "idle"
}

const nodes: readonly Drawn[] = [
  {
    x: 0,
    y: 88,
    icon: LogIn,
    title: "Input",
    line: "mail",
    hue: "bg-kind-data-soft text-kind-data",
    state: "done",
  },
  {
    x: 212,
    y: 88,
    icon: Sparkles,
    title: "Classify",
    line: "412 tok · $0.0003",
    hue: "bg-kind-model-soft text-kind-model",
    state: "done",
  },
  {
    x: 424,
    y: 0,
    icon: Sparkles,
    title: "Draft reply",
    line: "Dear Ms Okafor, …",
    hue: "bg-kind-model-soft text-kind-model",
    state: "active",
  },
  {
    x: 424,
    y: 176,
    icon: Split,
    title: "Archive",
    line: "skipped",
    hue: "bg-kind-control-soft text-kind-control",
    state: "idle",
  },
  {
    x: 636,
    y: 88,
    icon: LogOut,
    title: "Output",
    line: "",
    hue: "bg-kind-data-soft text-kind-data",
    state: "idle",
  },
]

const width = 172
const height = 48
const edges: readonly [number, number, "done" | "active" | "idle"][] = [
  [0, 1, "done"],
  [1, 2, "done"],
  [1, 3, "idle"],
  [2, 4, "active"],
  [3, 4, "idle"],
]

function path(from: Drawn, to: Drawn): string {
  const [x1, y1, x2, y2] = [from.x + width, from.y + height / 2, to.x, to.y + height / 2]
  const middle = (x1 + x2) / 2
  return `M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`
}

/** A flow in mid-execution, drawn as the canvas draws it. */
export function FlowDrawing() {
  return (
    <>
      <div className="absolute inset-0 bg-[radial-gradient(var(--line-strong)_1px,transparent_1px)] bg-size-[20px_20px] opacity-70" />
      <div className="absolute top-1/2 left-1/2 h-56 w-[808px] -translate-x-1/2 -translate-y-1/2 max-2xl:scale-90 max-xl:scale-75">
        <svg className="absolute inset-0 size-full overflow-visible" fill="none" strokeWidth="1.5">
          {edges.map(([from, to, state]) => (
            <path
              key={`${from}-${to}`}
              d={path(nodes[from]!, nodes[to]!)}
              className={cn(
                state === "done" && "stroke-succeeded/50",
                state === "active" && "stroke-running [stroke-dasharray:4_4]",
                state === "idle" && "stroke-line-strong",
              )}
            />
          ))}
        </svg>
        {nodes.map((node) => (
          <div
            key={node.title}
            style={{ left: node.x, top: node.y, width, height }}
            className={cn(
              "absolute flex items-center gap-2.5 overflow-hidden rounded-md border border-line-strong bg-surface px-2.5 shadow-near",
              node.state === "active" && "border-running ring-3 ring-running-soft",
              node.state === "idle" && "text-muted",
            )}
          >
            <span
              className={cn(
                "flex size-7 shrink-0 items-center justify-center rounded-md",
                node.hue,
                node.state === "idle" && "opacity-60",
              )}
            >
              <node.icon />
            </span>
            <span className="min-w-0">
              <span className="block truncate font-medium">{node.title}</span>
              {node.line && <span className="tabular block truncate text-xs text-muted">{node.line}</span>}
            </span>
          </div>
        ))}
      </div>
    </>
  )
}
