import { useEffect } from "react"
import { useStore } from "#web/state/jotai.ts"
import { draftAtom, liveStateAtom, serverFindingsAtom } from "./atoms.ts"
import { useEditor } from "./editor-context.ts"
import { findFaults } from "./queries.ts"

/** The server looks at the whole draft: it is asked once a burst of edits is over. */
const quietMs = 1_500

/**
 * Asks the server what only it can know: after one's own edits were saved, and when the person comes back to the page, since what
 * was missing may have been made elsewhere.
 */
export function useServerFindings(): void {
  const store = useStore()
  const { flowId, live } = useEditor()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isOwed = false
    const look = async () => {
      clearTimeout(timer)
      const draft = store.get(draftAtom)
      if (document.visibilityState !== "visible" || !live.isSettled) return
      const found = await findFaults(flowId).catch(() => null)
      // What was changed meanwhile is saved soon, and judged then.
      if (found && live.isSettled && store.get(draftAtom) === draft)
        store.set(serverFindingsAtom, { of: draft, findings: found })
    }
    const onFocus = () => void look()
    const stop = store.sub(liveStateAtom, () => {
      const { is } = store.get(liveStateAtom)
      if (is === "saving" || is === "offline") isOwed = true
      if (is !== "saved" || !isOwed) return
      isOwed = false
      clearTimeout(timer)
      timer = setTimeout(() => void look(), quietMs)
    })
    addEventListener("focus", onFocus)
    return () => {
      stop()
      clearTimeout(timer)
      removeEventListener("focus", onFocus)
    }
  }, [store, flowId, live])
}
