import { useState } from "react"
import { mayGrant } from "#core/access/grant"
import type { Role } from "#core/access/roles"
import { membersApi } from "#core/contract/members"
import { useMe } from "#web/api/me.ts"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Input } from "#web/ui/input.tsx"
import { Select } from "#web/ui/select.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { InviteLink, type MadeLink } from "./invite-link.tsx"
import { useInvitationActs } from "./queries.ts"
import { RoleChoice } from "./role-choice.tsx"

const lives = [
  { value: "1", label: "In a day" },
  { value: "7", label: "In 7 days" },
  { value: "30", label: "In 30 days" },
]

type Values = { email: string; role: Role; days: string }
const empty: Values = { email: "", role: "editor", days: "7" }

/** Invites somebody, then shows the link this once. */
export default function InviteDialog({ onClose }: { onClose: () => void }) {
  const { user, role, tenant } = useMe()
  const { invite } = useInvitationActs()
  const [made, setMade] = useState<MadeLink | null>(null)
  const form = useForm({
    initial: empty,
    toBody: ({ days, ...values }) => ({ ...values, expires_in_days: Number(days) }),
    schema: membersApi.invite.body,
    fieldOf: (path) => (path === "expires_in_days" ? "days" : path),
    submit: async (body) => {
      const { invitation, invite_url: url, emailed } = await invite.mutateAsync(body)
      setMade({ email: invitation.email, url, emailed })
    },
  })
  if (made) return <InviteLink {...made} onClose={onClose} />
  const { values, errors, set } = form
  return (
    <FormDialog
      form={form}
      act="Invite"
      onClose={onClose}
      title="Invite somebody"
      description={`They join ${tenant.name} by a link that works once.`}
      className="gap-5"
    >
      <Field label="Email" error={errors["email"]}>
        <Input
          type="email"
          inputMode="email"
          autoFocus
          maxLength={254}
          value={values.email}
          onChange={(event) => set({ email: event.target.value })}
        />
      </Field>
      <RoleChoice
        value={values.role}
        isOffered={(one) => mayGrant({ is: "user", id: user.id, role }, one)}
        error={errors["role"]}
        onChange={(next) => set({ role: next })}
      />
      <Field label="Expires" error={errors["days"]}>
        <Select options={lives} value={values.days} onChange={(days) => set({ days })} />
      </Field>
    </FormDialog>
  )
}
