import { useState } from "react"
import { budgetsApi, type Budget } from "#core/contract/budgets"
import type { BudgetMode, BudgetPeriod, BudgetScope } from "#core/governor/budget"
import { SwitchLine } from "#web/ui/checkbox.tsx"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { Select } from "#web/ui/select.tsx"
import { useForm, type FormState } from "#web/ui/use-form.ts"
import { addressesIn, dollarsOf, microsOf, scopes } from "./model.ts"
import { useBudgetActs } from "./queries.ts"
import { SecretDialog } from "./secret-dialog.tsx"
import { TargetField } from "./target-field.tsx"

type Values = {
  name: string
  scope: BudgetScope
  target_id: { id: string; name: string } | null
  limit_micros: number | undefined
  period: Exclude<BudgetPeriod, "execution">
  mode: BudgetMode
  alert_webhook_url: string
  alert_emails: string
  is_active: boolean
}

const valuesOf = (budget: Budget | null): Values => ({
  name: budget?.name ?? "",
  scope: budget?.scope ?? "tenant",
  target_id:
    budget?.target_id == null ? null : { id: budget.target_id, name: budget.target_name ?? "Deleted" },
  limit_micros: budget ? dollarsOf(budget.limit_micros) : undefined,
  period: budget?.period === "day" ? "day" : "month",
  mode: budget?.mode ?? "hard",
  alert_webhook_url: budget?.alert_webhook_url ?? "",
  alert_emails: budget?.alert_emails.join("\n") ?? "",
  is_active: budget?.is_active ?? true,
})

const bodyOf = ({
  scope,
  target_id,
  limit_micros,
  period,
  alert_webhook_url,
  alert_emails,
  ...rest
}: Values) => ({
  ...rest,
  scope,
  target_id: scope === "tenant" ? null : (target_id?.id ?? null),
  limit_micros: microsOf(limit_micros),
  period: scope === "execution" ? ("execution" as const) : period,
  alert_webhook_url: alert_webhook_url.trim() || null,
  alert_emails: addressesIn(alert_emails),
})

/** Sets or changes a budget. What it is of and how long it counts are chosen once. */
export function BudgetDialog({ budget, onClose }: { budget: Budget | null; onClose: () => void }) {
  const { create, update } = useBudgetActs()
  const [secret, setSecret] = useState<string | null>(null)
  const form = useForm({
    initial: valuesOf(budget),
    toBody: bodyOf,
    schema: budgetsApi.create.body,
    fieldOf: (path) => path.split(".", 1)[0] ?? path,
    submit: async (body) => {
      const { alert_webhook_secret: made } = budget
        ? await update.mutateAsync({ id: budget.id, change: body })
        : await create.mutateAsync(body)
      if (made === null) onClose()
      else setSecret(made)
    },
  })
  if (secret !== null) return <SecretDialog secret={secret} onClose={onClose} />
  return (
    <FormDialog
      form={form}
      act={budget ? "Save changes" : "Set budget"}
      onClose={onClose}
      size="lg"
      title={budget ? budget.name : "Set a budget"}
      description="What a call may cost at most is held before it is sent, and trued up when it has ended."
    >
      <Of form={form} isNew={budget === null} />
      <Amount form={form} isNew={budget === null} />
      <Alerts form={form} />
      <SwitchLine
        label="Active"
        help="Off, it holds nobody back and counts nothing."
        checked={form.values.is_active}
        onCheckedChange={(is_active) => form.set({ is_active })}
      />
    </FormDialog>
  )
}

type PartProps = { form: FormState<Values>; isNew: boolean }

function Of({ form, isNew }: PartProps) {
  const { values, errors, set } = form
  return (
    <>
      <Field label="Name" error={errors["name"]}>
        <Input
          autoFocus
          value={values.name}
          onChange={(event) => set({ name: event.target.value })}
          placeholder="Such as Everything in a month"
        />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Of" help={scopes[values.scope].help} error={errors["scope"]}>
          <Select
            value={values.scope}
            disabled={!isNew}
            onChange={(scope) => set({ scope: scope as BudgetScope, target_id: null })}
            options={Object.entries(scopes).map(([value, { label }]) => ({ value, label }))}
          />
        </Field>
        {values.scope !== "tenant" &&
          (isNew ? (
            <TargetField
              key={values.scope}
              scope={values.scope}
              chosen={values.target_id}
              error={errors["target_id"]}
              onChoose={(target_id) => set({ target_id })}
            />
          ) : (
            <Field label="Which" error={errors["target_id"]}>
              <Input readOnly value={values.target_id?.name ?? "Every flow"} />
            </Field>
          ))}
      </div>
    </>
  )
}

const periods = [
  { value: "day", label: "A day" },
  { value: "month", label: "A month" },
] as const
const modes = [
  { value: "hard", label: "Hard" },
  { value: "soft", label: "Soft" },
] as const

function Amount({ form, isNew }: PartProps) {
  const { values, errors, set } = form
  const isEach = values.scope === "execution"
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field
        label="Limit in US dollars"
        error={errors["limit_micros"]}
        help="0 lets only free calls through."
      >
        <NumberInput value={values.limit_micros} onChange={(limit_micros) => set({ limit_micros })} />
      </Field>
      <div className="flex flex-wrap gap-4">
        {!isEach && (
          <FieldSet legend="Counts for" error={errors["period"]}>
            {isNew ? (
              <Segments
                label="Counts for"
                segments={periods}
                value={values.period}
                onChange={(period) => set({ period })}
              />
            ) : (
              <p className="py-0.5">{values.period === "day" ? "A day" : "A month"}, UTC</p>
            )}
          </FieldSet>
        )}
        <FieldSet
          legend="Kind"
          help={values.mode === "hard" ? "Refuses what might not fit." : "Tells of it, and refuses nothing."}
        >
          <Segments label="Kind" segments={modes} value={values.mode} onChange={(mode) => set({ mode })} />
        </FieldSet>
      </div>
    </div>
  )
}

function Alerts({ form }: Pick<PartProps, "form">) {
  const { values, errors, set } = form
  return (
    <FieldSet
      legend="Alerts"
      help="At 50, 80 and 100 %, and when a call is refused for the first time in a period."
    >
      <Field
        label="Webhook"
        note="optional"
        error={errors["alert_webhook_url"]}
        help="Signed as Standard Webhooks asks; its secret is shown once."
      >
        <Input
          inputMode="url"
          placeholder="https://example.com/alerts"
          value={values.alert_webhook_url}
          onChange={(event) => set({ alert_webhook_url: event.target.value })}
        />
      </Field>
      <Field
        label="Email"
        note="optional"
        error={errors["alert_emails"]}
        help="One address a line. Sent where this installation can send mail."
      >
        <Textarea
          rows={2}
          value={values.alert_emails}
          onChange={(event) => set({ alert_emails: event.target.value })}
        />
      </Field>
    </FieldSet>
  )
}
