import { useAtomValue } from "#web/state/jotai.ts"
import { fieldsAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"
import { SchemaPart } from "./schema-part.tsx"
import { useSchemaFaults } from "./use-schema-faults.ts"

/** What the flow takes. */
export function InputBuilder() {
  const { commands, mayEdit } = useEditor()
  const { input_schema } = useAtomValue(fieldsAtom)
  return (
    <SchemaPart
      label="Inputs"
      schema={input_schema}
      onChange={(schema) => commands.setFlow({ input_schema: schema })}
      readOnly={!mayEdit}
      faults={useSchemaFaults("input_schema")}
      empty="No fields yet: executions take any object. Add a field to get a form and a check."
    />
  )
}
