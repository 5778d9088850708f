import { useState } from "react"
import type { FlowDraft } from "#core/contract/flows"
import { toast } from "#web/ui/toast.tsx"
import { useEditor } from "../editor-context.ts"

/**
 * Brings an earlier state of the draft back. The server does it, so that it writes down who restored what, and tells everybody who
 * has the flow open, this page among them; here it is a step that is taken back like any other.
 */
export function useRestore(called: string, act: () => Promise<FlowDraft>) {
  const { live, commands } = useEditor()
  const [busy, setBusy] = useState(false)
  const restore = async () => {
    setBusy(true)
    try {
      if (!(await live.flush())) throw new Error("The draft could not be saved first.")
      const was = live.draft
      const step = live.replaced(was, await act())
      commands.clearSelection()
      toast.done(`${called} is the draft again`, { onClick: () => live.takeBack(step) })
    } catch (error) {
      toast.failed(error, `${called} was not restored`)
    } finally {
      setBusy(false)
    }
  }
  return { busy, restore }
}
