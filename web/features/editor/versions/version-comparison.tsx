import { useMemo, useState } from "react"
import { compareGraphs } from "#core/flow/compare"
import type { FlowGraph } from "#core/flow/graph"
import { FlowView } from "#web/flow/flow-view.tsx"
import { ChangeList } from "./change-list.tsx"
import { drawComparison, rowsOf } from "./drawn-comparison.ts"

type VersionComparisonProps = {
  from: FlowGraph
  to: FlowGraph
  /** The change that is looked at, by its key. */
  at: string | null
  onAt: (at: string | null) => void
}

/** The canvas with everything that differs marked on it, and the changes one by one beside it. */
export function VersionComparison({ from, to, at, onAt }: VersionComparisonProps) {
  const { drawing, rows } = useMemo(() => {
    const comparison = compareGraphs(from, to)
    const drawn = drawComparison(to, comparison)
    return { drawing: drawn, rows: rowsOf(comparison, drawn) }
  }, [from, to])
  const row = rows.find(({ key }) => key === at)
  // The view moves only for who comes from the list or by a link: on the canvas one has the node before one's eyes.
  const [shown, setShown] = useState(row?.nodes)
  const selectedId = row?.of === "node" ? row.change.node.id : null
  const choose = (id: string | null) => {
    const key = `node.${id}`
    if (id === null || rows.some((one) => one.key === key)) onAt(id === null ? null : key)
    else onAt(null)
  }
  return (
    <div className="flex min-h-0 flex-1 max-lg:flex-col">
      <section aria-label="Canvas" className="relative min-h-0 min-w-0 flex-1 max-lg:basis-1/2">
        <FlowView
          graph={drawing.graph}
          marks={drawing.marks}
          selectedId={selectedId}
          onSelect={choose}
          shown={shown && shown.length > 0 ? shown : undefined}
        />
      </section>
      <aside
        aria-label="Changes"
        className="flex min-h-0 flex-col bg-surface max-lg:basis-1/2 max-lg:border-t lg:w-[26rem] lg:shrink-0 lg:border-l"
      >
        <ChangeList
          rows={rows}
          nodes={drawing.graph.nodes}
          at={row?.key ?? null}
          onChoose={(next) => {
            onAt(next?.key ?? null)
            if (next) setShown([...next.nodes])
          }}
        />
      </aside>
    </div>
  )
}
