import { useAtomValue } from "#web/state/jotai.ts"
import { nodesAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { CostNote } from "./cost-note.tsx"

/** What an execution of the open draft may cost. */
export function DraftCost() {
  const { flowId } = useEditor()
  return <CostNote flowId={flowId} nodes={useAtomValue(nodesAtom)} />
}
