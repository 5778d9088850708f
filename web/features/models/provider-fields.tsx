import { ProviderType, type Provider } from "#core/contract/llm-providers"
import { SwitchLine } from "#web/ui/checkbox.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input, PasswordInput } from "#web/ui/input.tsx"
import { Select } from "#web/ui/select.tsx"
import type { FormState } from "#web/ui/use-form.ts"
import type { PriceRow } from "./prices-input.tsx"
import { providerTypes } from "./provider-types.ts"

export type ProviderValues = {
  provider_type: ProviderType
  name: string
  base_url: string
  account_id: string
  structured_output: NonNullable<Provider["config"]["structured_output"]> | ""
  api_key: string
  default_model: string
  prices: readonly PriceRow[]
  pace_ms: string
  is_active: boolean
  is_default: boolean
}

type Parts = Pick<FormState<ProviderValues>, "values" | "errors" | "set"> & { provider: Provider | null }

const jsonWays: readonly { value: ProviderValues["structured_output"]; label: string }[] = [
  { value: "", label: "As is usual" },
  { value: "json_schema", label: "By a JSON Schema" },
  { value: "json_object", label: "As a JSON object" },
  { value: "words", label: "In words only" },
]

const typeOptions = ProviderType.options.map((type) => ({ value: type, label: providerTypes[type].label }))

export const TypeAndName = ({ values, errors, set, provider }: Parts) => (
  <>
    {!provider && (
      <Field label="Type">
        <Select
          value={values.provider_type}
          onChange={(type) => set({ provider_type: ProviderType.parse(type) })}
          options={typeOptions}
        />
      </Field>
    )}
    <Field label="Name" error={errors["name"]}>
      <Input
        placeholder={providerTypes[values.provider_type].label}
        value={values.name}
        onChange={(event) => set({ name: event.target.value })}
      />
    </Field>
  </>
)

function keyHelp(credentials: Provider["api_credentials"] | undefined): string {
  if (!credentials?.set) return "Stored encrypted; it is never shown again, not even to you."
  const end = credentials.hint?.replace("…", "")
  return `A key${end ? ` ending in ${end}` : ""} is stored. Leave this empty to keep it.`
}

function KeyField({ values, errors, set, provider }: Parts) {
  const credentials = provider?.api_credentials
  const isOptional = !providerTypes[values.provider_type].needsKey
  return (
    <Field
      label="API key"
      note={credentials?.set ? "set" : isOptional ? "optional" : undefined}
      error={errors["api_key"]}
      help={keyHelp(credentials)}
    >
      <PasswordInput
        autoComplete="off"
        // Password managers would offer the reader's own password here.
        data-1p-ignore
        data-lpignore="true"
        placeholder={credentials?.set ? "••••••••••••" : ""}
        value={values.api_key}
        onChange={(event) => set({ api_key: event.target.value })}
      />
    </Field>
  )
}

/** Where the vendor is asked, and in whose name. */
function AddressFields({ values, errors, set }: Parts) {
  const { needsUrl, usualUrl, needsAccount } = providerTypes[values.provider_type]
  return (
    <>
      {needsAccount && (
        <Field
          label="Account id"
          error={errors["account_id"]}
          help="Of the Cloudflare account whose models are called; it stands on the account's home page."
        >
          <Input
            spellCheck={false}
            className="font-mono text-sm"
            value={values.account_id}
            onChange={(event) => set({ account_id: event.target.value })}
          />
        </Field>
      )}
      {(needsUrl || usualUrl !== undefined) && (
        <Field
          label="Base URL"
          note={needsUrl ? undefined : "optional"}
          error={errors["base_url"]}
          help={
            needsUrl
              ? "Ends in /v1 as a rule. Private addresses are refused unless the operator allows them."
              : "Empty: the usual address. Private addresses are refused unless the operator allows them."
          }
        >
          <Input
            type="url"
            inputMode="url"
            spellCheck={false}
            placeholder={usualUrl ?? "https://models.example.com/v1"}
            value={values.base_url}
            onChange={(event) => set({ base_url: event.target.value })}
          />
        </Field>
      )}
    </>
  )
}

export function ConnectionFields({ models, ...parts }: Parts & { models: readonly string[] }) {
  const { values, errors, set } = parts
  const { asksForJson, modelExample } = providerTypes[values.provider_type]
  return (
    <>
      <AddressFields {...parts} />
      {values.provider_type === "builtin" && (
        <Field
          label="Pace"
          note="optional"
          error={errors["pace_ms"]}
          help="Milliseconds between groups of words, so that you can watch an answer come. Empty: at once."
        >
          <Input
            inputMode="numeric"
            placeholder="0"
            value={values.pace_ms}
            onChange={(event) => set({ pace_ms: event.target.value })}
          />
        </Field>
      )}
      {values.provider_type !== "builtin" && <KeyField {...parts} />}
      {asksForJson && (
        <Field
          label="Structured output"
          error={errors["structured_output"]}
          help="How the server is asked for JSON. Choose words for one that refuses a response format."
        >
          <Select
            value={values.structured_output}
            onChange={(way) =>
              set({ structured_output: jsonWays.find(({ value }) => value === way)?.value ?? "" })
            }
            options={jsonWays}
          />
        </Field>
      )}
      <Field
        label="Default model"
        note="optional"
        error={errors["default_model"]}
        help="Used where a node names none."
      >
        <Input
          list="provider-models"
          spellCheck={false}
          className="font-mono text-sm"
          placeholder={modelExample}
          value={values.default_model}
          onChange={(event) => set({ default_model: event.target.value })}
        />
      </Field>
      <datalist id="provider-models">
        {models.map((model) => (
          <option key={model} value={model}>
            {model}
          </option>
        ))}
      </datalist>
    </>
  )
}

export function UseFields({ values, set, provider }: Parts) {
  const isTheDefault = provider?.is_default ?? false
  return (
    <>
      <SwitchLine
        label="Active"
        help="Flows may use it."
        checked={values.is_active}
        disabled={isTheDefault}
        onCheckedChange={(is_active) => set({ is_active, ...(is_active ? {} : { is_default: false }) })}
      />
      <SwitchLine
        label="Default provider"
        help={
          isTheDefault
            ? "Make another provider the default to change this."
            : "Used by every node that names no provider."
        }
        checked={values.is_default}
        disabled={isTheDefault}
        onCheckedChange={(is_default) => set({ is_default, ...(is_default ? { is_active: true } : {}) })}
      />
    </>
  )
}
