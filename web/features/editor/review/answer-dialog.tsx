import { useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import type { Review } from "#core/contract/reviews"
import { queryKeys } from "#web/api/query-keys.ts"
import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { Textarea } from "#web/ui/input.tsx"
import { answerReview } from "./queries.ts"

type AnswerDialogProps = {
  answer: "approve" | "refuse"
  flowId: string
  review: Review
  onClose: () => void
}

const words = {
  approve: {
    title: "Approve the draft",
    says: "It can then be published as it is now. After an edit it needs a new review.",
    label: "Word for the author",
    verb: "Approve",
  },
  refuse: {
    title: "Refuse the draft",
    says: "It is not published. The author reads why, and may ask again.",
    label: "Reason",
    verb: "Refuse",
  },
} as const

/** The answer to a review, with its reason. */
export function AnswerDialog({ answer, flowId, review, onClose }: AnswerDialogProps) {
  const queries = useQueryClient()
  const [reason, setReason] = useState("")
  const [missing, setMissing] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const { title, says, label, verb } = words[answer]
  const send = async () => {
    if (answer === "refuse" && reason.trim() === "") return setMissing(true)
    setBusy(true)
    setFailure(null)
    try {
      await answerReview(flowId, review.id, { answer, reason: reason.trim() })
      onClose()
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
      await queries.invalidateQueries({ queryKey: queryKeys.flows })
    }
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="sm"
      title={title}
      description={says}
      footer={
        <>
          <Button tone="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" form="answer-review" busy={busy}>
            {verb}
          </Button>
        </>
      }
    >
      <form
        id="answer-review"
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <Field
          label={label}
          {...(answer === "approve" ? { note: "optional" as const } : {})}
          error={missing && reason.trim() === "" ? "Say what must change" : undefined}
        >
          <Textarea
            autoFocus
            value={reason}
            maxLength={2000}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        {failure !== null && <ErrorNote error={failure} />}
      </form>
    </Dialog>
  )
}
