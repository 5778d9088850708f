import { useQuery } from "@tanstack/react-query"
import type { ComponentProps } from "react"
import { Select } from "#web/ui/select.tsx"
import { credentialsQuery } from "../queries.ts"

type CredentialInputProps = Pick<
  ComponentProps<"select">,
  "id" | "aria-describedby" | "aria-invalid" | "disabled"
> & { value: string | undefined; onChange: (value: string | undefined) => void }

/** The tenant's credentials for outgoing calls, by name; their secrets are nobody's business here. */
export function CredentialInput({ value, onChange, ...rest }: CredentialInputProps) {
  const { data } = useQuery(credentialsQuery)
  const credentials = data?.credentials ?? []
  const isKnown = value === undefined || !data || credentials.some(({ id }) => id === value)
  const pending = value !== undefined && !data ? [{ value, label: "…" }] : []
  return (
    <Select
      {...rest}
      value={value ?? ""}
      onChange={(id) => onChange(id === "" ? undefined : id)}
      options={[
        { value: "", label: "None" },
        ...pending,
        ...credentials.map(({ id, name, is_active }) => ({
          value: id,
          label: is_active ? name : `${name} (turned off)`,
        })),
        ...(isKnown ? [] : [{ value, label: "A credential that is gone" }]),
      ]}
    />
  )
}
