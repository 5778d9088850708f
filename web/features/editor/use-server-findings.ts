import { useEffect } from "react"
import { useStore } from "#web/state/jotai.ts"
import { draftAtom, serverFindingsAtom } from "./atoms.ts"
import { useEditor } from "./editor-context.ts"
import { foundByServer } from "./model/server-findings.ts"
import { findFaults } from "./queries.ts"

/** Asks the server again when the person comes back to the page: what was missing may have been made elsewhere. */
export function useServerFindings(): void {
  const store = useStore()
  const { flowId, autosave } = useEditor()
  useEffect(() => {
    const look = async () => {
      const draft = store.get(draftAtom)
      if (document.visibilityState !== "visible" || autosave.isDirty) return
      const found = await findFaults(flowId).catch(() => null)
      // What was changed meanwhile is saved soon, and judged then.
      if (found && !autosave.isDirty && store.get(draftAtom) === draft)
        store.set(serverFindingsAtom, foundByServer(draft, found))
    }
    const onFocus = () => void look()
    addEventListener("focus", onFocus)
    return () => removeEventListener("focus", onFocus)
  }, [store, flowId, autosave])
}
