import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { SecretOnce } from "#web/ui/secret-once.tsx"

/** The one time that a webhook's secret is seen. */
export const ShownSecret = ({ secret, onClose }: { secret: string; onClose: () => void }) => (
  <Dialog
    open
    // Only the button closes it: a stray click must not lose the secret.
    onOpenChange={() => undefined}
    hasClose={false}
    title="The secret of this webhook"
    description="Give it to the sender. Deliveries that are not signed with it are refused."
    footer={
      <Button tone="primary" onClick={onClose}>
        I have copied it
      </Button>
    }
  >
    <SecretOnce
      secret={secret}
      label="Secret"
      note="It is stored encrypted and never shown again. When it is lost, make a new one."
    />
  </Dialog>
)
