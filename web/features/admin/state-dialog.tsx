import { adminApi, type AdminTenant } from "#core/contract/admin"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Textarea } from "#web/ui/input.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { useAdminActs } from "./queries.ts"

/** Suspends a tenant or lets it go on; either wants a reason, which the tenant reads. */
export function StateDialog({ tenant, onClose }: { tenant: AdminTenant; onClose: () => void }) {
  const { updateTenant } = useAdminActs()
  const isActive = tenant.status === "active"
  const form = useForm({
    initial: { reason: "" },
    toBody: ({ reason }) => ({ status: isActive ? "suspended" : "active", reason }),
    schema: adminApi.updateTenant.body,
    submit: async (body) => {
      await updateTenant.mutateAsync({ id: tenant.id, ...body })
      toast.done(isActive ? `Suspended “${tenant.name}”` : `“${tenant.name}” goes on`)
      onClose()
    },
  })
  return (
    <FormDialog
      form={form}
      act={isActive ? "Suspend tenant" : "Let it go on"}
      onClose={onClose}
      size="sm"
      title={isActive ? `Suspend “${tenant.name}”?` : `Let “${tenant.name}” go on?`}
      description={
        isActive
          ? "Within 5 seconds its people and keys only read, and what goes on there pauses. Nothing is lost, and it can go on at any time."
          : "Its people and keys may do what they could before, and what was paused goes on."
      }
    >
      <Field
        label="Reason"
        error={form.errors["reason"]}
        help="Its people read it, and it stands in the audit log."
      >
        <Textarea
          autoFocus
          rows={3}
          maxLength={500}
          value={form.values.reason}
          onChange={(event) => form.set({ reason: event.target.value })}
        />
      </Field>
    </FormDialog>
  )
}
