import { useBlocker } from "@tanstack/react-router"
import { useEffect } from "react"
import type { Autosave } from "./model/autosave.ts"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"

/** Saves before the page is left; where that cannot be done, asks. */
export function LeaveGuard({ autosave }: { autosave: Autosave }) {
  const blocker = useBlocker({
    shouldBlockFn: async ({ current, next }) => {
      if (current.pathname === next.pathname || !autosave.isDirty) return false
      return !(await autosave.flush())
    },
    enableBeforeUnload: () => autosave.isDirty,
    withResolver: true,
  })
  useEffect(() => {
    const save = () => void autosave.flush()
    const onHide = () => {
      if (document.hidden) save()
    }
    window.addEventListener("online", save)
    document.addEventListener("visibilitychange", onHide)
    return () => {
      window.removeEventListener("online", save)
      document.removeEventListener("visibilitychange", onHide)
    }
  }, [autosave])
  return (
    <AlertDialog
      open={blocker.status === "blocked"}
      onOpenChange={(open) => {
        if (!open) blocker.reset?.()
      }}
      title="Leave without saving?"
      description="Your last changes could not be saved. If you leave now, they are lost."
      act="Leave"
      onAct={() => blocker.proceed?.()}
    />
  )
}
