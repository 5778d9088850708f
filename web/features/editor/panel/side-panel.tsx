import { useAtomValue } from "#web/state/jotai.ts"
import { selectionAtom, shownNodeIdAtom, sideAtom } from "../atoms.ts"
import { StartPanel } from "../start/start-panel.tsx"
import { VersionsPanel } from "../versions/versions-panel.tsx"
import { FlowPanel } from "./flow-panel.tsx"
import { NodePanel } from "./node-panel.tsx"
import { SelectionPanel } from "./selection-panel.tsx"

/** What stands beside the canvas: the selected thing, else the flow itself; or what was asked for in its place. */
export function SidePanel() {
  const side = useAtomValue(sideAtom)
  const nodeId = useAtomValue(shownNodeIdAtom)
  const { nodes, edges } = useAtomValue(selectionAtom)
  if (side === "start") return <StartPanel />
  if (side === "versions") return <VersionsPanel />
  if (nodeId !== null) return <NodePanel key={nodeId} id={nodeId} />
  if (nodes.size + edges.size > 0) return <SelectionPanel />
  return <FlowPanel />
}
