import { MessageSquare } from "lucide-react"
import { useMe } from "#web/api/me.ts"
import { useAtom, useAtomValue } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { Tooltip } from "#web/ui/tooltip.tsx"
import { sideAtom, threadsAtom } from "../atoms.ts"
import { openThreadsAtom } from "./atoms.ts"
import { seenAtom } from "./seen.ts"
import { isUnread } from "./threads.ts"

/** Opens the comments; says how many threads are open, and whether others have written something new. */
export function CommentsButton() {
  const [side, setSide] = useAtom(sideAtom)
  const count = useAtomValue(openThreadsAtom)
  const threads = useAtomValue(threadsAtom)
  const seen = useAtomValue(seenAtom)
  const me = useMe().user.id
  const hasNews = threads.some((one) => one.resolved_at === null && isUnread(one, seen, me))
  const words = ["Comments", count > 0 && `${count} open`, hasNews && "some new"].filter(Boolean).join(", ")
  return (
    <Tooltip text={words}>
      <Button
        size="sm"
        tone="ghost"
        aria-label={words}
        aria-pressed={side === "comments"}
        onClick={() => setSide(side === "comments" ? "panel" : "comments")}
        className="tabular aria-pressed:bg-active"
      >
        <MessageSquare aria-hidden className="size-4" />
        {count > 0 && count}
        {hasNews && <span className="absolute top-0.5 right-0.5 size-2 rounded-full bg-accent" />}
      </Button>
    </Tooltip>
  )
}
