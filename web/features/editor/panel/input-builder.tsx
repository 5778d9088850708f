import { useAtomValue } from "#web/state/jotai.ts"
import { draftAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { SchemaBuilder } from "./schema-builder.tsx"
import { useSchemaFault } from "./use-schema-fault.ts"

/** What the flow takes. */
export function InputBuilder() {
  const { commands, mayEdit } = useEditor()
  const { input_schema } = useAtomValue(draftAtom)
  const fault = useSchemaFault("input_schema")
  return (
    <SchemaBuilder
      schema={input_schema}
      onChange={(schema) => commands.setFlow({ input_schema: schema })}
      readOnly={!mayEdit}
      fault={fault}
      label="Inputs"
      empty="No fields yet: executions take any object. Add a field to get a form and a check."
    />
  )
}
