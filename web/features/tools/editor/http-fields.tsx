import { HttpToolConfig } from "#core/tool/config"
import type { JsonObject } from "#core/json"
import { FormSection } from "#web/agent/form-section.tsx"
import { PairsInput } from "#web/agent/tools/pairs-input.tsx"
import { CredentialChoice } from "#web/credentials/credential-choice.tsx"
import { propertiesOf } from "#web/flow/schema-builder/model.ts"
import { SwitchLine } from "#web/ui/checkbox.tsx"
import { JsonEditor } from "#web/ui/code-editor/json-editor.tsx"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"
import { Select } from "#web/ui/select.tsx"
import { Limit, limitGrid } from "./limits.tsx"
import type { ConfigParts } from "./parts.ts"

const methods = HttpToolConfig.shape.method.unwrap().options

type HttpFieldsProps = ConfigParts<"http"> & { schema: JsonObject }

/** One request, whose parts may hold expressions over the arguments. */
export function HttpFields({ config, set, faultOf, faultAt, disabled, schema }: HttpFieldsProps) {
  const carries = config.method !== "GET"
  return (
    <FormSection title="Request" help={<Expressions schema={schema} />}>
      <Where config={config} set={set} faultOf={faultOf} disabled={disabled} />
      <CredentialChoice
        label="Credential"
        value={config.credential_id}
        onChange={(credential_id) => set({ credential_id })}
        error={faultOf("credential_id")}
        help="Sent to its allowed hosts only."
        disabled={disabled}
      />
      <FieldSet legend="Query" error={faultAt("query")}>
        <PairsInput
          one="parameter"
          value={config.query}
          faultOf={(name) => faultOf(`query.${name}`)}
          disabled={disabled}
          onChange={(query) => set({ query })}
        />
      </FieldSet>
      <FieldSet legend="Headers" error={faultAt("headers")}>
        <PairsInput
          one="header"
          value={config.headers}
          faultOf={(name) => faultOf(`headers.${name}`)}
          disabled={disabled}
          onChange={(headers) => set({ headers })}
        />
      </FieldSet>
      {carries && (
        <Field
          label="Body"
          note="optional"
          error={faultOf("body")}
          help="JSON. A text that is one expression alone keeps its type."
        >
          <JsonEditor
            label="Body"
            lines={4}
            readOnly={disabled}
            value={config.body}
            placeholder={'{ "id": "{{ input.id }}" }'}
            onChange={(body) => set({ body })}
          />
        </Field>
      )}
      <MayRepeat carries={carries} value={config.may_repeat} set={set} disabled={disabled} />
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
    </FormSection>
  )
}

type WhereProps = Pick<ConfigParts<"http">, "config" | "set" | "faultOf" | "disabled">

const Where = ({ config, set, faultOf, disabled }: WhereProps) => (
  <div className="grid grid-cols-[6.5rem_minmax(0,1fr)] items-start gap-2">
    <Field label="Method" error={faultOf("method")}>
      <Select
        disabled={disabled}
        value={config.method}
        options={methods.map((method) => ({ value: method, label: method }))}
        onChange={(method) => set({ method: methods.find((one) => one === method) ?? "GET" })}
      />
    </Field>
    <Field
      label="Address"
      error={faultOf("url")}
      help="What stands in it by an expression is written for an address by itself."
    >
      <Input
        disabled={disabled}
        spellCheck={false}
        inputMode="url"
        className="font-mono text-sm"
        placeholder="https://api.example.com/orders/{{ input.id }}"
        value={config.url}
        onChange={({ target }) => set({ url: target.value })}
      />
    </Field>
  </div>
)

const mostNamed = 4

/** How an argument is written, with those that there are. */
function Expressions({ schema }: { schema: JsonObject }) {
  const names = propertiesOf(schema)?.map(({ name }) => name) ?? []
  const shown = names.length === 0 ? ["name"] : names.slice(0, mostNamed)
  return (
    <>
      Arguments stand in every part as{" "}
      {shown.map((name, i) => (
        <span key={name}>
          {i > 0 && ", "}
          <code className="font-mono text-sm break-all">{`{{ input.${name} }}`}</code>
        </span>
      ))}
      {names.length > mostNamed && ", …"}
    </>
  )
}

type MayRepeatProps = {
  carries: boolean
  value: boolean | undefined
  set: (patch: { may_repeat: boolean | undefined }) => void
  disabled: boolean
}

/** Whether a call that was under way may be made once more. Looking something up always may. */
export const MayRepeat = ({ carries, value, set, disabled }: MayRepeatProps) =>
  carries ? (
    <SwitchLine
      label="May be repeated"
      help="If the server stops in the middle of a call, it is made again. Otherwise a person is asked."
      disabled={disabled}
      checked={value ?? false}
      onCheckedChange={(on) => set({ may_repeat: on || undefined })}
    />
  ) : null
