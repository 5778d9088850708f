import type { AliasSettings } from "#core/contract/model-aliases"
import { SwitchLine } from "#web/ui/checkbox.tsx"
import { Field } from "#web/ui/field.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"

type SettingFieldsProps = {
  settings: AliasSettings
  errors: Readonly<Record<string, string>>
  onChange: (settings: AliasSettings) => void
}

type Setting = "retries" | "max_wait_ms" | "first_token_ms" | "idle_ms" | "total_ms" | "cache_seconds"

const fields: readonly { field: Setting; label: string; help: string; isOptional: boolean }[] = [
  { field: "retries", label: "Further tries", help: "At the same target", isOptional: false },
  {
    field: "max_wait_ms",
    label: "Longest wait",
    help: "Milliseconds that a vendor's Retry-After may ask for",
    isOptional: false,
  },
  {
    field: "first_token_ms",
    label: "First token",
    help: "Milliseconds until it must come",
    isOptional: true,
  },
  { field: "idle_ms", label: "Silence", help: "Milliseconds between two tokens", isOptional: true },
  { field: "total_ms", label: "In all", help: "Milliseconds for an answer", isOptional: true },
  {
    field: "cache_seconds",
    label: "Cache",
    help: "Seconds that equal questions at temperature 0 get the same answer; 0: never",
    isOptional: false,
  },
]

/** How patient an alias is, and what it keeps. */
export const SettingFields = ({ settings, errors, onChange }: SettingFieldsProps) => (
  <>
    <div className="grid grid-cols-3 items-start gap-3 max-md:grid-cols-2">
      {fields.map(({ field, label, help, isOptional }) => (
        <Field
          key={field}
          label={label}
          help={help}
          error={errors[`settings.${field}`]}
          {...(isOptional ? { note: "optional" } : {})}
        >
          <NumberInput
            integer
            value={settings[field]}
            onChange={(value) => onChange({ ...settings, [field]: isOptional ? value : (value ?? 0) })}
          />
        </Field>
      ))}
    </div>
    <SwitchLine
      label="Go on where an answer broke off"
      help="The next target is given what was said so far. Otherwise the answer begins anew."
      checked={settings.splice}
      onCheckedChange={(splice) => onChange({ ...settings, splice })}
    />
  </>
)
