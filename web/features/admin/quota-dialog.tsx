import { adminApi, type AdminTenant } from "#core/contract/admin"
import type { Quota } from "#core/contract/quotas"
import { quotaNames, type QuotaName } from "#core/governor/quota"
import { quotaWords } from "#web/api/quotas.ts"
import { CheckboxLine } from "#web/ui/checkbox.tsx"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { useAdminActs } from "./queries.ts"

/** `undefined`: as usual; null: no limit. Data in GB. */
type Values = Partial<Record<QuotaName, number | null>>

const gigabyte = 1_000_000_000
const unitOf = (name: QuotaName): number => (name === "storage_bytes" ? gigabyte : 1)

const initialOf = (quotas: readonly Quota[]): Values =>
  Object.fromEntries(
    quotas
      .filter(({ source }) => source === "tenant")
      .map(({ name, limit }) => [name, limit === null ? null : limit / unitOf(name)]),
  )

const bodyOf = (values: Values): unknown =>
  Object.fromEntries(
    quotaNames.flatMap((name) => {
      const value = values[name]
      if (value === undefined) return []
      return [[name, value === null ? null : unitOf(name) === 1 ? value : Math.round(value * unitOf(name))]]
    }),
  )

/** What a limit is called where it is set, when that is not what it is called beside what is used of it. */
const limitWords: Partial<Record<QuotaName, string>> = {
  storage_bytes: "Data (GB)",
  executions_per_day: "Executions a day",
  tokens_per_day: "Tokens of models a day",
}

/** What an empty field means; how much that is can be told as long as nothing else is set. */
function usualOf(quotas: readonly Quota[], name: QuotaName): string {
  const usual = quotas.find((quota) => quota.name === name && quota.source === "usual")
  if (!usual) return "As usual"
  return usual.limit === null
    ? "As usual: no limit"
    : `As usual: ${(usual.limit / unitOf(name)).toLocaleString("en")}`
}

type QuotaDialogProps = { tenant: AdminTenant; quotas: readonly Quota[]; onClose: () => void }

/** Sets what a tenant may have; a field that is left empty is as usual in this installation. */
export function QuotaDialog({ tenant, quotas, onClose }: QuotaDialogProps) {
  const { setQuotas } = useAdminActs()
  const form = useForm<Values, ReturnType<typeof adminApi.setTenantQuotas.body.parse>>({
    initial: initialOf(quotas),
    toBody: bodyOf,
    schema: adminApi.setTenantQuotas.body,
    submit: async (body) => {
      await setQuotas.mutateAsync({ id: tenant.id, ...body })
      toast.done(`Quotas of “${tenant.name}” are set`)
      onClose()
    },
  })
  return (
    <FormDialog
      form={form}
      act="Set quotas"
      onClose={onClose}
      title={`Quotas of “${tenant.name}”`}
      description="They hold within 5 seconds, and stand in the tenant’s audit log. What it has beyond a lower limit stays; it gets no more."
    >
      {quotaNames.map((name) => {
        const value = form.values[name]
        const label = limitWords[name] ?? quotaWords[name]
        return (
          <div key={name} className="flex items-start gap-4">
            <Field label={label} error={form.errors[name]} className="flex-1">
              <NumberInput
                value={value ?? undefined}
                disabled={value === null}
                placeholder={value === null ? "No limit" : usualOf(quotas, name)}
                onChange={(next) => form.set({ [name]: next })}
              />
            </Field>
            <CheckboxLine
              className="mt-6.5"
              label={
                <>
                  No limit <span className="sr-only">of {label}</span>
                </>
              }
              checked={value === null}
              onCheckedChange={(isOff) => form.set({ [name]: isOff ? null : undefined })}
            />
          </div>
        )
      })}
    </FormDialog>
  )
}
