import { Check, Copy, ExternalLink, Globe, Lock } from "lucide-react"
import { useState } from "react"
import type { ChatSession } from "#core/contract/chat"
import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Input } from "#web/ui/input.tsx"
import { useCopy } from "#web/ui/use-copy.ts"
import { useSessionActs } from "../queries.ts"

type ShareProps = {
  session: ChatSession
  onClose: () => void
  onChanged?: (session: ChatSession) => void
}

/** An address under which anybody may read a chat, until it is taken back. */
export function ShareDialog({ session, onClose, onChanged }: ShareProps) {
  const { share, unshare } = useSessionActs()
  const [shared, setShared] = useState(session.share_url)
  const { copied, copy } = useCopy()
  const address = shared && new URL(shared, location.origin).href
  const begin = () =>
    share.mutate(session, {
      onSuccess: ({ session: changed }) => {
        setShared(changed.share_url)
        onChanged?.(changed)
      },
    })
  const end = () =>
    unshare.mutate(session, {
      onSuccess: () => {
        setShared(null)
        onChanged?.({ ...session, share_url: null })
      },
    })
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title="Share this chat">
      <div className="flex flex-col gap-4">
        <p className="flex gap-2.5 text-soft">
          {address ? (
            <Globe aria-hidden className="mt-0.5 text-muted" />
          ) : (
            <Lock aria-hidden className="mt-0.5 text-muted" />
          )}
          <span>
            Whoever has the address can read what is said on the newest branch, now and later, without an
            account. Arguments and results of tools, costs and names of people are left out.
          </span>
        </p>
        {(share.error ?? unshare.error) != null && <ErrorNote error={share.error ?? unshare.error} />}
        {address ? (
          <>
            <div className="flex gap-2">
              <Input
                readOnly
                aria-label="Address"
                value={address}
                onFocus={(event) => event.target.select()}
                className="font-mono text-sm"
              />
              <Button tone="primary" onClick={() => copy(address)}>
                {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
                {copied ? "Copied" : "Copy"}
              </Button>
            </div>
            <div className="flex flex-wrap justify-between gap-2">
              <Button busy={unshare.isPending} onClick={end}>
                Stop sharing
              </Button>
              <Button asChild tone="ghost">
                <a href={address} target="_blank" rel="noopener noreferrer">
                  <ExternalLink aria-hidden />
                  Open it
                </a>
              </Button>
            </div>
          </>
        ) : (
          <Button tone="primary" busy={share.isPending} onClick={begin} className="self-start">
            Make an address
          </Button>
        )}
      </div>
    </Dialog>
  )
}
