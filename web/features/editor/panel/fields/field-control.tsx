import { useState } from "react"
import { isJsonObject, type Json } from "#core/json"
import type { FlowNode } from "#core/flow/graph"
import { kindOf } from "#core/flow/kinds"
import { Switch } from "#web/ui/checkbox.tsx"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { Input } from "#web/ui/input.tsx"
import { Select } from "#web/ui/select.tsx"
import { useEditor } from "../../editor-context.ts"
import type { Control, PanelField } from "../../model/schema-fields.ts"
import { SchemaPart } from "../schema-part.tsx"
import type { FaultAt } from "../use-faults.ts"
import { CredentialInput } from "./credential-input.tsx"
import { DurationInput } from "./duration-input.tsx"
import { ExpressionInput } from "./expression-input.tsx"
import { JsonInput } from "#web/ui/json-input.tsx"
import { ModelInput, ProviderInput } from "./model-inputs.tsx"
import { ChoiceOrNumber } from "./choice-or-number.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"
import { optionOf } from "./option-of.ts"
import { RoutesInput } from "./routes-input.tsx"
import type { TextField } from "./use-co-text.ts"
import { ValueInput } from "./value-input.tsx"
import { WordsInput } from "./words-input.tsx"

type FieldControlProps = {
  node: FlowNode
  field: PanelField
  faultAt: FaultAt
}

/** The value at a dotted path of a node's data. */
export function valueAt(data: FlowNode["data"], path: string): Json | undefined {
  let value: Json | undefined = data
  for (const key of path.split("."))
    value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
  return value
}

/** One field of the panel with its label, help and fault, as its control asks. */
export function FieldControl({ node, field, faultAt }: FieldControlProps) {
  const { commands, mayEdit } = useEditor()
  const [typingFault, setTypingFault] = useState<string | undefined>()
  const value = valueAt(node.data, field.path)
  const set = (next: Json | undefined) => commands.setField(node.id, field.path, next)
  if (field.control.is === "group")
    return <GroupControl node={node} field={field} group={field.control} faultAt={faultAt} />
  if (field.control.is === "routes") {
    return (
      <FieldSet legend={field.title} error={faultAt(field.path)}>
        <RoutesInput
          nodeId={node.id}
          list={field.control.of}
          value={value}
          faultAt={faultAt}
          readOnly={!mayEdit}
        />
      </FieldSet>
    )
  }
  if (field.control.is === "form") {
    const said = faultAt(field.path, "within")
    const schemaFaults = said === undefined ? [] : [{ path: "", message: said }]
    return (
      <SchemaPart
        schema={isJsonObject(value) ? value : undefined}
        onChange={set}
        readOnly={!mayEdit}
        faults={schemaFaults}
        label={field.title}
        empty="No fields yet: only a button is pressed. Add a field to ask for more."
      />
    )
  }
  if (field.control.is === "switch") {
    return (
      <label className="flex items-center justify-between gap-3">
        <span className="text-sm font-medium">{field.title}</span>
        <Switch checked={value === true} disabled={!mayEdit} onCheckedChange={(on) => set(on)} />
      </label>
    )
  }
  const fault = typingFault ?? faultAt(field.path, "within")
  return (
    <Field label={field.title} error={fault} {...(field.help ? { help: field.help } : {})}>
      {controlFor({
        control: field.control,
        node,
        field,
        value,
        set,
        readOnly: !mayEdit,
        onFault: setTypingFault,
      })}
    </Field>
  )
}

type Single = Exclude<Control, { is: "group" | "routes" | "form" | "switch" }>
type DataControl = Extract<
  Single,
  { is: "number" | "duration" | "choice_or_number" | "json_schema" | "value" }
>

type ControlFor<C = Single> = {
  control: C
  node: FlowNode
  field: PanelField
  value: Json | undefined
  set: (value: Json | undefined) => void
  readOnly: boolean
  onFault: (fault: string | undefined) => void
}

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "")

