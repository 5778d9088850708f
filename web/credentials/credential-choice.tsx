import { useQuery } from "@tanstack/react-query"
import { Plus } from "lucide-react"
import { useState, type ReactNode } from "react"
import type { Credential } from "#core/contract/credentials"
import type { CredentialId } from "#core/ids"
import { credentialChoicesQuery } from "#web/api/choices.ts"
import { useCan } from "#web/api/me.ts"
import { Button } from "#web/ui/button.tsx"
import { Field } from "#web/ui/field.tsx"
import { Select } from "#web/ui/select.tsx"
import { CredentialDialog, type CredentialStart } from "./credential-dialog.tsx"

type CredentialChoiceProps = {
  label: ReactNode
  value: CredentialId | undefined
  onChange: (value: CredentialId | undefined) => void
  help?: ReactNode
  error?: string | undefined
  disabled?: boolean
  /** Which of the tenant's credentials would do; all without it. */
  fits?: (credential: Credential) => boolean
  /** What a new one begins with. */
  start?: CredentialStart
}

/** One of the tenant's credentials, or a new one that is stored without leaving the page. */
export function CredentialChoice(props: CredentialChoiceProps) {
  const { label, value, onChange, help, error, disabled = false, fits = () => true, start = {} } = props
  const { data } = useQuery(credentialChoicesQuery)
  const mayMake = useCan("credential.edit") && !disabled
  const [isMaking, setMaking] = useState(false)
  const fitting = data?.credentials.filter((one) => one.id === value || fits(one)) ?? []
  const isKnown = value === undefined || fitting.some(({ id }) => id === value)
  return (
    <>
      <Field
        label={label}
        error={error}
        help={help}
        action={
          mayMake && (
            <Button size="xs" tone="ghost" className="-my-1" onClick={() => setMaking(true)}>
              <Plus aria-hidden />
              New credential
            </Button>
          )
        }
      >
        <Select
          disabled={disabled}
          value={value ?? ""}
          onChange={(id) => onChange(fitting.find((one) => one.id === id)?.id)}
          options={[
            { value: "", label: "None" },
            ...fitting.map(({ id, name, is_active }) => ({
              value: id,
              label: is_active ? name : `${name} (turned off)`,
            })),
            ...(isKnown ? [] : [{ value, label: data ? "A credential that is gone" : "…" }]),
          ]}
        />
      </Field>
      {isMaking && (
        <CredentialDialog
          credential={null}
          start={start}
          onMade={({ id }) => onChange(id)}
          onClose={() => setMaking(false)}
        />
      )}
    </>
  )
}
