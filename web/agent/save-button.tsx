import { Check, CircleDot } from "lucide-react"
import { Button } from "#web/ui/button.tsx"

type SaveButtonProps = {
  draft: {
    isDirty: boolean
    isSaving: boolean
    version: number
    save: () => Promise<boolean>
    revert: () => void
  }
}

/** Whether what stands in the fields is saved, and the act that saves it: each is a version. */
export function SaveButton({ draft }: SaveButtonProps) {
  const { isDirty, isSaving, version } = draft
  return (
    <>
      <span role="status" className="tabular flex items-center gap-1.5 text-sm text-muted max-md:sr-only">
        {isDirty ? (
          <>
            <CircleDot aria-hidden className="size-3.5 text-waiting" />
            Not saved
          </>
        ) : (
          <>
            <Check aria-hidden className="size-3.5" />
            Version {version}
          </>
        )}
      </span>
      {isDirty && (
        <Button size="sm" tone="ghost" disabled={isSaving} onClick={draft.revert} className="max-md:hidden">
          Discard
        </Button>
      )}
      <Button
        tone="primary"
        size="sm"
        busy={isSaving}
        disabled={!isDirty}
        onClick={() => void draft.save()}
        className="tabular"
      >
        Save version {version + 1}
      </Button>
    </>
  )
}
