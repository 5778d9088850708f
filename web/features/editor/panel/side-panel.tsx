import { Unplug } from "lucide-react"
import { useAtomValue, useSetAtom } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { part } from "#web/ui/later.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { selectionAtom, shownNodeIdAtom, sideAtom } from "../atoms.ts"
import { PanelHeading } from "./panel-heading.tsx"

const meanwhile = { Coming: Fetching, Lost: NotFetched }

const FlowPanel = part(async () => (await import("./flow-panel.tsx")).FlowPanel, meanwhile)
const NodePanel = part(async () => (await import("./node-panel.tsx")).NodePanel, meanwhile)
const SelectionPanel = part(async () => (await import("./selection-panel.tsx")).SelectionPanel, meanwhile)
const StartPanel = part(async () => (await import("../start/start-panel.tsx")).StartPanel, meanwhile)
const FindPanel = part(async () => (await import("../search/find-panel.tsx")).FindPanel, meanwhile)
const VersionsPanel = part(
  async () => (await import("../versions/versions-panel.tsx")).VersionsPanel,
  meanwhile,
)
const BuilderPanel = part(async () => (await import("../builder/builder-panel.tsx")).default, meanwhile)
const CommentsPanel = part(async () => (await import("../comments/comments-panel.tsx")).default, meanwhile)

/** The code of every panel, in the order in which it is likely to be wanted. */
export const panels = [
  FlowPanel,
  NodePanel,
  StartPanel,
  SelectionPanel,
  FindPanel,
  CommentsPanel,
  VersionsPanel,
  BuilderPanel,
].map(({ fetch }) => fetch)

/** What stands beside the canvas: the selected thing, else the flow itself; or what was asked for in its place. */
export function SidePanel() {
  const side = useAtomValue(sideAtom)
  const nodeId = useAtomValue(shownNodeIdAtom)
  const { nodes, edges } = useAtomValue(selectionAtom)
  if (side === "start") return <StartPanel />
  if (side === "find") return <FindPanel />
  if (side === "builder") return <BuilderPanel />
  if (side === "versions") return <VersionsPanel />
  if (side === "comments") return <CommentsPanel />
  if (nodeId !== null) return <NodePanel key={nodeId} id={nodeId} />
  if (nodes.size + edges.size > 0) return <SelectionPanel />
  return <FlowPanel />
}

function Fetching() {
  return (
    <Loading what="the panel" className="flex flex-col gap-4 p-3">
      <Skeleton className="h-4 w-1/2" />
      <Skeleton className="h-8 w-full" />
      <Skeleton className="h-16 w-full" />
    </Loading>
  )
}

/** The network is away: the panel can be asked for again. */
function NotFetched({ onRetry }: { onRetry: () => void }) {
  const setSide = useSetAtom(sideAtom)
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-panel>
      <PanelHeading title="Panel" onClose={() => setSide("panel")} />
      <EmptyState
        icon={Unplug}
        title="This panel could not be fetched"
        action={
          <Button size="sm" onClick={onRetry}>
            Try again
          </Button>
        }
      >
        Check your connection. What you have drawn is kept.
      </EmptyState>
    </div>
  )
}
