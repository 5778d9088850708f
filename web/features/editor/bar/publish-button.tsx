import { useState } from "react"
import { isValid } from "#core/flow/finding"
import { useAtomValue } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { later, useCome } from "#web/ui/later.tsx"
import { Tooltip } from "#web/ui/tooltip.tsx"
import { findingsAtom, isPublishedAtom, publishedAtom } from "../atoms.ts"
import { ReviewButton } from "../review/review-button.tsx"
import { useReview } from "../review/use-review.ts"

const publishing = later(() => import("./publish-dialog.tsx"))
export const fetchPublishing = publishing.fetch

const whyNot = "Mend the errors first"

/** On a phone there is no room for it but in the button's name. */
const wide = (words: string) => <span className="max-md:sr-only">{words}</span>

/** Freezes the draft as the next version, with a note of what it brings; where others must approve it first, asks them. */
export function PublishButton() {
  const published = useAtomValue(publishedAtom)
  const valid = isValid(useAtomValue(findingsAtom))
  const come = useCome(publishing)
  const [open, setOpen] = useState(false)
  const { required, state } = useReview()
  const isSame = useAtomValue(isPublishedAtom)
  const next = (published.version ?? 0) + 1

  const why = !valid ? whyNot : isSame ? "Nothing has changed since this version" : null
  const button = (
    <Button
      tone="primary"
      size="sm"
      aria-disabled={why !== null || undefined}
      onClick={() => {
        if (why === null) publishing.use(() => setOpen(true))
      }}
      className="aria-disabled:pointer-events-auto"
    >
      {isSame && published.version !== null ? (
        <span>
          {wide(`Version ${published.version} is `)}
          <span className="max-md:capitalize">published</span>
        </span>
      ) : (
        <span>Publish{wide(` version ${next}`)}</span>
      )}
    </Button>
  )
  if (required && !isSame && state && state.standing !== "approved")
    return <ReviewButton state={state} why={valid ? null : whyNot} />
  return (
    <>
      {why === null ? button : <Tooltip text={why}>{button}</Tooltip>}
      {come && <come.PublishDialog open={open} onOpenChange={setOpen} next={next} />}
    </>
  )
}
