import { useState } from "react"
import type { Execution } from "#core/contract/executions"
import { FlowView } from "#web/flow/flow-view.tsx"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { Tabs } from "#web/ui/tabs.tsx"
import { useWide } from "#web/ui/use-media.ts"
import { ExecutionHeader } from "./execution-header.tsx"
import { Inspector } from "./inspector/inspector.tsx"
import { TimelineView } from "./timeline/timeline-view.tsx"
import { lineHeight } from "./timeline/tracks.ts"
import { useSelection } from "./use-selected-node.ts"

type ViewProps = { execution: Execution; live: LiveExecution }

/** Canvas at the left, timeline over inspector at the right; on a narrow screen one of the three at a time. */
export function ExecutionView({ execution, live }: ViewProps) {
  const wide = useWide()
  return (
    <div className="flex h-full min-h-0 flex-col">
      <ExecutionHeader execution={execution} live={live} />
      {wide ? <Columns execution={execution} live={live} /> : <Pages execution={execution} live={live} />}
    </div>
  )
}

function Columns({ execution, live }: ViewProps) {
  const selection = useSelection()
  return (
    <div className="flex min-h-0 flex-1">
      <section aria-label="Canvas" className="min-w-0 flex-1">
        <FlowView graph={execution.graph} selectedId={selection.node} onSelect={selection.select} />
      </section>
      <div className="flex w-[min(36rem,48%)] shrink-0 flex-col border-l bg-surface">
        <section
          aria-label="Timeline"
          // Room for every node from the beginning: steps that arrive must not push the details down.
          style={{ height: `${(execution.graph.nodes.length + 1) * lineHeight + 1}px` }}
          className="flex max-h-[45%] shrink-0 flex-col border-b"
        >
          <TimelineView
            graph={execution.graph}
            live={live}
            selectedId={selection.node}
            onSelect={selection.select}
          />
        </section>
        <section aria-label="Details" className="flex min-h-0 flex-1 flex-col">
          <Inspector execution={execution} live={live} selection={selection} />
        </section>
      </div>
    </div>
  )
}

function Pages({ execution, live }: ViewProps) {
  const selection = useSelection()
  const [page, setPage] = useState(selection.node === null ? "timeline" : "details")
  const open = (id: string | null) => {
    selection.select(id)
    if (id !== null) setPage("details")
  }
  return (
    <Tabs
      label="Views"
      value={page}
      onChange={setPage}
      className="flex-1 bg-surface"
      panelClassName="flex flex-col data-[state=inactive]:hidden"
      tabs={[
        {
          value: "canvas",
          label: "Canvas",
          panel: <FlowView graph={execution.graph} selectedId={selection.node} onSelect={open} compact />,
        },
        {
          value: "timeline",
          label: "Timeline",
          panel: (
            <TimelineView graph={execution.graph} live={live} selectedId={selection.node} onSelect={open} />
          ),
        },
        {
          value: "details",
          label: "Details",
          panel: <Inspector execution={execution} live={live} selection={selection} />,
        },
      ]}
    />
  )
}
