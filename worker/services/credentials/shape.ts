import { can, type Actor } from "#core/access/roles"
import type { Credential, CredentialConfig, CredentialKind } from "#core/contract/credentials"
import { Failure, type InputFault } from "#core/errors"
import type { CredentialRow } from "#worker/db/credentials"
import { isWithheld } from "#worker/egress/withheld"
import type { Place } from "#worker/secrets/vault"

/** A credential as an actor may see it: its name, and how and where it is sent for those who may change that. Never its secret. */
export function credentialOf(row: CredentialRow, actor: Actor): Credential {
  const { id, name, kind, is_active, version, created_at, updated_at } = row
  const seen = { id, name, kind, is_active, version, created_at, updated_at }
  return can(actor, "credential.edit") ? { ...seen, ...sendingOf(row) } : seen
}

const sendingOf = ({ config, hint, allowed_hosts }: CredentialRow) => ({
  config,
  secret: { set: true, hint },
  allowed_hosts,
})

/** What the audit log keeps of a credential. */
export const factsOf = (row: CredentialRow) => ({
  name: row.name,
  kind: row.kind,
  is_active: row.is_active,
  ...sendingOf(row),
})

/** Where a credential's secret lies, which its ciphertext is bound to. */
export const secretPlace = (tenant: string, row: string): Place => ({
  tenant,
  table: "credentials",
  row,
  field: "secret",
  version: 1,
})

const fieldOf: Record<CredentialKind, keyof CredentialConfig | undefined> = {
  bearer: undefined,
  basic: "user_name",
  header: "header",
  query: "parameter",
}

const words: Record<keyof CredentialConfig, string> = {
  user_name: "Enter the user name",
  header: "Enter the name of the header",
  parameter: "Enter the name of the parameter",
}

type Draft = Pick<CredentialRow, "kind" | "config"> & { secret: string | undefined }

/** What must be true of a credential as a whole, beyond the shape of its fields. */
export function assertWhole({ kind, config, secret }: Draft): void {
  const errors: InputFault[] = []
  const wanted = fieldOf[kind]
  if (wanted && config[wanted] === undefined)
    errors.push({ path: `config.${wanted}`, message: words[wanted] })
  for (const name of Object.keys(config)) {
    if (name !== wanted) errors.push({ path: `config.${name}`, message: `Not used by the kind ${kind}` })
  }
  if (config.header !== undefined && isWithheld(config.header))
    errors.push({ path: "config.header", message: "This header speaks for the connection and is never sent" })
  // Header fields carry ASCII; basic is encoded, and so is the address.
  if ((kind === "bearer" || kind === "header") && secret !== undefined && !/^[ -~]+$/.test(secret))
    errors.push({ path: "secret", message: "A header carries plain ASCII only" })
  if (errors.length > 0) throw new Failure("request.invalid", { errors })
}

const covers = (allowed: string, host: string): boolean =>
  allowed === host || (allowed.startsWith("*.") && host.replace(/^\*/, "").endsWith(allowed.slice(1)))

/** A stored secret goes only to whom it was given for: who adds a host, or has it sent in another way, must know the secret. */
export function assertSameReceivers(
  before: CredentialRow,
  after: Pick<CredentialRow, "kind" | "config" | "allowed_hosts">,
): void {
  const added = after.allowed_hosts.filter((host) => !before.allowed_hosts.some((one) => covers(one, host)))
  const sameWay = before.kind === after.kind && JSON.stringify(before.config) === JSON.stringify(after.config)
  if (added.length === 0 && sameWay) return
  const message = sameWay
    ? `It may now be sent to ${added.join(", ")}. Enter the secret again, so that it is not sent to somebody else`
    : "It is now sent in another way. Enter the secret again"
  throw new Failure("request.invalid", { errors: [{ path: "secret", message }] })
}
