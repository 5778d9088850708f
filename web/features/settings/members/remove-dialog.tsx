import type { Member } from "#core/contract/members"
import { useMe } from "#web/api/me.ts"
import { AlertDialog } from "#web/ui/alert-dialog.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useMemberActs } from "./queries.ts"

/** Removing ends what somebody has open and their keys for good, so the address is typed. */
export default function RemoveDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { user, tenant } = useMe()
  const { remove } = useMemberActs()
  const name = member.name || member.email
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Remove ${name} from ${tenant.name}?`}
      description={
        member.id === user.id
          ? "You leave this tenant: your sessions and API keys here stop within 5 seconds."
          : "Their sessions and API keys here stop within 5 seconds, and invitations they made are withdrawn. What they made stays."
      }
      act="Remove member"
      typeName={member.email}
      onAct={async () => {
        await remove.mutateAsync(member)
        toast.done(`Removed ${name}`)
      }}
    />
  )
}