/** An element, not a component: the field gives it its id and descriptions. */
function controlFor({ control, ...rest }: ControlFor) {
  const { node, field, value, set, readOnly } = rest
  // An empty text means that an optional field is not set.
  const setText = (next: string) => set(next === "" && !field.required ? undefined : next)
  switch (control.is) {
    case "text":
      return (
        <Input value={text(value)} readOnly={readOnly} onChange={(event) => setText(event.target.value)} />
      )
    case "prompt":
      return (
        <ExpressionInput
          nodeId={node.id}
          value={text(value)}
          readOnly={readOnly}
          bare={isBare(node, field.path)}
          lines={field.path === "prompt" ? 6 : control.lines}
          shared={sharedAt(node, field.path)}
          onChange={setText}
        />
      )
    case "provider":
      return <ProviderInput value={text(value) || undefined} disabled={readOnly} onChange={set} />
    case "credential":
      return <CredentialInput value={text(value) || undefined} disabled={readOnly} onChange={set} />
    case "model":
      return (
        <ModelInput
          value={text(value) || undefined}
          disabled={readOnly}
          onChange={set}
          providerId={text(valueAt(node.data, "llm_provider_id")) || undefined}
        />
      )
    case "choice":
      return (
        <Select
          value={text(value)}
          disabled={readOnly}
          onChange={(next) => set(next === "" ? undefined : next)}
          options={[
            ...(field.required ? [] : [{ value: "", label: "Default" }]),
            ...control.options.map(optionOf),
          ]}
        />
      )
    case "words":
      return <WordsInput value={value} readOnly={readOnly} onChange={set} />
    default:
      return dataControlFor({ control, ...rest })
  }
}

/** Controls whose value is no text. */
function dataControlFor({ control, node, field, value, set, readOnly, onFault }: ControlFor<DataControl>) {
  switch (control.is) {
    case "number":
      return (
        <NumberInput
          value={typeof value === "number" ? value : undefined}
          readOnly={readOnly}
          integer={control.integer}
          placeholder={control.fallback === undefined ? rangeOf(control) : String(control.fallback)}
          onChange={set}
        />
      )
    case "duration":
      return (
        <DurationInput
          value={typeof value === "number" ? value : undefined}
          unitMs={control.unitMs}
          readOnly={readOnly}
          placeholder={control.fallback === undefined ? "" : String(control.fallback)}
          onChange={set}
        />
      )
    case "choice_or_number":
      return <ChoiceOrNumber options={control.options} value={value} onChange={set} readOnly={readOnly} />
    case "json_schema":
      return (
        <JsonInput
          value={value}
          readOnly={readOnly}
          onChange={set}
          onFault={onFault}
          placeholder={schemaHint}
        />
      )
    case "value":
      return (
        <ValueInput
          nodeId={node.id}
          title={field.title}
          value={value}
          readOnly={readOnly}
          onChange={set}
          onFault={onFault}
          bare={isBare(node, field.path)}
          shared={sharedAt(node, field.path)}
        />
      )
    default:
      return control satisfies never
  }
}

/** A field of a node's own, which is one text to all who write in it; parts of others are set as a whole. */
const sharedAt = ({ id, data }: FlowNode, path: string): TextField | undefined => {
  const isText = data[path] === undefined || typeof data[path] === "string"
  return path.includes(".") || !isText ? undefined : { node: id, field: path }
}

const schemaHint = '{ "type": "object", "properties": { … } }'

const isBare = (node: FlowNode, path: string): boolean =>
  kindOf(node.type)
    ?.expressions({ ...node.data, [path]: "x" })
    .find((one) => one.path === path)?.bare ?? false

const rangeOf = ({ least, most }: { least: number | undefined; most: number | undefined }): string =>
  least !== undefined && most !== undefined
    ? `${least.toLocaleString("en")} to ${most.toLocaleString("en")}`
    : ""

type GroupProps = FieldControlProps & { group: Extract<Control, { is: "group" }> }

/** Fields that belong together and may be absent together: a switch brings them, with what the schema starts with. */
function GroupControl({ node, field, group, faultAt }: GroupProps) {
  const { commands, mayEdit } = useEditor()
  const isOn = valueAt(node.data, field.path) !== undefined
  return (
    <div className="flex flex-col gap-3">
      <label className="flex items-center justify-between gap-3">
        <span className="text-sm font-medium">{field.title}</span>
        <Switch
          checked={isOn}
          disabled={!mayEdit}
          onCheckedChange={(on) => commands.setField(node.id, field.path, on ? group.starting : undefined)}
        />
      </label>
      {isOn && (
        <div className="grid grid-cols-2 gap-3 border-l-2 pl-3">
          {group.fields.map((one) => (
            <div
              key={one.path}
              className={
                one.control.is === "words" || one.control.is === "duration" ? "col-span-2" : undefined
              }
            >
              <FieldControl node={node} field={one} faultAt={faultAt} />
            </div>
          ))}
        </div>
      )}
    </div>
  )
}
