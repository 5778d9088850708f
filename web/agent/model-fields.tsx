import { useQuery } from "@tanstack/react-query"
import { useId } from "react"
import type { AgentDraft } from "#core/agent/agent"
import { aliasChoicesQuery, providerChoicesQuery } from "#web/api/choices.ts"
import { Field } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"
import { Select } from "#web/ui/select.tsx"

type Choice = Pick<AgentDraft, "model" | "llm_provider_id">

type ModelFieldsProps = {
  value: Choice
  onChange: (value: Choice) => void
  faultOf: (field: keyof Choice) => string | undefined
  disabled: boolean
  /** What holds where nothing is chosen; "the provider's default" unless said. */
  usual?: string
}

/** Which model answers: an alias, which knows where to go, or a model of a provider. */
export function ModelFields({ value, onChange, faultOf, disabled, usual }: ModelFieldsProps) {
  const aliases = useQuery(aliasChoicesQuery).data?.model_aliases ?? []
  const providers = useQuery(providerChoicesQuery).data?.llm_providers
  const list = useId()
  const alias = aliases.find((one) => one.name === value.model)
  const standard = providers?.find((one) => one.is_default)
  const provider =
    value.llm_provider_id === undefined
      ? standard
      : providers?.find((one) => one.id === value.llm_provider_id)
  const isKnown = value.llm_provider_id === undefined || !providers || provider !== undefined
  const names = [...new Set((providers ?? []).flatMap((one) => one.config.default_model ?? []))]
  return (
    <div className="grid grid-cols-2 items-start gap-3 max-sm:grid-cols-1">
      <Field
        label="Model or alias"
        note="optional"
        error={faultOf("model")}
        help={
          alias
            ? `An alias: asks ${alias.targets.length === 1 ? "one target" : `${alias.targets.length} targets in turn`}.`
            : undefined
        }
      >
        <Input
          list={list}
          disabled={disabled}
          spellCheck={false}
          className="font-mono text-sm"
          value={value.model ?? ""}
          placeholder={usual ?? provider?.config.default_model ?? "The provider's default"}
          onChange={({ target }) =>
            onChange({ ...value, model: target.value === "" ? undefined : target.value })
          }
        />
      </Field>
      <datalist id={list}>
        {aliases.map((one) => (
          <option key={one.id} value={one.name}>
            {one.description || "Alias"}
          </option>
        ))}
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </datalist>
      <Field
        label="Provider"
        error={faultOf("llm_provider_id")}
        help={alias ? "The alias chooses its providers." : undefined}
      >
        <Select
          disabled={disabled || alias !== undefined}
          value={alias ? "" : (value.llm_provider_id ?? "")}
          onChange={(id) => onChange({ ...value, llm_provider_id: id === "" ? undefined : id })}
          options={[
            {
              value: "",
              label: alias ? "By the alias" : standard ? `Default (${standard.name})` : "Default",
            },
            ...(providers ?? []).map(({ id, name, is_active }) => ({
              value: id,
              label: is_active ? name : `${name} (switched off)`,
            })),
            ...(isKnown ? [] : [{ value: value.llm_provider_id ?? "", label: "A provider that is gone" }]),
          ]}
        />
      </Field>
    </div>
  )
}
