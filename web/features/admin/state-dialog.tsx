import { adminApi, type AdminTenant } from "#core/contract/admin"
import { restorableDays, type TenantChange } from "#core/tenant"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { useAdminActs } from "./queries.ts"
import { sayDay } from "./say-day.ts"

type Words = { title: string; description: string; act: string; done: string }

function wordsOf(to: TenantChange, { name, status }: AdminTenant): Words {
  if (to === "suspended")
    return {
      title: `Suspend “${name}”?`,
      description:
        "Within 5 seconds its people and keys only read, and what goes on there pauses. Nothing is lost, and it can go on at any time.",
      act: "Suspend tenant",
      done: `Suspended “${name}”`,
    }
  if (to === "deleted")
    return {
      title: `Delete “${name}”?`,
      description: `Within 5 seconds nobody gets in any more: people, keys, webhooks, forms and shared links find nothing, and what goes on there pauses. For ${restorableDays} days you can restore it as it was. Then everything in it is erased for good: flows, executions, chats, files, its audit log, and the accounts of people who are in no other tenant.`,
      act: "Delete tenant",
      done: `Deleted “${name}”`,
    }
  if (status === "deleted")
    return {
      title: `Restore “${name}”?`,
      description:
        "Its people, keys and addresses work again within 5 seconds, and what was paused goes on. Nothing was lost.",
      act: "Restore tenant",
      done: `“${name}” is back`,
    }
  return {
    title: `Let “${name}” go on?`,
    description: "Its people and keys may do what they could before, and what was paused goes on.",
    act: "Let it go on",
    done: `“${name}” goes on`,
  }
}

/** Suspends a tenant, deletes it, restores it or lets it go on. Each wants a reason; deleting wants the tenant's slug as well. */
export function StateDialog({
  tenant,
  to,
  onClose,
}: {
  tenant: AdminTenant
  to: TenantChange
  onClose: () => void
}) {
  const { updateTenant } = useAdminActs()
  const { title, description, act, done } = wordsOf(to, tenant)
  const isDeleting = to === "deleted"
  const form = useForm({
    initial: { reason: "", confirm: "" },
    toBody: ({ reason, confirm }) => ({ status: to, reason, ...(isDeleting ? { confirm } : {}) }),
    schema: adminApi.updateTenant.body.refine(
      ({ status, confirm }) => status !== "deleted" || confirm?.trim() === tenant.slug,
      { path: ["confirm"], error: `Type the slug of what is to be deleted: ${tenant.slug}` },
    ),
    submit: async (body) => {
      const { tenant: now } = await updateTenant.mutateAsync({ id: tenant.id, ...body })
      toast.done(now.erased_at ? `${done}. It can be restored until ${sayDay(now.erased_at)}` : done)
      onClose()
    },
  })
  return (
    <FormDialog
      form={form}
      act={act}
      tone={isDeleting ? "danger" : "primary"}
      onClose={onClose}
      size="sm"
      title={title}
      description={description}
    >
      <Field
        label="Reason"
        error={form.errors["reason"]}
        help={
          isDeleting
            ? "It stands in the tenant’s audit log."
            : "Its people read it, and it stands in the audit log."
        }
      >
        <Textarea
          autoFocus
          rows={3}
          maxLength={500}
          value={form.values.reason}
          onChange={(event) => form.set({ reason: event.target.value })}
        />
      </Field>
      {isDeleting && (
        <Field label={`Type ${tenant.slug} to confirm`} error={form.errors["confirm"]}>
          <Input
            className="font-mono"
            autoComplete="off"
            spellCheck={false}
            value={form.values.confirm}
            onChange={(event) => form.set({ confirm: event.target.value })}
          />
        </Field>
      )}
    </FormDialog>
  )
}
