import { Info } from "lucide-react"
import { useState } from "react"
import type { ReplyOf } from "#core/contract/endpoint"
import type { toolImportsApi } from "#core/contract/tool-imports"
import type { Credential } from "#core/contract/credentials"
import type { CredentialId } from "#core/ids"
import { WebAddress } from "#core/tool/config"
import { CredentialChoice } from "#web/credentials/credential-choice.tsx"
import type { CredentialStart } from "#web/credentials/credential-dialog.tsx"
import { credentialKinds } from "#web/credentials/credential-kinds.ts"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"
import { Select } from "#web/ui/select.tsx"
import type { Offer } from "./offer.ts"
import { PrefixField } from "./prefix-field.tsx"

export type OpenApiReply = ReplyOf<typeof toolImportsApi.openapi>
type Wanted = OpenApiReply["credentials"][number]

/** What holds for all tools of a document. */
export type OpenApiSettings = {
  prefix: string
  /** Instead of the document's first. */
  server: string | undefined
  credentials: Readonly<Record<string, CredentialId>>
}

type SettingsProps = {
  document: OpenApiReply
  source: string | undefined
  offers: readonly Offer[]
  value: OpenApiSettings
  onChange: (change: Partial<OpenApiSettings>) => void
}

export function OpenApiSettingsPanel({ document, source, offers, value, onChange }: SettingsProps) {
  const server = value.server ?? absolute(document.servers[0], source) ?? source
  return (
    <div className="flex flex-col gap-5">
      <header>
        <h2 className="font-semibold break-words">{document.title || "Untitled API"}</h2>
        <p className="tabular text-sm text-muted">
          {[document.version && `Version ${document.version}`, `OpenAPI ${document.openapi}`]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </header>
      <PrefixField value={value.prefix} onChange={(prefix) => onChange({ prefix })} />
      <ServerField
        servers={document.servers}
        source={source}
        value={value.server}
        onChange={(next) => onChange({ server: next })}
      />
      <FieldSet
        legend="Credentials"
        help={
          document.credentials.length === 0
            ? "The document asks for none."
            : "Sent along with each call that asks for it, outside of every model's sight."
        }
      >
        <div className="flex flex-col gap-4">
          {document.credentials.map((wanted) => (
            <SchemeField
              key={wanted.scheme}
              wanted={wanted}
              title={document.title}
              server={server}
              users={usersOf(offers, wanted.scheme)}
              value={value.credentials[wanted.scheme]}
              onChange={(id) => {
                const { [wanted.scheme]: _was, ...others } = value.credentials
                onChange({ credentials: id === undefined ? others : { ...others, [wanted.scheme]: id } })
              }}
            />
          ))}
        </div>
      </FieldSet>
    </div>
  )
}

const usersOf = (offers: readonly Offer[], scheme: string): number =>
  offers.filter(({ security }) => security.some((one) => one.includes(scheme))).length

const other = "other"

type ServerFieldProps = {
  servers: readonly string[]
  source: string | undefined
  value: string | undefined
  onChange: (server: string | undefined) => void
}

/** Which of the document's servers is called, or another one. */
function ServerField({ servers, source, value, onChange }: ServerFieldProps) {
  const offered = servers.map((one) => absolute(one, source)).filter((one) => one !== undefined)
  const [isOther, setOther] = useState(value !== undefined && !offered.includes(value))
  const [typed, setTyped] = useState(value ?? "")
  const first = offered[0] ?? (source === undefined ? undefined : new URL(source).origin)
  const mustSay = first === undefined
  const fault = mustSay && typed === "" ? "The document names no server: say which one is called." : undefined
  const wrong = typed !== "" && !WebAddress.safeParse(typed).success
  return (
    <>
      {!mustSay && (
        <Field label="Server">
          <Select
            value={isOther ? other : (value ?? first)}
            options={[
              ...[...new Set([first, ...offered])].map((one) => ({ value: one, label: one })),
              { value: other, label: "Another address…" },
            ]}
            onChange={(next) => {
              setOther(next === other)
              onChange(next === other ? usable(typed) : next === first ? undefined : next)
            }}
          />
        </Field>
      )}
      {(isOther || mustSay) && (
        <Field
          label="Address of the server"
          error={wrong ? "Enter an address that begins with https://" : fault}
        >
          <Input
            inputMode="url"
            spellCheck={false}
            className="font-mono text-sm"
            placeholder="https://api.example.com/v1"
            value={typed}
            onChange={({ target }) => {
              setTyped(target.value)
              onChange(usable(target.value))
            }}
          />
        </Field>
      )}
    </>
  )
}

const usable = (typed: string): string | undefined => {
  const read = WebAddress.safeParse(typed)
  return read.success ? read.data : undefined
}

/** A server as it is called: those of a document may be told from its own address. */
function absolute(server: string | undefined, source: string | undefined): string | undefined {
  if (server === undefined || server === "") return undefined
  try {
    return /^https?:\/\//i.test(server) ? server : source && new URL(server, source).href
  } catch {
    return undefined
  }
}

const sayUsers = (users: number): string =>
  users === 0
    ? "No operation asks for it."
    : users === 1
      ? "One operation asks for it."
      : `${users.toLocaleString("en")} operations ask for it.`

type SchemeFieldProps = {
  wanted: Wanted
  title: string
  server: string | undefined
  users: number
  value: CredentialId | undefined
  onChange: (id: CredentialId | undefined) => void
}

function SchemeField({ wanted, title, server, users, value, onChange }: SchemeFieldProps) {
  const { scheme, kind, name, description } = wanted
  const asked = sayUsers(users)
  if (kind === undefined) {
    return (
      <div className="flex min-w-0 flex-col gap-1">
        <p className="text-sm font-medium break-words">{scheme}</p>
        <p className="flex items-start gap-1.5 text-sm text-muted">
          <Info aria-hidden className="mt-0.5 size-3.5 shrink-0" />
          No credential of ours can be sent in this way. {asked}
        </p>
      </div>
    )
  }
  const how = `${credentialKinds[kind].label}${name === undefined ? "" : ` ${name}`}`
  return (
    <CredentialChoice
      label={scheme}
      help={
        <>
          {how}. {asked}
          {description && <span className="mt-0.5 block break-words">{description}</span>}
        </>
      }
      value={value}
      onChange={onChange}
      fits={(one) => fitsScheme(one, wanted)}
      start={startOf(wanted, title, server)}
    />
  )
}

/** Whether a credential is sent as the scheme says. */
function fitsScheme({ kind, config }: Credential, wanted: Wanted): boolean {
  if (kind !== wanted.kind) return false
  if (kind === "header") return config?.header?.toLowerCase() === wanted.name?.toLowerCase()
  return kind !== "query" || config?.parameter === wanted.name
}

function startOf(
  { scheme, kind, name = "" }: Wanted,
  title: string,
  server: string | undefined,
): CredentialStart {
  const host = server && URL.canParse(server) ? new URL(server).hostname : ""
  return {
    name: [title, scheme].filter(Boolean).join(" ").slice(0, 120),
    ...(kind ? { kind } : {}),
    ...(kind === "header" ? { header: name } : {}),
    ...(kind === "query" ? { parameter: name } : {}),
    allowed_hosts: host,
  }
}
