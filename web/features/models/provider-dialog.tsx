import type { BodyIn } from "#core/contract/endpoint"
import { providersApi, type Provider } from "#core/contract/llm-providers"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { PricesInput, priceRowsOf, pricesOf } from "./prices-input.tsx"
import { ConnectionFields, TypeAndName, UseFields, type ProviderValues } from "./provider-fields.tsx"
import { TestButton, TestReport, useLastTest } from "./provider-test.tsx"
import { providerTypes } from "./provider-types.ts"
import { useProviderActs } from "./queries.ts"

const valuesOf = (provider: Provider | null): ProviderValues => ({
  provider_type: provider?.provider_type ?? "openai",
  name: provider?.name ?? "",
  base_url: provider?.config.base_url ?? "",
  account_id: provider?.config.account_id ?? "",
  structured_output: provider?.config.structured_output ?? "",
  // Never read back: an empty field leaves the stored key as it is.
  api_key: "",
  default_model: provider?.config.default_model ?? "",
  prices: priceRowsOf(provider?.config.prices),
  pace_ms: provider?.config.pace_ms === undefined ? "" : String(provider.config.pace_ms),
  is_active: provider?.is_active ?? true,
  is_default: provider?.is_default ?? false,
})

/** As the form has it: the contract says what is wrong with it, such as a price that was left out. */
type Unchecked = Omit<BodyIn<typeof providersApi.create>, "config"> & { config: object }

function bodyOf(values: ProviderValues): Unchecked {
  const { base_url, account_id, structured_output, api_key, default_model, prices, pace_ms, name, ...rest } =
    values
  const isPaced = values.provider_type === "builtin" && pace_ms.trim() !== ""
  const { needsUrl, usualUrl, needsAccount, asksForJson, label } = providerTypes[values.provider_type]
  return {
    ...rest,
    name: name.trim() || label,
    config: {
      // Where it has to be said, an empty one is sent as well, so that the contract's own words come back.
      ...(needsUrl || (usualUrl !== undefined && base_url.trim()) ? { base_url } : {}),
      ...(needsAccount ? { account_id: account_id.trim() } : {}),
      ...(asksForJson && structured_output ? { structured_output } : {}),
      ...(default_model.trim() ? { default_model } : {}),
      ...(prices.length > 0 ? { prices: pricesOf(prices) } : {}),
      ...(isPaced ? { pace_ms: Number(pace_ms) } : {}),
    },
    ...(api_key.trim() ? { api_credentials: { api_key } } : {}),
  }
}

/** Adds or changes a provider; credentials go in and never come out. */
export function ProviderDialog({ provider, onClose }: { provider: Provider | null; onClose: () => void }) {
  const { create, update } = useProviderActs()
  const models = useLastTest(provider?.id)?.models ?? []
  const form = useForm({
    initial: valuesOf(provider),
    toBody: bodyOf,
    schema: providersApi.create.body,
    // The names of models have dots of their own.
    fieldOf: (path) =>
      path.startsWith("config.prices") ? path.slice("config.".length) : (path.split(".").at(-1) ?? path),
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
  const parts = { values: form.values, errors: form.errors, set: form.set, provider }
  return (
    <FormDialog
      form={form}
      act={provider ? "Save changes" : "Add provider"}
      onClose={onClose}
      size="lg"
      title={provider ? provider.name : "Add a model provider"}
      description={providerTypes[form.values.provider_type].help}
      aside={provider && <TestButton provider={provider} size="md" className="mr-auto" />}
    >
      <TypeAndName {...parts} />
      <ConnectionFields {...parts} models={models} />
      <PricesInput
        rows={form.values.prices}
        errors={form.errors}
        onChange={(prices) => form.set({ prices })}
      />
      <UseFields {...parts} />
      {provider && <TestReport provider={provider} />}
    </FormDialog>
  )
}
