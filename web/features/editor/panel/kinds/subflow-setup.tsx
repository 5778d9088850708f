import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { ArrowUpRight } from "lucide-react"
import { useState } from "react"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { formFields, type FormField } from "#web/flow/schema-form.ts"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { JsonInput } from "#web/ui/json-input.tsx"
import { Select } from "#web/ui/select.tsx"
import { useEditor } from "../../editor-context.ts"
import { calleeQuery, versionsQuery } from "../queries.ts"
import { ExpressionInput } from "../fields/expression-input.tsx"
import { FlowInput } from "../fields/flow-input.tsx"
import { StrayInputs } from "../fields/stray-inputs.tsx"
import type { SetupProps } from "./http-setup.tsx"

/** Which flow is called, in which version, with what inputs. */
export function SubflowSetup({ node, faultAt }: SetupProps) {
  const { commands, mayEdit, flowId } = useEditor()
  const callee = typeof node.data["flow_id"] === "string" ? node.data["flow_id"] || undefined : undefined
  const version = typeof node.data["version"] === "number" ? node.data["version"] : undefined
  return (
    <div className="flex flex-col gap-4 p-3">
      <Field
        label="Flow"
        error={faultAt("flow_id")}
        action={
          callee !== undefined && (
            <Link
              to="/flows/$flowId"
              params={{ flowId: callee }}
              className="focus-ring inline-flex items-center gap-1 rounded-sm text-sm text-accent-ink hover:underline"
            >
              Open
              <ArrowUpRight aria-hidden className="size-3" />
            </Link>
          )
        }
      >
        <FlowInput
          value={callee}
          except={flowId}
          disabled={!mayEdit}
          onChange={(id) => commands.setFields(node.id, { flow_id: id, version: undefined })}
        />
      </Field>
      {callee !== undefined && (
        <>
          <VersionField node={node} faultAt={faultAt} callee={callee} version={version} />
          <Inputs
            key={`${callee} ${version}`}
            node={node}
            faultAt={faultAt}
            callee={callee}
            version={version}
          />
        </>
      )}
    </div>
  )
}

type CalleeProps = SetupProps & { callee: string; version: number | undefined }

function VersionField({ node, faultAt, callee, version }: CalleeProps) {
  const { commands, mayEdit } = useEditor()
  const { data } = useQuery(versionsQuery(callee))
  const versions = data?.versions ?? []
  const isKnown = version === undefined || !data || versions.some((one) => one.version === version)
  return (
    <Field label="Version" error={faultAt("version")}>
      <Select
        value={version === undefined ? "" : String(version)}
        disabled={!mayEdit}
        options={[
          { value: "", label: "The published one, when it starts" },
          ...versions.map((one) => ({
            value: String(one.version),
            label: one.note ? `${one.version}: ${one.note}` : `Version ${one.version}`,
          })),
          ...(isKnown ? [] : [{ value: String(version), label: `Version ${version}, which is gone` }]),
        ]}
        onChange={(next) => commands.setField(node.id, "version", next === "" ? undefined : Number(next))}
      />
    </Field>
  )
}

/** A field for each input that the called flow asks for; without a schema, the inputs as JSON. */
function Inputs({ node, faultAt, callee, version }: CalleeProps) {
  const { commands, mayEdit } = useEditor()
  const { data: schema, isPending } = useQuery(calleeQuery(callee, version))
  const [typing, setTyping] = useState<string | undefined>()
  const inputs = isJsonObject(node.data["inputs"]) ? node.data["inputs"] : {}
  const set = (value: JsonObject) => commands.setField(node.id, "inputs", value)
  if (isPending) return <p className="text-muted">Looking up its inputs…</p>
  const fields = formFields(schema ?? undefined)
  if (!fields) {
    return (
      <Field
        label="Inputs"
        error={typing ?? faultAt("inputs", "within")}
        help="The called flow names no inputs, so it takes any object. Expressions may stand in its texts."
      >
        <JsonInput
          object
          value={inputs}
          readOnly={!mayEdit}
          onFault={setTyping}
          onChange={(next) => set(isJsonObject(next) ? next : {})}
        />
      </Field>
    )
  }
  const strange = Object.keys(inputs).filter((name) => !fields.some((field) => field.name === name))
  return (
    <FieldSet legend="Inputs" error={faultAt("inputs", "within")}>
      <div className="flex flex-col gap-3">
        {fields.map((field) => (
          <InputField
            key={field.name}
            node={node}
            field={field}
            value={inputs[field.name]}
            onChange={(value) => set(withField(inputs, field.name, value))}
          />
        ))}
        <StrayInputs
          names={strange}
          onRemove={mayEdit ? (name) => set(withField(inputs, name, undefined)) : null}
        />
      </div>
    </FieldSet>
  )
}

function withField(inputs: JsonObject, name: string, value: Json | undefined): JsonObject {
  const { [name]: _was, ...others } = inputs
  return value === undefined ? others : { ...others, [name]: value }
}

type InputFieldProps = {
  node: SetupProps["node"]
  field: FormField
  value: Json | undefined
  onChange: (value: Json | undefined) => void
}

/** Text goes in as it is, an expression as what it makes; other values are written out by an expression too. */
function InputField({ node, field, value, onChange }: InputFieldProps) {
  const { mayEdit } = useEditor()
  const isText = field.control === "text" || field.control === "long_text" || field.control === "choice"
  const shown =
    value === undefined ? "" : typeof value === "string" ? value : `{{ ${JSON.stringify(value)} }}`
  return (
    <Field
      label={field.title}
      {...(field.required ? {} : { note: "optional" })}
      {...(field.help ? { help: field.help } : {})}
      error={field.required && shown === "" ? "The called flow needs this" : undefined}
    >
      <ExpressionInput
        nodeId={node.id}
        value={shown}
        readOnly={!mayEdit}
        lines={field.control === "long_text" ? 3 : 1}
        placeholder={isText ? "" : "{{ … }}"}
        onChange={(text) => onChange(text === "" ? undefined : text)}
      />
    </Field>
  )
}
