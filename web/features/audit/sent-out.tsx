import { useQuery } from "@tanstack/react-query"
import { Send, TriangleAlert } from "lucide-react"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { webhookQuery } from "./queries.ts"

/** Up to where checkpoints have left for the tenant's own keeping; nothing where none are sent. */
export function SentOut() {
  const { data } = useQuery(webhookQuery)
  const delivery = data?.webhook?.delivery
  if (!delivery) return null
  const { state, size, at } = delivery
  const isFailed = state === "failed"
  const Icon = isFailed ? TriangleAlert : Send
  return (
    <p role="status" className="tabular flex items-center gap-1.5 text-sm text-muted">
      <Icon aria-hidden className={isFailed ? "size-3.5 text-failed" : "size-3.5 text-succeeded"} />
      <span>
        {isFailed ? "Could not be sent out" : `Sent out up to ${size.toLocaleString("en")}`}{" "}
        <RelativeTime at={at} />
      </span>
    </p>
  )
}
