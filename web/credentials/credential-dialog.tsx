import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import type * as z from "zod"
import { credentialsApi, type Credential } from "#core/contract/credentials"
import type { BodyIn, BodyOf } from "#core/contract/endpoint"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { KindAndName, SecretFields, UseFields, type CredentialValues } from "./credential-fields.tsx"
import { credentialKinds } from "./credential-kinds.ts"
import { credentialQuery, useCredentialActs } from "./credential-queries.ts"

/** What a new credential begins with, where the place that wants one knows it. */
export type CredentialStart = Partial<Omit<CredentialValues, "secret" | "is_active">>

const valuesOf = (credential: Credential | null, start: CredentialStart): CredentialValues => ({
  kind: credential?.kind ?? "bearer",
  name: credential?.name ?? "",
  user_name: credential?.config?.user_name ?? "",
  header: credential?.config?.header ?? "",
  parameter: credential?.config?.parameter ?? "",
  // Never read back: an empty field leaves the stored secret as it is.
  secret: "",
  allowed_hosts: credential?.allowed_hosts?.join("\n") ?? "",
  is_active: credential?.is_active ?? true,
  ...start,
})

/** Hosts as people write or paste them: a line each, or with commas between. */
const hostsIn = (text: string): string[] => text.split(/[\s,;]+/).filter((host) => host !== "")

function bodyOf(values: CredentialValues, isNew: boolean): BodyIn<typeof credentialsApi.update> {
  const { name, kind, secret, allowed_hosts, is_active } = values
  const { field } = credentialKinds[kind]
  const value = field && values[field.name].trim()
  return {
    name,
    kind,
    config: field && value ? { [field.name]: value } : {},
    ...(secret.trim() || isNew ? { secret } : {}),
    allowed_hosts: hostsIn(allowed_hosts),
    is_active,
  }
}

const fieldOf = (path: string): string => {
  const [first = path, second] = path.split(".")
  return first === "config" && second !== undefined ? second : first
}

type CredentialDialogProps = {
  /** Null for a new one. */
  credential: Credential | null
  onClose: () => void
  start?: CredentialStart
  /** Hears of the new one before the dialog closes. */
  onMade?: (credential: Credential) => void
}

/** Stores or changes a credential; its secret goes in and never comes out. */
export function CredentialDialog({ credential, onClose, start = {}, onMade }: CredentialDialogProps) {
  const { create, update } = useCredentialActs()
  const { create: made, update: changed } = credentialsApi
  const schema: z.ZodType<BodyOf<typeof credentialsApi.update>> = credential ? changed.body : made.body
  const form = useForm({
    initial: valuesOf(credential, start),
    toBody: (values) => bodyOf(values, credential === null),
    schema,
    fieldOf,
    submit: async (body) => {
      if (credential) await update.mutateAsync({ id: credential.id, change: body })
      else {
        const { credential: kept } = await create.mutateAsync(made.body.parse(body))
        onMade?.(kept)
      }
      onClose()
    },
  })
  const parts = { values: form.values, errors: form.errors, set: form.set, credential }
  return (
    <FormDialog
      form={form}
      act={credential ? "Save changes" : "Add credential"}
      onClose={onClose}
      title={credential ? credential.name : "Add a credential"}
      description="For what flows call by HTTP. Nodes name it; nobody sees its secret."
    >
      <KindAndName {...parts} />
      <SecretFields {...parts} />
      <UseFields {...parts} />
      {credential && <UsedBy credential={credential} />}
    </FormDialog>
  )
}

/** The flows that name it, as links. */
function UsedBy({ credential }: { credential: Credential }) {
  const { data } = useQuery(credentialQuery(credential.id))
  if (!data) return null
  const { used_by } = data
  if (used_by.length === 0) return <p className="text-sm text-muted">No flow names it.</p>
  return (
    <p className="text-sm text-muted">
      Named by{" "}
      {used_by.map(({ id, name }, i) => (
        <span key={id}>
          {i > 0 && ", "}
          <Link
            to="/flows/$flowId"
            params={{ flowId: id }}
            className="focus-ring rounded-sm font-medium text-accent-ink hover:underline"
          >
            {name}
          </Link>
        </span>
      ))}
    </p>
  )
}
