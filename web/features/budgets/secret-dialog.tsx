import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { SecretOnce } from "#web/ui/secret-once.tsx"

/** The one time that the secret of a budget's webhook is seen. */
export const SecretDialog = ({ secret, onClose }: { secret: string; onClose: () => void }) => (
  <Dialog
    open
    // Only the button closes it: a stray click must not lose the secret.
    onOpenChange={() => undefined}
    hasClose={false}
    title="The budget is set"
    description="Its alerts are signed with this secret, so that the receiver can tell them from others."
    footer={
      <Button tone="primary" onClick={onClose}>
        I have copied it
      </Button>
    }
  >
    <SecretOnce
      secret={secret}
      label="Secret of the webhook"
      note="Copy it now: it is kept encrypted and cannot be shown again."
    />
  </Dialog>
)
