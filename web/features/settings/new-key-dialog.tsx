import { useState } from "react"
import { capabilities, type Capability } from "#core/access/capabilities"
import { apiKeysApi } from "#core/contract/api-keys"
import { useMe } from "#web/api/me.ts"
import { CheckboxLine } from "#web/ui/checkbox.tsx"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Input } from "#web/ui/input.tsx"
import { Select } from "#web/ui/select.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { useKeyActs } from "./api-key-queries.ts"
import { MadeKey, type Made } from "./made-key.tsx"

const expiries = [
  { value: "30", label: "In 30 days" },
  { value: "90", label: "In 90 days" },
  { value: "365", label: "In a year" },
  { value: "never", label: "Never" },
]

const dayMs = 86_400_000
const expiryOf = (days: string): string => new Date(Date.now() + Number(days) * dayMs).toISOString()

/** What most keys are for: calling flows and seeing what came of it. */
const usualScopes: readonly Capability[] = ["execution.start", "execution.read"]

/** Makes a key, then shows its secret this once. */
export function NewKeyDialog({ onClose }: { onClose: () => void }) {
  const me = useMe()
  const { create } = useKeyActs()
  const [made, setMade] = useState<Made | null>(null)
  const form = useForm({
    initial: {
      name: "",
      scopes: usualScopes.filter((scope) => me.capabilities.includes(scope)),
      expires: "90",
    },
    toBody: ({ name, scopes, expires }) => ({
      name,
      scopes,
      ...(expires === "never" ? {} : { expires_at: expiryOf(expires) }),
    }),
    schema: apiKeysApi.create.body,
    fieldOf: (path) => (path === "expires_at" ? "expires" : (path.split(".")[0] ?? path)),
    fieldOfCode: { "key.scope": "scopes" },
    submit: async (body) => {
      const { api_key: key, secret } = await create.mutateAsync(body)
      setMade({ name: key.name, secret, scopes: key.scopes })
    },
  })
  if (made) return <MadeKey {...made} onClose={onClose} />
  const { values, errors, set } = form
  return (
    <FormDialog
      form={form}
      act="Create key"
      onClose={onClose}
      title="New API key"
      description="It belongs to the tenant and can never do more than you."
      className="gap-5"
    >
      <Field
        label="Name"
        error={errors["name"]}
        help="Where it will be used, such as “Website contact form”."
      >
        <Input
          autoFocus
          maxLength={120}
          value={values.name}
          onChange={(event) => set({ name: event.target.value })}
        />
      </Field>
      <Field label="Expires" error={errors["expires"]}>
        <Select options={expiries} value={values.expires} onChange={(expires) => set({ expires })} />
      </Field>
      <FieldSet legend="Scopes" error={errors["scopes"]}>
        <ScopeChoice
          offered={me.capabilities}
          chosen={values.scopes}
          onChange={(scopes) => set({ scopes })}
        />
      </FieldSet>
    </FormDialog>
  )
}

type ScopeChoiceProps = {
  offered: readonly Capability[]
  chosen: readonly Capability[]
  onChange: (scopes: Capability[]) => void
}

const ScopeChoice = ({ offered, chosen, onChange }: ScopeChoiceProps) => (
  <div className="grid gap-x-6 gap-y-1.5 sm:grid-cols-2">
    {offered.map((scope) => (
      <CheckboxLine
        key={scope}
        label={<span className="font-mono text-sm">{scope}</span>}
        help={capabilities[scope]}
        checked={chosen.includes(scope)}
        onCheckedChange={(on) => onChange(on ? [...chosen, scope] : chosen.filter((one) => one !== scope))}
      />
    ))}
  </div>
)
