import { useState, type FormEvent } from "react"
import { toolImportsApi } from "#core/contract/tool-imports"
import { Failure } from "#core/errors"
import type { CredentialId } from "#core/ids"
import { PairsInput } from "#web/agent/tools/pairs-input.tsx"
import { CredentialChoice } from "#web/credentials/credential-choice.tsx"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"

/** How an MCP server is reached. */
export type McpServerDraft = {
  url: string
  headers: Record<string, string>
  credential_id: CredentialId | undefined
}

type McpSourceProps = {
  draft: McpServerDraft
  onChange: (draft: McpServerDraft) => void
  onRead: () => void
  /** Goes back to what was read before; absent where nothing was. */
  onKeep: (() => void) | undefined
  isReading: boolean
  /** Why it could not be asked; null while it was not. */
  error: unknown
}

const { shape } = toolImportsApi.mcp.body

/** Asks which MCP server, and how one is let in. */
export function McpSource({ draft, onChange, onRead, onKeep, isReading, error }: McpSourceProps) {
  const [typing, setTyping] = useState<Readonly<Record<string, string>>>({})
  const set = (change: Partial<McpServerDraft>) => {
    setTyping({})
    onChange({ ...draft, ...change })
  }
  const said = isReading ? {} : { ...faultsOf(error), ...typing }
  const isSaid = Object.keys(said).length > 0
  const read = (event: FormEvent) => {
    event.preventDefault()
    if (isReading) return
    const faults = faultsIn(draft)
    setTyping(faults)
    if (Object.keys(faults).length === 0) onRead()
  }
  const host = URL.canParse(draft.url) ? new URL(draft.url).hostname : ""
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <form noValidate onSubmit={read} className="mx-auto flex max-w-3xl flex-col gap-5 px-4 py-6 md:px-8">
        <div>
          <h2 className="text-lg font-semibold">Which server?</h2>
          <p className="prose-width mt-1 text-muted">
            An MCP server says which tools it has. You choose which of them become tools here; nothing is made
            before, and nothing of it is called.
          </p>
        </div>
        <Field label="Address" error={said["url"]} help="The endpoint that speaks Streamable HTTP.">
          <Input
            inputMode="url"
            spellCheck={false}
            className="font-mono text-sm"
            placeholder="https://mcp.example.com/mcp"
            value={draft.url}
            onChange={({ target }) => set({ url: target.value })}
          />
        </Field>
        <CredentialChoice
          label="Credential"
          error={said["credential_id"]}
          help="Sent with each request, to its allowed hosts only."
          value={draft.credential_id}
          onChange={(credential_id) => set({ credential_id })}
          start={{ allowed_hosts: host, name: host }}
        />
        <FieldSet
          legend="Headers"
          error={said["headers"]}
          help="Sent as they are. Secrets belong in a credential."
        >
          <PairsInput one="header" value={draft.headers} onChange={(headers) => set({ headers })} />
        </FieldSet>
        {error != null && !isReading && !isSaid && <ErrorNote error={error} />}
        <div className="flex gap-2">
          <Button tone="primary" type="submit" busy={isReading}>
            Ask the server
          </Button>
          {onKeep && !isReading && (
            <Button tone="ghost" onClick={onKeep}>
              Back to the list
            </Button>
          )}
        </div>
      </form>
    </div>
  )
}

/** What the contract says of the fields, before anything is sent. */
function faultsIn({ url, headers }: McpServerDraft): Record<string, string> {
  const wrong = shape.url.safeParse(url).error?.issues[0]
  const pair = shape.headers.safeParse(headers).error?.issues[0]
  return { ...(wrong ? { url: wrong.message } : {}), ...(pair ? { headers: pair.message } : {}) }
}

/** The server's words by field. */
function faultsOf(error: unknown): Record<string, string> {
  if (!(error instanceof Failure)) return {}
  const faults: Record<string, string> = {}
  for (const { path, message } of error.more.errors ?? []) {
    const [field = ""] = path.split(".")
    if (field in blankServer || field === "credential_id") faults[field] ??= message
  }
  return faults
}

export const blankServer: McpServerDraft = { url: "", headers: {}, credential_id: undefined }
