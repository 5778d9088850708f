import { CircleCheck, CircleSlash, Hourglass } from "lucide-react"
import type { Approval } from "#core/contract/approvals"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { sayButton } from "./model.ts"

type OutcomeProps = {
  approval: Pick<Approval, "status" | "button" | "buttons" | "answered_at">
  /** Who answered, where that may be said. */
  who?: string | undefined
}

/** How a question ended: what was chosen, by whom and when, or that nobody answered. */
export function Outcome({ approval, who }: OutcomeProps) {
  const { status, answered_at: at } = approval
  const when = at && (
    <>
      {" "}
      <RelativeTime at={at} />
    </>
  )
  switch (status) {
    case "answered":
      return (
        <Box icon={<CircleCheck aria-hidden className="mt-0.5 text-succeeded" />}>
          <p className="font-medium break-words">{sayButton(approval)}</p>
          <p className="text-muted">
            {who ? `${who} answered` : "Answered"}
            {when}
          </p>
        </Box>
      )
    case "timed_out":
      return (
        <Box icon={<Hourglass aria-hidden className="mt-0.5 text-waiting" />}>
          <p className="font-medium">Nobody answered in time</p>
          <p className="text-muted">The timeout route was taken{when}</p>
        </Box>
      )
    case "withdrawn":
      return (
        <Box icon={<CircleSlash aria-hidden className="mt-0.5 text-cancelled" />}>
          <p className="font-medium">No longer asked</p>
          <p className="text-muted">The execution ended before anybody answered{when}</p>
        </Box>
      )
    case "open":
      return null
    default:
      return status satisfies never
  }
}

const Box = ({ icon, children }: { icon: React.ReactNode; children: React.ReactNode }) => (
  <div role="status" className="flex gap-2.5 rounded-md border border-line bg-sunken px-3 py-2.5">
    {icon}
    <div className="min-w-0">{children}</div>
  </div>
)
