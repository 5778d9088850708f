import type { BodyIn } from "#core/contract/endpoint"
import { providersApi, ProviderType, type Provider } from "#core/contract/llm-providers"
import { Button } from "#web/ui/button.tsx"
import { cn } from "#web/ui/cn.ts"
import { Dialog } from "#web/ui/dialog.tsx"
import { ErrorNote } from "#web/ui/error-state.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input, PasswordInput } from "#web/ui/input.tsx"
import { Select } from "#web/ui/select.tsx"
import { SwitchLine } from "#web/ui/checkbox.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { TestButton, TestResult, useLastTest } from "./provider-test.tsx"
import { providerTypes } from "./provider-types.ts"
import { useProviderActs } from "./queries.ts"

type Values = {
  provider_type: ProviderType
  name: string
  base_url: string
  api_key: string
  default_model: string
  is_active: boolean
  is_default: boolean
}

const formId = "provider"
const fieldOf = (path: string) => path.split(".").at(-1) ?? path

const valuesOf = (provider: Provider | null): Values => ({
  provider_type: provider?.provider_type ?? "openai",
  name: provider?.name ?? "",
  base_url: provider?.config.base_url ?? "",
  // Never read back: an empty field leaves the stored key as it is.
  api_key: "",
  default_model: provider?.config.default_model ?? "",
  is_active: provider?.is_active ?? true,
  is_default: provider?.is_default ?? false,
})

function bodyOf(values: Values): BodyIn<typeof providersApi.create> {
  const { base_url, api_key, default_model, name, ...rest } = values
  return {
    ...rest,
    name: name.trim() || providerTypes[values.provider_type].label,
    config: {
      ...(providerTypes[values.provider_type].needsUrl ? { base_url } : {}),
      ...(default_model.trim() ? { default_model } : {}),
    },
    ...(api_key.trim() ? { api_credentials: { api_key } } : {}),
  }
}

/** Adds or changes a provider; credentials go in and never come out. */
export function ProviderDialog({ provider, onClose }: { provider: Provider | null; onClose: () => void }) {
  const { create, update } = useProviderActs()
  const form = useForm({
    initial: valuesOf(provider),
    toBody: bodyOf,
    schema: providersApi.create.body,
    fieldOf,
    fieldOfCode: { "provider.no_credentials": "api_key", "conflict.duplicate": "name" },
    submit: async (body) => {
      if (provider) {
        const { provider_type: _fixed, ...change } = body
        await update.mutateAsync({ id: provider.id, change })
      } else {
        await create.mutateAsync(body)
      }
      onClose()
    },
  })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={provider ? provider.name : "Add a model provider"}
      description={providerTypes[form.values.provider_type].help}
      footer={
        <>
          {provider && <TestButton provider={provider} size="md" className="mr-auto" />}
          <Button tone="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button tone="primary" type="submit" form={formId} busy={form.busy}>
            {provider ? "Save changes" : "Add provider"}
          </Button>
        </>
      }
    >
      <form id={formId} ref={form.form} noValidate onSubmit={(event) => void form.onSubmit(event)} className="flex flex-col gap-4">
        {form.failure !== null && <ErrorNote error={form.failure} />}
        <ProviderFields form={form} provider={provider} />
        {provider && <TestReport provider={provider} />}
      </form>
    </Dialog>
  )
}

type Form = ReturnType<typeof useForm<Values, unknown>>

function ProviderFields({ form: { values, errors, set }, provider }: { form: Pick<Form, "values" | "errors" | "set">; provider: Provider | null }) {
  const words = providerTypes[values.provider_type]
  const credentials = provider?.api_credentials
  const models = useLastTest(provider?.id)?.models ?? []
  return (
    <>
      {!provider && (
        <Field label="Type">
          <Select
            value={values.provider_type}
            onChange={(type) => set({ provider_type: ProviderType.parse(type) })}
            options={ProviderType.options.map((type) => ({ value: type, label: providerTypes[type].label }))}
          />
        </Field>
      )}
      <Field label="Name" error={errors["name"]}>
        <Input placeholder={words.label} value={values.name} onChange={(event) => set({ name: event.target.value })} />
      </Field>
      {words.needsUrl && (
        <Field label="Base URL" error={errors["base_url"]} help="Ends in /v1 as a rule. Private addresses are refused unless the operator allows them.">
          <Input
            type="url"
            inputMode="url"
            spellCheck={false}
            placeholder="https://models.example.com/v1"
            value={values.base_url}
            onChange={(event) => set({ base_url: event.target.value })}
          />
        </Field>
      )}
      {values.provider_type !== "builtin" && (
        <Field
          label="API key"
          note={credentials?.set ? "set" : words.needsKey ? undefined : "optional"}
          error={errors["api_key"]}
          help={
            credentials?.set
              ? `A key ending in ${credentials.hint?.replace("…", "") ?? "…"} is stored. Leave this empty to keep it.`
              : "Stored encrypted; it is never shown again, not even to you."
          }
        >
          <PasswordInput
            autoComplete="off"
            data-1p-ignore
            placeholder={credentials?.set ? "••••••••••••" : ""}
            value={values.api_key}
            onChange={(event) => set({ api_key: event.target.value })}
          />
        </Field>
      )}
      <Field label="Default model" note="optional" error={errors["default_model"]} help="Used where a node names none.">
        <Input
          list="provider-models"
          spellCheck={false}
          className="font-mono text-sm"
          placeholder={words.modelExample}
          value={values.default_model}
          onChange={(event) => set({ default_model: event.target.value })}
        />
      </Field>
      <datalist id="provider-models">
        {models.map((model) => (
          <option key={model} value={model} />
        ))}
      </datalist>
      <SwitchLine
        label="Active"
        help="Flows may use it."
        checked={values.is_active}
        disabled={provider?.is_default ?? false}
        onCheckedChange={(is_active) => set({ is_active, ...(is_active ? {} : { is_default: false }) })}
      />
      <SwitchLine
        label="Default provider"
        help={provider?.is_default ? "Make another provider the default to change this." : "Used by every node that names no provider."}
        checked={values.is_default}
        disabled={provider?.is_default ?? false}
        onCheckedChange={(is_default) => set({ is_default, ...(is_default ? { is_active: true } : {}) })}
      />
    </>
  )
}

/** The whole answer of a test of what is saved, its models to choose from. */
function TestReport({ provider }: { provider: Provider }) {
  const result = useLastTest(provider.id)
  if (!result) return null
  const { ok, models, error } = result
  return (
    <div role="status" className={cn("rounded-md px-3 py-2", ok ? "bg-succeeded-soft" : "bg-failed-soft text-failed")}>
      {ok ? <TestResult result={result} /> : (error?.message ?? "The provider did not answer.")}
      {ok && models.length > 0 && (
        <p className="mt-0.5 max-h-24 overflow-y-auto font-mono text-sm break-words text-soft">{models.join(", ")}</p>
      )}
    </div>
  )
}
