import { ChevronRight, Equal, Settings2, type LucideIcon } from "lucide-react"
import { useEffect, useMemo, useRef } from "react"
import { sourceHandle, type FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import type { Difference } from "#core/json-diff"
import { changeLook, type Change } from "#web/flow/change-mark.tsx"
import { handlesOf } from "#web/flow/geometry.ts"
import { titleIn, titleOf } from "#web/flow/node-card.tsx"
import { cn } from "#web/ui/cn.ts"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ValueDiff } from "#web/ui/value-diff.tsx"
import { sayField, type ChangeRow } from "./drawn-comparison.ts"

type ChangeListProps = {
  rows: readonly ChangeRow[]
  nodes: readonly FlowNode[]
  /** The key of the row that stands open. */
  at: string | null
  onChoose: (row: ChangeRow | null) => void
}

/** Every change in a line, which leads to it on the canvas and opens what differs. */
export function ChangeList({ rows, nodes, at, onChoose }: ChangeListProps) {
  if (rows.length === 0) {
    return (
      <EmptyState icon={Equal} title="Nothing differs" className="my-auto">
        Both do the same and are drawn the same.
      </EmptyState>
    )
  }
  return (
    <>
      <h2 className="flex min-h-10 shrink-0 flex-wrap items-center gap-x-3 border-b px-3 py-2">
        <span className="sr-only">Changes: </span>
        <Counts rows={rows} />
      </h2>
      <ol className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
        {rows.map((row) => (
          // Thousands of changes: those out of view are not laid out.
          <li
            key={row.key}
            className="border-b [contain-intrinsic-size:auto_2.5rem] [content-visibility:auto]"
          >
            <Row row={row} nodes={nodes} open={row.key === at} onChoose={onChoose} />
          </li>
        ))}
      </ol>
    </>
  )
}

const order: readonly Change[] = ["added", "changed", "removed", "moved"]

/** How many nodes came, changed and went, then edges. */
function Counts({ rows }: { rows: readonly ChangeRow[] }) {
  const counts = useMemo(() => {
    const found = { added: 0, changed: 0, removed: 0, moved: 0 }
    for (const row of rows) if (row.of === "node") found[row.change.is] += 1
    return found
  }, [rows])
  const edges = rows.filter((row) => row.of === "edge").length
  return (
    <>
      {order.map((is) => {
        if (counts[is] === 0) return null
        const { icon: Icon, word, hue } = changeLook[is]
        return (
          <span key={is} className={cn("flex items-center gap-1 text-sm font-medium", hue)}>
            <Icon aria-hidden className="size-3.5" />
            <span className="tabular">
              {counts[is].toLocaleString("en")} {word.toLowerCase()}
            </span>
          </span>
        )
      })}
      {edges > 0 && (
        <span className="tabular text-sm font-medium text-muted">
          {edges.toLocaleString("en")} {edges === 1 ? "edge" : "edges"}
        </span>
      )}
    </>
  )
}

type RowProps = {
  row: ChangeRow
  nodes: readonly FlowNode[]
  open: boolean
  onChoose: (row: ChangeRow | null) => void
}

function Row({ row, nodes, open, onChoose }: RowProps) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (!open) return
    // What differs is seen too, as far as it goes below its line.
    button.current?.parentElement?.scrollIntoView({ block: "nearest" })
    button.current?.scrollIntoView({ block: "nearest" })
  }, [open])
  const { icon: Icon, hue, title, more } = saidOf(row, nodes)
  const fields = fieldsOf(row)
  return (
    <>
      <button
        ref={button}
        type="button"
        // A line that holds nothing more leads to its place all the same.
        {...(fields.length > 0 ? { "aria-expanded": open } : { "aria-pressed": open })}
        onClick={() => onChoose(open ? null : row)}
        className={cn(
          "focus-ring-inset flex min-h-10 w-full items-center gap-2.5 px-3 py-1.5 text-left hover:bg-hover",
          open && "bg-accent-soft hover:bg-accent-soft",
        )}
      >
        <Icon aria-hidden className={cn("size-4 shrink-0", hue)} />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{title}</span>
          <span className="block truncate text-sm text-muted">{more}</span>
        </span>
        {fields.length > 0 && (
          <ChevronRight
            aria-hidden
            className={cn(
              "size-4 shrink-0 text-muted transition-transform duration-[120ms]",
              open && "rotate-90",
            )}
          />
        )}
      </button>
      {open && fields.length > 0 && <Fields fields={fields} />}
    </>
  )
}

/** A node with a huge value of thousands of fields must not stop the page. */
const mostFields = 100

const Fields = ({ fields }: { fields: readonly Difference[] }) => (
  <div className="flex flex-col gap-4 border-t bg-page px-3 py-3">
    {fields.slice(0, mostFields).map(({ path, from, to }) => (
      <ValueDiff key={path} path={sayField(path)} left={from ?? undefined} right={to ?? undefined} />
    ))}
    {fields.length > mostFields && (
      <p className="text-muted">
        The first {mostFields} of {fields.length} fields are listed.
      </p>
    )}
  </div>
)

const fieldsOf = (row: ChangeRow): readonly Difference[] =>
  row.of === "flow" ? row.fields : row.of === "node" ? row.change.fields : []

type Said = { icon: LucideIcon; hue: string; title: string; more: string }

function saidOf(row: ChangeRow, nodes: readonly FlowNode[]): Said {
  if (row.of === "flow") {
    const names = [
      ...new Set(row.fields.map(({ path }) => flowFields[path] ?? flowFields[path.split(".")[0]!] ?? path)),
    ]
    return { icon: Settings2, hue: "text-waiting", title: "The flow", more: `Changed · ${names.join(", ")}` }
  }
  if (row.of === "node") {
    const { is, node, fields } = row.change
    const kind = kindOf(node.type)?.title ?? node.type
    const title = titleOf(node)
    // A node without a name of its own is told from its like by its id.
    const id = is !== "changed" || title === kind ? node.id : ""
    const names = is === "changed" ? fieldNames(fields) : ""
    const more = [changeLook[is].word, title === kind ? "" : kind, id, names].filter(Boolean).join(" · ")
    return { ...changeLook[is], title, more }
  }
  const { is, edge } = row.change
  const route = routeOf(nodes, edge.source, sourceHandle(edge))
  return {
    ...changeLook[is],
    title: `${titleIn({ nodes }, edge.source)} → ${titleIn({ nodes }, edge.target)}`,
    more: [changeLook[is].word, "Edge", route].filter(Boolean).join(" · "),
  }
}

/** As the sections of its panel are called. */
const flowFields: Record<string, string> = {
  input_schema: "Inputs",
  output_schema: "Output",
  settings: "Limits and failures",
  "settings.requires_review": "Publishing",
}

/** The fields at a glance: `prompt, limits`. */
const fieldNames = (fields: readonly Difference[]): string =>
  [...new Set(fields.map(({ path }) => sayField(path).split(".")[0]!))].join(", ")

/** Which of several ways out an edge leaves by; empty where there is but one. */
function routeOf(nodes: readonly FlowNode[], source: string, handle: string): string {
  const node = nodes.find(({ id }) => id === source)
  if (!node) return ""
  const handles = handlesOf(node).filter(({ id }) => id !== "error" || handle === "error")
  return handles.length > 1 ? (handles.find(({ id }) => id === handle)?.label ?? handle) : ""
}
