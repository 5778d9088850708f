import type { InputFault } from "#core/errors"
import { checkTemplate } from "#core/flow/expression/check"
import { templateReferences } from "#core/flow/expression/references"
import { stringsIn } from "#core/flow/kinds/kind"
import { checkSchema } from "#core/json-schema"
import type { ToolDraft } from "#core/tool/tool"

/** What keeps a tool from working, beyond the shape of its fields. */
export function toolFaults({ input_schema, execution_config }: ToolDraft): InputFault[] {
  const faults = checkSchema(input_schema, "input_schema")
  if (input_schema["type"] !== "object") {
    faults.push({
      path: "input_schema.type",
      message: "A model fills in an object: say object, and name the arguments in properties.",
    })
  }
  const { url, headers, query, body } = execution_config
  const texts = [
    ...stringsIn(url, "url"),
    ...stringsIn(headers, "headers"),
    ...stringsIn(query, "query"),
    ...stringsIn(body, "body"),
  ]
  for (const { path, text } of texts) {
    const fault = checkTemplate(text)
    if (fault) faults.push({ path: `execution_config.${path}`, message: fault.message })
    const stranger = templateReferences(text).roots.find((root) => root !== "input")
    if (stranger !== undefined) {
      const message = `Only input is known here, the model's arguments; ${stranger} is not.`
      faults.push({ path: `execution_config.${path}`, message })
    }
  }
  return faults
}
