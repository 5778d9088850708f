import { useState } from "react"
import type { FlowNode } from "#core/flow/graph"
import { HttpMethod, mayRepeat } from "#core/flow/kinds/http"
import type { Json } from "#core/json"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { JsonInput } from "#web/ui/json-input.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { Select } from "#web/ui/select.tsx"
import { useEditor } from "../../editor-context.ts"
import { CredentialInput } from "../fields/credential-input.tsx"
import { ExpressionInput } from "../fields/expression-input.tsx"
import { KeyValuesInput } from "../fields/key-values-input.tsx"
import { Section } from "../section.tsx"
import type { FaultAt } from "../use-faults.ts"

export type SetupProps = { node: FlowNode; faultAt: FaultAt }

const usualHeaders = ["Accept", "Content-Type", "Idempotency-Key", "If-Match", "User-Agent", "X-Request-Id"]

/** A request: where it goes, what it carries, and with whose credentials. */
export function HttpSetup({ node, faultAt }: SetupProps) {
  const { commands, mayEdit } = useEditor()
  const { data } = node
  const set = (path: string, value: Json | undefined) => commands.setField(node.id, path, value)
  const method = HttpMethod.safeParse(data["method"]).data ?? "GET"
  const carries = method !== "GET" && method !== "HEAD"
  const lines = { nodeId: node.id, readOnly: !mayEdit }
  return (
    <>
      <div className="flex flex-col gap-4 p-3">
        <div className="grid grid-cols-[6.25rem_minmax(0,1fr)] gap-2">
          <Field label="Method" error={faultAt("method")}>
            <Select
              value={method}
              disabled={!mayEdit}
              options={HttpMethod.options.map((one) => ({ value: one, label: one }))}
              onChange={(next) => set("method", next)}
            />
          </Field>
          <Field label="Address" error={faultAt("url")}>
            <ExpressionInput
              {...lines}
              value={textOf(data["url"])}
              placeholder="https://"
              onChange={(next) => set("url", next)}
            />
          </Field>
        </div>
        <Field
          label="Credentials"
          error={faultAt("credentials")}
          help="Added on the way out, to their hosts only; nobody sees them here or in the journal."
        >
          <CredentialInput
            value={textOf(data["credentials"]) || undefined}
            disabled={!mayEdit}
            onChange={(next) => set("credentials", next)}
          />
        </Field>
        <FieldSet legend="Query" error={faultAt("query", "within")}>
          <KeyValuesInput
            {...lines}
            one="parameter"
            value={data["query"]}
            onChange={(next) => set("query", next)}
          />
        </FieldSet>
        <FieldSet legend="Headers" error={faultAt("headers", "within")}>
          <KeyValuesInput
            {...lines}
            one="header"
            names={usualHeaders}
            value={data["headers"]}
            onChange={(next) => set("headers", next)}
          />
        </FieldSet>
        {carries && <Body node={node} faultAt={faultAt} />}
      </div>
      <Section title="If the server stops in the middle" startsOpen={data["may_repeat"] !== undefined}>
        <MayRepeat node={node} method={method} />
      </Section>
    </>
  )
}

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "")

const ways = [
  { value: "none", label: "None" },
  { value: "json", label: "JSON" },
  { value: "text", label: "Text" },
]

function Body({ node, faultAt }: SetupProps) {
  const { commands, mayEdit } = useEditor()
  const [typing, setTyping] = useState<string | undefined>()
  const body = node.data["body"]
  const fits = body === undefined ? "none" : typeof body === "string" ? "text" : "json"
  const [way, setWay] = useState(fits)
  // A body that undo brought back shows itself.
  const shown = body === undefined ? way : fits
  const set = (value: Json | undefined) => commands.setField(node.id, "body", value)
  const change = (next: string) => {
    setWay(next)
    setTyping(undefined)
    if (next === "none") set(undefined)
    else if (next === "text" && body !== undefined && typeof body !== "string")
      set(JSON.stringify(body, null, 2))
    else if (next === "json" && typeof body === "string") set(parsed(body))
  }
  return (
    <Field
      label="Body"
      error={typing ?? faultAt("body", "within")}
      action={<Segments label="The body is" segments={ways} value={shown} onChange={change} />}
      help={
        shown === "json"
          ? "Expressions may stand in any text of it; one that stands alone keeps its type."
          : shown === "text"
            ? "Sent as it is. One expression alone that makes an object is sent as JSON."
            : undefined
      }
    >
      {shown === "json" ? (
        <JsonInput
          value={body}
          rows={6}
          readOnly={!mayEdit}
          placeholder={'{ "text": "{{ nodes.draft }}" }'}
          onFault={setTyping}
          onChange={set}
        />
      ) : shown === "text" ? (
        <ExpressionInput
          nodeId={node.id}
          lines={5}
          value={textOf(body)}
          readOnly={!mayEdit}
          shared={typeof body === "string" ? { node: node.id, field: "body" } : undefined}
          onChange={(next) => set(next === "" ? undefined : next)}
        />
      ) : (
        <p className="text-muted">The request carries no body.</p>
      )}
    </Field>
  )
}

/** What was written as text, where it is JSON; an expression stays in quotes. */
function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return { value: text }
  }
}

function MayRepeat({ node, method }: { node: FlowNode; method: HttpMethod }) {
  const { commands, mayEdit } = useEditor()
  const value = node.data["may_repeat"]
  const usual = mayRepeat({ method }) ? "send it again" : "ask a person"
  return (
    <Field
      label="The request"
      help="Each carries an Idempotency-Key, the same for every repeat, so that a server that knows it acts once."
    >
      <Select
        value={typeof value === "boolean" ? String(value) : ""}
        disabled={!mayEdit}
        options={[
          { value: "", label: `As usual for ${method}: ${usual}` },
          { value: "true", label: "May be repeated: send it again" },
          { value: "false", label: "May not be repeated: ask a person" },
        ]}
        onChange={(next) =>
          commands.setField(node.id, "may_repeat", next === "" ? undefined : next === "true")
        }
      />
    </Field>
  )
}
