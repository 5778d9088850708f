import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { SecretOnce } from "#web/ui/secret-once.tsx"
import { absolute } from "./absolute.ts"

export type MadeLink = { email: string; url: string; emailed: boolean }

/** The one time that an invitation's link is seen. */
export const InviteLink = ({ email, url, emailed, onClose }: MadeLink & { onClose: () => void }) => (
  <Dialog
    open
    // Only the button closes it: a stray click must not lose the link.
    onOpenChange={() => undefined}
    hasClose={false}
    title={<span className="break-words">{email} is invited</span>}
    description={emailed ? "The link was sent by mail as well." : "Pass the link on; no mail was sent."}
    footer={
      <Button tone="primary" onClick={onClose}>
        {emailed ? "Done" : "I have copied it"}
      </Button>
    }
  >
    <SecretOnce secret={absolute(url)} label="Link of the invitation" />
  </Dialog>
)
