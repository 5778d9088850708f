import { stable } from "#core/flow/diff"
import type { JsonSchema } from "#core/flow/graph"
import type { JsonObject } from "#core/json"
import { addProperty, propertiesOf } from "#web/flow/schema-builder/model.ts"
import { SchemaBuilder } from "#web/flow/schema-builder/schema-builder.tsx"
import { SchemaUse } from "#web/flow/schema-builder/use.ts"

/** Something wrong in a schema: where, from its outermost object on, and in words. */
export type SchemaFault = { path: string; message: string }

type SchemaPartProps = {
  /** What the schema describes, such as "Inputs". */
  label: string
  schema: JsonSchema | undefined
  onChange: (schema: JsonSchema | undefined) => void
  readOnly: boolean
  faults: readonly SchemaFault[]
  /** Said while there is no field. */
  empty: string
  /** Whether an object may have fields that the schema does not name. */
  open?: boolean
  /** Whether somebody fills it in. */
  preview?: boolean
}

/** A schema of the flow by its fields, as JSON, and as the form it makes. Without a field there is none, and anything goes. */
export function SchemaPart({
  schema,
  onChange,
  faults,
  open = false,
  preview = true,
  ...rest
}: SchemaPartProps) {
  const { byField, whole } = placed(faults)
  return (
    <SchemaUse value={{ by: "people", faults: byField }}>
      <SchemaBuilder
        {...rest}
        one="field"
        value={schema ?? blank}
        onChange={(next) => onChange(meant(next, schema, open))}
        fault={whole}
        preview={preview}
      />
    </SchemaUse>
  )
}

const blank: JsonObject = { type: "object", properties: {} }
const firstField = stable(addProperty(blank, { name: "text", schema: { type: "string" }, required: true }))

const hasFields = (schema: JsonSchema | undefined): boolean => (propertiesOf(schema) ?? []).length > 0

/** The schema that a change comes to: with the first field nothing else is taken, and without the last there is none. */
function meant(next: JsonObject, was: JsonSchema | undefined, open: boolean): JsonSchema | undefined {
  if (stable(next) === stable(blank)) return undefined
  if (was === undefined)
    return !open && stable(next) === firstField ? { ...next, additionalProperties: false } : next
  const isClosed = stable(next) === stable({ ...blank, additionalProperties: false })
  return isClosed && hasFields(was) ? undefined : next
}

/** What is wrong with a field stands beside it, and the rest below all of them. */
function placed(faults: readonly SchemaFault[]) {
  const byField = new Map<string, string>()
  let whole: string | undefined
  for (const { path, message } of faults) {
    const [of, name] = path.split(".")
    if (of === "properties" && name !== undefined) byField.set(name, byField.get(name) ?? message)
    else whole ??= message
  }
  return { byField, whole }
}
