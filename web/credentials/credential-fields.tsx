import { CredentialKind, type Credential } from "#core/contract/credentials"
import { SwitchLine } from "#web/ui/checkbox.tsx"
import { Field } from "#web/ui/field.tsx"
import { Input, PasswordInput, Textarea } from "#web/ui/input.tsx"
import { Select } from "#web/ui/select.tsx"
import type { FormState } from "#web/ui/use-form.ts"
import { credentialKinds } from "./credential-kinds.ts"

export type CredentialValues = {
  kind: CredentialKind
  name: string
  /** The header's, the parameter's or the user's name. */
  user_name: string
  header: string
  parameter: string
  secret: string
  /** One a line. */
  allowed_hosts: string
  is_active: boolean
}

type Parts = Pick<FormState<CredentialValues>, "values" | "errors" | "set"> & {
  credential: Credential | null
}

const kindOptions = CredentialKind.options.map((kind) => ({
  value: kind,
  label: credentialKinds[kind].label,
}))

export const KindAndName = ({ values, errors, set, credential }: Parts) => (
  <>
    <Field label="Name" error={errors["name"]} help="What nodes show, such as “Shop, read only”.">
      <Input
        autoFocus={!credential}
        maxLength={120}
        value={values.name}
        onChange={(event) => set({ name: event.target.value })}
      />
    </Field>
    <Field label="Sent as" error={errors["kind"]} help={credentialKinds[values.kind].help}>
      <Select
        value={values.kind}
        onChange={(kind) => set({ kind: CredentialKind.parse(kind) })}
        options={kindOptions}
      />
    </Field>
  </>
)

function secretHelp(credential: Credential | null): string {
  if (!credential) return "Stored encrypted; it is never shown again, not even to you."
  const end = credential.secret?.hint.replace("…", "")
  return `A secret${end ? ` ending in ${end}` : ""} is stored. Leave this empty to keep it.`
}

export function SecretFields({ values, errors, set, credential }: Parts) {
  const { secret, field } = credentialKinds[values.kind]
  return (
    <>
      {field && (
        <Field label={field.label} error={errors[field.name]}>
          <Input
            spellCheck={false}
            autoCapitalize="none"
            className="font-mono text-sm"
            placeholder={field.example}
            value={values[field.name]}
            onChange={(event) => set({ [field.name]: event.target.value })}
          />
        </Field>
      )}
      <Field
        label={secret}
        note={credential ? "set" : undefined}
        error={errors["secret"]}
        help={secretHelp(credential)}
      >
        <PasswordInput
          autoComplete="off"
          // Password managers would offer the reader's own password here.
          data-1p-ignore
          data-lpignore="true"
          placeholder={credential ? "••••••••••••" : ""}
          value={values.secret}
          onChange={(event) => set({ secret: event.target.value })}
        />
      </Field>
    </>
  )
}

export const UseFields = ({ values, errors, set }: Parts) => (
  <>
    <Field
      label="Allowed hosts"
      error={errors["allowed_hosts"]}
      help="One a line; *.example.com stands for every name below it. It is sent to no other host, and not along with a redirect to another one."
    >
      <Textarea
        rows={2}
        spellCheck={false}
        autoCapitalize="none"
        className="font-mono text-sm"
        placeholder="api.example.com"
        value={values.allowed_hosts}
        onChange={(event) => set({ allowed_hosts: event.target.value })}
      />
    </Field>
    <SwitchLine
      label="Active"
      help="Off: steps that name it fail, within 5 seconds."
      checked={values.is_active}
      onCheckedChange={(is_active) => set({ is_active })}
    />
  </>
)
