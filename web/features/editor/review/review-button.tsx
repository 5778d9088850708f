import { Link } from "@tanstack/react-router"
import { UserRoundSearch, UserRoundX } from "lucide-react"
import { useState } from "react"
import { Button } from "#web/ui/button.tsx"
import { later, useCome } from "#web/ui/later.tsx"
import { Tooltip } from "#web/ui/tooltip.tsx"
import { useEditor } from "../editor-context.ts"
import { refusedBefore, type Reviews } from "./queries.ts"

const asking = later(() => import("./ask-dialog.tsx"))
export const fetchAsking = asking.fetch

/** In the place of publishing while an approval is missing: asks for it, or leads to what was asked. */
export function ReviewButton({ state, why }: { state: Reviews; why: string | null }) {
  const { flowId } = useEditor()
  const come = useCome(asking)
  const [isAsking, setAsking] = useState(false)
  const { standing, may_answer } = state
  if (standing === "open") {
    return (
      <Button asChild size="sm" tone={may_answer ? "primary" : "secondary"}>
        <Link to="/flows/$flowId/review" params={{ flowId }}>
          <UserRoundSearch aria-hidden className="size-3.5" />
          {may_answer ? "Review this draft" : "Waits for review"}
        </Link>
      </Button>
    )
  }
  const ask = (
    <Button
      tone="primary"
      size="sm"
      aria-disabled={why !== null || undefined}
      onClick={() => {
        if (why === null) asking.use(() => setAsking(true))
      }}
      className="aria-disabled:pointer-events-auto"
    >
      Ask for a review{standing !== "none" && <span className="max-md:sr-only"> again</span>}
    </Button>
  )
  return (
    <>
      {(standing === "refused" || refusedBefore(state)) && (
        <Button asChild size="sm" tone="ghost">
          <Link to="/flows/$flowId/review" params={{ flowId }}>
            <UserRoundX aria-hidden className="size-3.5 text-failed" />
            <span className="max-md:sr-only">Refused</span>
          </Link>
        </Button>
      )}
      {why !== null ? (
        <Tooltip text={why}>{ask}</Tooltip>
      ) : standing === "stale" ? (
        <Tooltip text="The draft has changed since the review was asked for">{ask}</Tooltip>
      ) : (
        ask
      )}
      {isAsking && come && <come.AskDialog onClose={() => setAsking(false)} />}
    </>
  )
}
