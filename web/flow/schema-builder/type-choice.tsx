import type { Json, JsonObject } from "#core/json"
import { Field } from "#web/ui/field.tsx"
import { Select } from "#web/ui/select.tsx"
import { schemaTypes, typeOf, withType, type SchemaType } from "./model.ts"

export const typeWords: Record<SchemaType, string> = {
  string: "Text",
  number: "Number",
  integer: "Whole number",
  boolean: "Yes or no",
  array: "List",
  object: "Object",
}

type TypeChoiceProps = {
  label?: string
  schema: Json
  onChange: (schema: JsonObject) => void
  readOnly: boolean
}

/** What a value is. A schema that names no one type is JSON until a type is chosen, which replaces what it says. */
export function TypeChoice({ label = "Type", schema, onChange, readOnly }: TypeChoiceProps) {
  const type = typeOf(schema)
  return (
    <Field label={label}>
      <Select
        value={type ?? ""}
        disabled={readOnly}
        options={[
          ...(type ? [] : [{ value: "", label: "As JSON says" }]),
          ...schemaTypes.map((one) => ({ value: one, label: typeWords[one] })),
        ]}
        onChange={(next) => {
          const chosen = schemaTypes.find((one) => one === next)
          if (chosen) onChange(withType(schema, chosen))
        }}
      />
    </Field>
  )
}
