import { useQuery } from "@tanstack/react-query"
import { useId, type ComponentProps } from "react"
import { Input } from "#web/ui/input.tsx"
import { Select } from "#web/ui/select.tsx"
import { providersQuery } from "../queries.ts"

type Control = Pick<ComponentProps<"select">, "id" | "aria-describedby" | "aria-invalid" | "disabled"> & {
  value: string | undefined
  onChange: (value: string | undefined) => void
}

/** The tenant's providers; empty means the default one, which is named. */
export function ProviderInput({ value, onChange, ...rest }: Control) {
  const providers = useQuery(providersQuery).data?.llm_providers ?? []
  const usual = providers.find((provider) => provider.is_default)
  const known = value === undefined || providers.some((provider) => provider.id === value)
  return (
    <Select
      {...rest}
      value={value ?? ""}
      onChange={(id) => onChange(id === "" ? undefined : id)}
      options={[
        { value: "", label: usual ? `Default (${usual.name})` : "Default" },
        ...providers.map(({ id, name, is_active }) => ({
          value: id,
          label: is_active ? name : `${name} (switched off)`,
        })),
        ...(known ? [] : [{ value: value ?? "", label: "A provider that is gone" }]),
      ]}
    />
  )
}

/** A model by name; what the chosen provider names as its default stands as the hint, and known names are offered. */
export function ModelInput({
  value,
  onChange,
  providerId,
  disabled,
  ...rest
}: Omit<Control, "aria-invalid"> & {
  providerId: string | undefined
  "aria-invalid"?: ComponentProps<"input">["aria-invalid"]
}) {
  const list = useId()
  const providers = useQuery(providersQuery).data?.llm_providers ?? []
  const provider = providers.find((one) =>
    providerId === undefined ? one.is_default : one.id === providerId,
  )
  const usual = provider?.config.default_model
  const names = [...new Set(providers.flatMap((one) => one.config.default_model ?? []))]
  return (
    <>
      <Input
        {...rest}
        list={list}
        disabled={disabled}
        spellCheck={false}
        value={value ?? ""}
        placeholder={usual ?? "The provider's default"}
        onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)}
      />
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </datalist>
    </>
  )
}
