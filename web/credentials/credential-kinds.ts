import type { Credential, CredentialConfig, CredentialKind } from "#core/contract/credentials"

type KindWords = {
  label: string
  /** How it is sent, in a sentence. */
  help: string
  /** What its secret is called. */
  secret: string
  /** The field of its config that it needs. */
  field?: { name: keyof CredentialConfig; label: string; example: string }
}

export const credentialKinds: Record<CredentialKind, KindWords> = {
  bearer: {
    label: "Bearer token",
    help: "Sent as “Authorization: Bearer …”, as most APIs want it.",
    secret: "Token",
  },
  basic: {
    label: "User and password",
    help: "Sent as “Authorization: Basic …”.",
    secret: "Password",
    field: { name: "user_name", label: "User name", example: "edgecrew" },
  },
  header: {
    label: "Header",
    help: "Sent as the value of a header of its own.",
    secret: "Value",
    field: { name: "header", label: "Header", example: "X-Api-Key" },
  },
  query: {
    label: "Query parameter",
    help: "Added to the address. Servers often log addresses: take a header where there is a choice.",
    secret: "Value",
    field: { name: "parameter", label: "Parameter", example: "api_key" },
  },
}

/** How a credential is sent, in a few words; only its kind for those who may not change it. */
export function sayKind({ kind, config }: Credential): string {
  const { label, field } = credentialKinds[kind]
  const value = field && config?.[field.name]
  return value === undefined ? label : `${label} ${value}`
}
