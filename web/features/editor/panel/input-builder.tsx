import { Plus } from "lucide-react"
import { useState } from "react"
import type { JsonSchema } from "#core/flow/graph"
import { useAtomValue } from "#web/state/jotai.ts"
import { Button } from "#web/ui/button.tsx"
import { Field } from "#web/ui/field.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { draftAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { fieldsOfSchema, schemaOfFields, type InputField } from "../model/input-fields.ts"
import { freeName } from "../model/names.ts"
import { JsonInput } from "#web/ui/json-input.tsx"
import { InputFieldEditor } from "./input-field-editor.tsx"
import { useSchemaFault } from "./use-schema-fault.ts"

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

/** What the flow takes: fields to fill in, or the schema itself where it says more than fields can. */
export function InputBuilder() {
  const { commands, mayEdit } = useEditor()
  const { input_schema } = useAtomValue(draftAtom)
  const fields = fieldsOfSchema(input_schema)
  const [way, setWay] = useState("fields")
  const [openAt, setOpenAt] = useState<number | null>(null)
  const shown = fields === null ? "json" : way
  const put = (next: InputField[]) => commands.setFlow({ input_schema: schemaOfFields(next, input_schema) })
  return (
    <>
      <Segments label="Inputs are described by" segments={ways} value={shown} onChange={setWay} />
      {fields === null && way === "fields" && (
        <p className="text-sm text-muted">
          This schema says more than fields can show, so it is edited as JSON.
        </p>
      )}
      {shown === "json" || fields === null ? (
        <SchemaText schema={input_schema} />
      ) : (
        <>
          {fields.length === 0 && (
            <p className="text-muted">
              No fields yet: executions take any object. Add a field to get a form and a check.
            </p>
          )}
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
                  readOnly={!mayEdit}
                />
              </li>
            ))}
          </ul>
          {mayEdit && (
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

function SchemaText({ schema }: { schema: JsonSchema | undefined }) {
  const { commands, mayEdit } = useEditor()
  const [typing, setTyping] = useState<string | undefined>()
  const fault = useSchemaFault("input_schema")
  return (
    <Field label="Input schema" error={typing ?? fault} help="JSON Schema 2020-12 of one object.">
      <JsonInput
        value={schema}
        rows={10}
        readOnly={!mayEdit}
        onFault={setTyping}
        object
        onChange={(next) => commands.setFlow({ input_schema: next as JsonSchema | undefined })}
      />
    </Field>
  )
}
