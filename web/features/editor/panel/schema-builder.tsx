import { Plus } from "lucide-react"
import { useState } from "react"
import type { JsonSchema } from "#core/flow/graph"
import { Button } from "#web/ui/button.tsx"
import { Field } from "#web/ui/field.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { fieldsOfSchema, schemaOfFields, type InputField } from "../model/input-fields.ts"
import { freeName } from "../model/names.ts"
import { JsonInput } from "#web/ui/json-input.tsx"
import { InputFieldEditor } from "./input-field-editor.tsx"

const ways = [
  { value: "fields", label: "Fields" },
  { value: "json", label: "JSON Schema" },
]

const newField = (taken: ReadonlySet<string>): InputField => ({
  name: freeName("text", taken),
  type: "string",
  title: "",
  description: "",
  required: true,
  default: undefined,
  options: [],
  long: false,
  more: {},
})

type SchemaBuilderProps = {
  schema: JsonSchema | undefined
  onChange: (schema: JsonSchema | undefined) => void
  readOnly: boolean
  fault: string | undefined
  /** What the schema describes, such as "Inputs". */
  label: string
  /** Said while there is no field. */
  empty: string
}

/** An object that people fill in: its fields, or the schema itself where it says more than fields can. */
export function SchemaBuilder({ schema, onChange, readOnly, fault, label, empty }: SchemaBuilderProps) {
  const fields = fieldsOfSchema(schema)
  const [way, setWay] = useState("fields")
  const [openAt, setOpenAt] = useState<number | null>(null)
  const shown = fields === null ? "json" : way
  const put = (next: InputField[]) => onChange(schemaOfFields(next, schema))
  return (
    <>
      <Segments label={`${label}: described by`} segments={ways} value={shown} onChange={setWay} />
      {fields === null && way === "fields" && (
        <p className="text-sm text-muted">
          This schema says more than fields can show, so it is edited as JSON.
        </p>
      )}
      {shown === "json" || fields === null ? (
        <SchemaText schema={schema} onChange={onChange} readOnly={readOnly} fault={fault} label={label} />
      ) : (
        <>
          {fields.length === 0 && <p className="text-muted">{empty}</p>}
          <ul className="flex flex-col empty:hidden">
            {fields.map((field, i) => (
              // A field's name is what is being typed; its place is its identity.
              // oxlint-disable-next-line react/no-array-index-key
              <li key={i}>
                <InputFieldEditor
                  field={field}
                  others={fields.filter((_, at) => at !== i).map((one) => one.name)}
                  open={openAt === i}
                  onToggle={() => setOpenAt(openAt === i ? null : i)}
                  onChange={(next) => put(fields.with(i, next))}
                  onRemove={() => put(fields.toSpliced(i, 1))}
                  readOnly={readOnly}
                />
              </li>
            ))}
          </ul>
          {!readOnly && (
            <Button
              size="sm"
              className="self-start"
              onClick={() => {
                put([...fields, newField(new Set(fields.map((one) => one.name)))])
                setOpenAt(fields.length)
              }}
            >
              <Plus aria-hidden />
              Add a field
            </Button>
          )}
        </>
      )}
    </>
  )
}

function SchemaText({ schema, onChange, readOnly, fault, label }: Omit<SchemaBuilderProps, "empty">) {
  const [typing, setTyping] = useState<string | undefined>()
  return (
    <Field label={`${label} as a schema`} error={typing ?? fault} help="JSON Schema 2020-12 of one object.">
      <JsonInput
        value={schema}
        rows={10}
        readOnly={readOnly}
        onFault={setTyping}
        object
        onChange={(next) => onChange(next as JsonSchema | undefined)}
      />
    </Field>
  )
}
