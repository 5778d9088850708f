import { useBlocker } from "@tanstack/react-router"
import { useEffect } from "react"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"
import type { LiveDraft } from "./live/live-draft.ts"

/** Sees to it that the server has everything before the page is left; where that cannot be done, asks. */
export function LeaveGuard({ live }: { live: LiveDraft }) {
  const blocker = useBlocker({
    shouldBlockFn: async ({ current, next }) => {
      if (current.pathname === next.pathname || live.isSettled) return false
      return !(await live.flush())
    },
    enableBeforeUnload: () => !live.isSettled,
    withResolver: true,
  })
  useEffect(() => {
    const onBack = () => {
      if (!document.hidden) live.hurry()
    }
    window.addEventListener("online", onBack)
    document.addEventListener("visibilitychange", onBack)
    return () => {
      window.removeEventListener("online", onBack)
      document.removeEventListener("visibilitychange", onBack)
    }
  }, [live])
  return (
    <AlertDialog
      open={blocker.status === "blocked"}
      onOpenChange={(open) => {
        if (!open) blocker.reset?.()
      }}
      title="Leave without saving?"
      description={
        live.isUnkept
          ? "Your last changes could not be saved. If you leave now, they are lost."
          : "Your last changes have not reached the server. This browser keeps them and sends them when you open this flow again."
      }
      act="Leave"
      onAct={() => blocker.proceed?.()}
    />
  )
}
