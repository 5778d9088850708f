import { adminApi, type AdminMember, type AdminTenant } from "#core/contract/admin"
import { CheckboxLine } from "#web/ui/checkbox.tsx"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Textarea } from "#web/ui/input.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { useAdminActs } from "./queries.ts"

type ImpersonateDialogProps = {
  tenant: Pick<AdminTenant, "id" | "name" | "support_access">
  member: Pick<AdminMember, "id" | "name">
  onClose: () => void
}

/** Half an hour in somebody's name, with a reason. */
export function ImpersonateDialog({ tenant, member, onClose }: ImpersonateDialogProps) {
  const { impersonate } = useAdminActs()
  const form = useForm({
    initial: { reason: "", may_write: false },
    toBody: (values) => ({ ...values, user_id: member.id, tenant_id: tenant.id }),
    schema: adminApi.impersonate.body,
    submit: async (body) => {
      await impersonate.mutateAsync(body)
    },
  })
  const { values, errors, set } = form
  const mayWrite = tenant.support_access === "write"
  return (
    <FormDialog
      form={form}
      act="Act in their name"
      onClose={onClose}
      title={`Act in the name of ${member.name}?`}
      description={`For 30 minutes you see “${tenant.name}” as they do. Both your names and the reason stand in its audit log.`}
    >
      <Field label="Reason" error={errors["reason"]} help="Such as the ticket that you work on.">
        <Textarea
          autoFocus
          rows={3}
          maxLength={500}
          value={values.reason}
          onChange={(event) => set({ reason: event.target.value })}
        />
      </Field>
      <CheckboxLine
        label="Change flows and agents too"
        help={
          mayWrite
            ? "This workspace allows it. Keys, secrets, people and exports stay closed."
            : "This workspace lets support read only."
        }
        disabled={!mayWrite}
        checked={values.may_write}
        onCheckedChange={(may_write) => set({ may_write })}
      />
    </FormDialog>
  )
}
