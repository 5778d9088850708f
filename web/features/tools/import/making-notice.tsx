import { CircleAlert, TriangleAlert } from "lucide-react"
import { ErrorNote } from "#web/ui/error-note.tsx"
import type { MakingState } from "./use-making.ts"
import type { Offers } from "./use-offers.ts"

type MakingNoticeProps = {
  making: MakingState
  offers: Offers
  /** Why the list could not be read anew; what was read before stands. */
  error: unknown
}

/** What keeps tools from being made, and how many were made before that. */
export function MakingNotice({ making: { failure, refusedCount, made }, offers, error }: MakingNoticeProps) {
  const before = made.length === 0 ? "" : ` ${made.length.toLocaleString("en")} were made before that.`
  if (failure !== null) {
    return (
      <div className="flex flex-col gap-1 border-b border-line p-3">
        <ErrorNote error={failure} />
        {before && <p className="text-sm text-muted">{before}</p>}
      </div>
    )
  }
  if (error != null) return <ErrorNote error={error} className="m-3" />
  if (offers.faulty === 0) return null
  const one = offers.faulty === 1
  return (
    <p
      role="alert"
      className="flex items-start gap-2 border-b border-line bg-waiting-soft px-4 py-2 text-waiting"
    >
      {refusedCount > 0 ? (
        <CircleAlert aria-hidden className="mt-0.5 size-3.5" />
      ) : (
        <TriangleAlert aria-hidden className="mt-0.5 size-3.5" />
      )}
      <span>
        {one ? "One that you chose needs a change" : `${offers.faulty} that you chose need a change`}: open{" "}
        {one ? "it" : "them"} to give another name.{before}
      </span>
    </p>
  )
}
