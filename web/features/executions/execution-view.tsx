import { useCallback, useMemo, useState } from "react"
import type { Execution } from "#core/contract/executions"
import { FlowView } from "#web/flow/flow-view.tsx"
import { placeIn } from "#web/flow/scope-path.ts"
import type { LiveExecution } from "#web/flow/live-execution.ts"
import { ScopeProvider } from "#web/flow/use-execution.ts"
import { Tabs } from "#web/ui/tabs.tsx"
import { useWide } from "#web/ui/use-media.ts"
import { ExecutionHeader } from "./header/execution-header.tsx"
import { Inspector } from "./inspector/inspector.tsx"
import { DrawnFlow } from "./model/drawn-flow.ts"
import { RoomCanvas } from "./room/room-canvas.tsx"
import { useRoomKey } from "./room/use-room.ts"
import { ScopeBar } from "./scope/scope-bar.tsx"
import { TimelinePane } from "./timeline/timeline-pane.tsx"
import { useSelection } from "./use-selection.ts"
import { useWatch, WatchProvider } from "./watch.ts"

type ViewProps = { execution: Execution; live: LiveExecution }

/** Canvas at the left, timeline over inspector at the right; on a narrow screen one of the three at a time. */
export function ExecutionView({ execution, live }: ViewProps) {
  const wide = useWide()
  const selection = useSelection()
  const flow = useMemo(() => new DrawnFlow(execution.graph), [execution.graph])
  const watch = useMemo(() => ({ execution, live, flow, selection }), [execution, live, flow, selection])
  return (
    <WatchProvider value={watch}>
      <div className="flex h-full min-h-0 flex-col">
        <ExecutionHeader />
        {wide ? <Columns /> : <Pages />}
      </div>
    </WatchProvider>
  )
}

function Columns() {
  const { execution } = useWatch()
  // Room for every node from the beginning: steps that arrive must not push the details down.
  const rows = execution.graph.nodes.length + 2
  return (
    <div className="flex min-h-0 flex-1">
      <section aria-label="Canvas" className="flex min-w-0 flex-1 flex-col">
        <Canvas />
      </section>
      <div className="flex w-[min(38rem,50%)] shrink-0 flex-col border-l bg-surface">
        <section
          aria-label="Timeline"
          style={{ height: `${rows * 28 + 68}px` }}
          className="flex max-h-[45%] min-h-48 shrink-0 flex-col border-b"
        >
          <TimelinePane />
        </section>
        <section aria-label="Details" className="flex min-h-0 flex-1 flex-col">
          <Inspector />
        </section>
      </div>
    </div>
  )
}

type CanvasProps = { compact?: boolean; onOpen?: (() => void) | undefined }

/** The crew or agent that is looked into, else the flow that the chosen iteration belongs to, with what happened in it. */
function Canvas({ compact = false, onOpen }: CanvasProps) {
  const room = useRoomKey()
  return room === undefined ? (
    <FlowCanvas compact={compact} onOpen={onOpen} />
  ) : (
    <RoomCanvas key={room} room={room} compact={compact} onOpen={onOpen} />
  )
}

function FlowCanvas({ compact = false, onOpen }: CanvasProps) {
  const { live, flow, selection } = useWatch()
  const { scope, node, select, choose } = selection
  const drawn = flow.drawnPart(scope)
  const { graph, base } = flow.at(drawn)
  const view = useMemo(() => flow.view(drawn), [flow, drawn])
  // Of several iterations, the one that is at work, or was last.
  const inside = useCallback(
    (id: string) => {
      const keys = [...live.steps.keysAt(placeIn(view, id))]
      const key = keys.find((one) => live.node(one)?.status === "running") ?? keys.at(-1)
      if (key !== undefined) choose(key)
    },
    [live, view, choose],
  )
  return (
    <ScopeProvider value={view}>
      <ScopeBar />
      <div className="min-h-0 flex-1">
        <FlowView
          // Another flow is another drawing, with a view of its own.
          key={base}
          graph={graph}
          selectedId={node}
          onSelect={(id) => {
            select(id, drawn)
            if (id !== null) onOpen?.()
          }}
          onInside={inside}
          compact={compact}
        />
      </div>
    </ScopeProvider>
  )
}

function Pages() {
  const { selection } = useWatch()
  const [page, setPage] = useState(selection.node === null ? "timeline" : "details")
  const onOpen = () => setPage("details")
  const room = useRoomKey()
  const [seen, setSeen] = useState(room)
  if (room !== seen) {
    setSeen(room)
    if (room !== undefined && selection.node === null) setPage("canvas")
  }
  return (
    <Tabs
      label="Views"
      value={page}
      onChange={setPage}
      className="flex-1 bg-surface"
      panelClassName="flex flex-col data-[state=inactive]:hidden"
      tabs={[
        { value: "canvas", label: "Canvas", panel: <Canvas compact onOpen={onOpen} /> },
        { value: "timeline", label: "Timeline", panel: <TimelinePane onOpen={onOpen} /> },
        { value: "details", label: "Details", panel: <Inspector /> },
      ]}
    />
  )
}
