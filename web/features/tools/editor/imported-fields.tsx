import type { ReactNode } from "react"
import { FormSection } from "#web/agent/form-section.tsx"
import { PairsInput } from "#web/agent/tools/pairs-input.tsx"
import { CredentialChoice } from "#web/credentials/credential-choice.tsx"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"
import { JsonView } from "#web/ui/json-view.tsx"
import { MayRepeat } from "./http-fields.tsx"
import { Limit, limitGrid } from "./limits.tsx"
import type { ConfigParts } from "./parts.ts"

/** One operation of an API. What the document says of it is shown; where it is sent, and with what, can be changed. */
export function OpenApiFields(parts: ConfigParts<"openapi">) {
  const { config, set, faultOf, disabled } = parts
  const { method, path, operation_id, source_url, parameters, body } = config
  return (
    <FormSection title="Operation" help="As it was imported. Where the API has changed, import it again.">
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1">
        <Fact name="Operation">{operation_id}</Fact>
        <Fact name="Request">
          {method} {path}
        </Fact>
        {source_url && <Fact name="Document">{source_url}</Fact>}
      </dl>
      <Field label="Server" error={faultOf("server_url")}>
        <Input
          disabled={disabled}
          spellCheck={false}
          inputMode="url"
          className="font-mono text-sm"
          value={config.server_url}
          onChange={({ target }) => set({ server_url: target.value })}
        />
      </Field>
      <FieldSet
        legend="Where the arguments go"
        error={faultOf("parameters") ?? faultOf("body") ?? faultOf("path")}
      >
        <JsonView label="Where the arguments go" value={{ parameters, ...(body ? { body } : {}) }} open={1} />
      </FieldSet>
      <Sending {...parts} />
      <MayRepeat
        carries={method !== "GET" && method !== "HEAD"}
        value={config.may_repeat}
        set={set}
        disabled={disabled}
      />
    </FormSection>
  )
}

/** One tool of an MCP server. */
export function McpFields(parts: ConfigParts<"mcp">) {
  const { config, set, faultOf, disabled } = parts
  return (
    <FormSection
      title="MCP server"
      help="Spoken to over HTTP. Where the server’s tool has changed, import it again."
    >
      <Field label="Address" error={faultOf("url")}>
        <Input
          disabled={disabled}
          spellCheck={false}
          inputMode="url"
          className="font-mono text-sm"
          value={config.url}
          onChange={({ target }) => set({ url: target.value })}
        />
      </Field>
      <Field label="Its name there" error={faultOf("tool_name")}>
        <Input
          disabled={disabled}
          spellCheck={false}
          className="font-mono text-sm"
          value={config.tool_name}
          onChange={({ target }) => set({ tool_name: target.value })}
        />
      </Field>
      <Sending {...parts} />
      <MayRepeat carries value={config.may_repeat} set={set} disabled={disabled} />
    </FormSection>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt className="text-muted">{name}</dt>
    <dd className="min-w-0 font-mono text-sm break-all">{children}</dd>
  </>
)

type SendingProps = Pick<ConfigParts<"openapi">, "faultOf" | "faultAt" | "disabled"> & {
  config: Pick<ConfigParts<"mcp">["config"], "credential_id" | "headers" | "timeout_ms">
  set: (
    patch: Partial<Pick<ConfigParts<"mcp">["config"], "credential_id" | "headers" | "timeout_ms">>,
  ) => void
}

/** What goes along with each request. */
const Sending = ({ config, set, faultOf, faultAt, disabled }: SendingProps) => (
  <>
    <CredentialChoice
      label="Credential"
      value={config.credential_id}
      onChange={(credential_id) => set({ credential_id })}
      error={faultOf("credential_id")}
      help="Sent to its allowed hosts only."
      disabled={disabled}
    />
    <FieldSet legend="Headers" error={faultAt("headers")}>
      <PairsInput
        one="header"
        value={config.headers}
        faultOf={(name) => faultOf(`headers.${name}`)}
        disabled={disabled}
        onChange={(headers) => set({ headers })}
      />
    </FieldSet>
    <div className={limitGrid}>
      <Limit
        label="Time"
        unit="seconds"
        scale={1_000}
        value={config.timeout_ms}
        onChange={(timeout_ms) => set({ timeout_ms })}
        error={faultOf("timeout_ms")}
        disabled={disabled}
      />
    </div>
  </>
)
