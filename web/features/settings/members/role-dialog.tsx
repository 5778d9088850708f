import { mayGrant } from "#core/access/grant"
import type { Role } from "#core/access/roles"
import { membersApi, type Member } from "#core/contract/members"
import { useMe } from "#web/api/me.ts"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { RoleChoice } from "./role-choice.tsx"
import { roleWords } from "./roles.ts"
import { useMemberActs } from "./queries.ts"

/** Gives a member another role. */
export default function RoleDialog({ member, onClose }: { member: Member; onClose: () => void }) {
  const { user, role } = useMe()
  const { change } = useMemberActs()
  const name = member.name || member.email
  const initial: { role: Role } = { role: member.role }
  const form = useForm({
    initial,
    toBody: (values) => values,
    schema: membersApi.update.body,
    submit: async (body) => {
      await change.mutateAsync({ id: member.id, ...body })
      onClose()
      toast.done(`${name} is now ${roleWords[body.role ?? member.role].label.toLowerCase()}`)
    },
  })
  return (
    <FormDialog
      form={form}
      act="Change role"
      onClose={onClose}
      title={<span className="break-words">Role of {name}</span>}
      description="With less rights they sign in anew, and their API keys sink with the role."
    >
      <RoleChoice
        value={form.values.role}
        isOffered={(one) => mayGrant({ is: "user", id: user.id, role }, one)}
        error={form.errors["role"]}
        onChange={(next) => form.set({ role: next })}
      />
    </FormDialog>
  )
}
