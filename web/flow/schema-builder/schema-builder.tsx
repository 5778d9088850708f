import { useEffect, useRef, useState } from "react"
import { isJsonObject, type JsonObject } from "#core/json"
import { JsonEditor } from "#web/ui/code-editor/json-editor.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { propertiesOf } from "./model.ts"
import { Preview } from "./preview.tsx"
import { PropertyList } from "./property-list.tsx"
import { SchemaFields } from "./schema-fields.tsx"

type Way = "fields" | "json" | "preview"

type SchemaBuilderProps = {
  /** What the schema describes, such as "Arguments". */
  label: string
  /** One of them: "argument". */
  one: string
  value: JsonObject
  onChange: (value: JsonObject) => void
  readOnly: boolean
  fault: string | undefined
  /** Said while there is no field. */
  empty?: string
  /** Without it nobody fills it in, and there is no form to look at. */
  preview?: boolean
}

/** A JSON Schema of an object: its fields, the schema itself where it says more than fields can, and the form it makes. */
export function SchemaBuilder({
  label,
  one,
  value,
  onChange,
  readOnly,
  fault,
  empty,
  preview = true,
}: SchemaBuilderProps) {
  const isPlain = propertiesOf(value) !== null
  const [way, setWay] = useState<Way>(isPlain ? "fields" : "json")
  const alert = useRef<HTMLParagraphElement>(null)
  // No one field has it: it is brought into sight instead of a field.
  useEffect(() => {
    if (fault !== undefined) alert.current?.scrollIntoView({ block: "nearest" })
  }, [fault])
  return (
    <div className="flex min-w-0 flex-col gap-3" role="group" aria-label={label}>
      <Segments
        label={`${label} as`}
        segments={[
          { value: "fields" as const, label: "Fields" },
          { value: "json" as const, label: "JSON" },
          ...(preview ? [{ value: "preview" as const, label: "Form" }] : []),
        ]}
        value={way}
        onChange={setWay}
      />
      {way === "preview" && <Preview key={JSON.stringify(value)} schema={value} />}
      {way === "json" && <SchemaText label={label} value={value} onChange={onChange} readOnly={readOnly} />}
      {way === "fields" &&
        (isPlain ? (
          <PropertyList
            one={one}
            empty={empty}
            inner={SchemaFields}
            schema={value}
            onChange={onChange}
            readOnly={readOnly}
            depth={0}
          />
        ) : (
          <>
            <p className="text-sm text-muted">
              This schema says more than fields can show, so it is written as JSON. Nothing of it is lost.
            </p>
            <SchemaText label={label} value={value} onChange={onChange} readOnly={readOnly} />
          </>
        ))}
      {fault !== undefined && (
        <p ref={alert} role="alert" className="text-sm text-failed">
          {fault}
        </p>
      )}
    </div>
  )
}

type SchemaTextProps = Pick<SchemaBuilderProps, "label" | "value" | "onChange" | "readOnly">

const SchemaText = ({ label, value, onChange, readOnly }: SchemaTextProps) => (
  <JsonEditor
    object
    label={`${label}: JSON Schema`}
    lines={8}
    readOnly={readOnly}
    value={value}
    onChange={(next) => onChange(isJsonObject(next) ? next : { type: "object", properties: {} })}
  />
)
