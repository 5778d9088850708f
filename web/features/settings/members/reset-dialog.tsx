import { useState } from "react"
import type { Member } from "#core/contract/members"
import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { SecretOnce } from "#web/ui/secret-once.tsx"
import { absolute } from "./absolute.ts"
import { useMemberActs } from "./queries.ts"

type Started = { reset_url: string | null; emailed: boolean }

/** Starts a new password for a member: they set it, by a link that they are sent or that is passed on. */
export default function ResetDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { reset } = useMemberActs()
  const [started, setStarted] = useState<Started | null>(null)
  const name = member.name || member.email
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={<span className="break-words">New password for {name}</span>}
      description="They set it themselves; it ends all their sessions. The link works once, for 30 minutes."
      footer={
        started ? (
          <Button tone="primary" onClick={onClose}>
            Done
          </Button>
        ) : (
          <>
            <Button tone="ghost" onClick={onClose}>
              Cancel
            </Button>
            <Button
              tone="primary"
              busy={reset.isPending}
              onClick={() => reset.mutate(member, { onSuccess: setStarted })}
            >
              Make a link
            </Button>
          </>
        )
      }
    >
      {reset.error !== null && <ErrorNote error={reset.error} />}
      {started && <Made started={started} member={member} />}
    </Dialog>
  )
}

function Made({ started: { reset_url, emailed }, member }: { started: Started; member: Member }) {
  if (reset_url !== null) {
    return (
      <SecretOnce
        secret={absolute(reset_url)}
        label="Link to set a password"
        note={`Pass it on to ${member.email}, and to nobody else. It cannot be shown again.`}
      />
    )
  }
  return (
    <p role="status">
      {emailed
        ? `A mail with the link is on its way to ${member.email}.`
        : "The mail could not be sent. Try again in a little while."}
    </p>
  )
}
