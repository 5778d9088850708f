import { useState } from "react"
import type { JsonSchema } from "#core/flow/graph"
import { isJsonObject, type Json } from "#core/json"
import { formFields } from "#web/flow/schema-form.ts"
import { SchemaQuestion } from "#web/flow/schema-question.tsx"
import { Field } from "#web/ui/field.tsx"
import { JsonInput } from "#web/ui/json-input.tsx"
import type { Arguments } from "./use-arguments.ts"

type ArgumentFieldsProps = { schema: JsonSchema; of: Arguments }

/** A control for each argument that the schema names, or all of them as one JSON object. */
export function ArgumentFields({ schema, of }: ArgumentFieldsProps) {
  const fields = formFields(schema)
  if (of.mode === "json" || !fields) return <WholeInput schema={schema} of={of} />
  const set = (name: string, value: Json | undefined) => {
    const { [name]: _was, ...others } = of.values
    of.change(value === undefined ? others : { ...others, [name]: value })
  }
  const known = new Set(fields.map(({ name }) => name))
  const others = Object.entries(of.faults).filter(([name]) => !known.has(name))
  return (
    <>
      {fields.map((field) => (
        <SchemaQuestion
          key={field.name}
          field={field}
          value={of.values[field.name]}
          fault={of.faults[field.name]}
          onChange={(value) => set(field.name, value)}
          onTypingFault={of.onTypingFault}
        />
      ))}
      {others.length > 0 && (
        <p role="alert" className="text-sm text-failed">
          {others.map(sayFault).join(" ")}
        </p>
      )}
    </>
  )
}

const sayFault = ([name, message]: [string, string]): string =>
  name === "" ? message : `${name}: ${message}`

const takesNothing = (schema: JsonSchema): boolean =>
  schema["additionalProperties"] === false && formFields(schema) === null

function WholeInput({ schema, of }: ArgumentFieldsProps) {
  const [typing, setTyping] = useState<string | undefined>()
  const faults = Object.entries(of.faults)
  const hear = (fault: string | undefined) => {
    setTyping(fault)
    of.onTypingFault("", fault)
  }
  if (takesNothing(schema) && faults.length === 0)
    return <p className="text-sm text-muted">It takes no arguments.</p>
  return (
    <Field
      label="Arguments"
      error={typing ?? (faults.length > 0 ? faults.map(sayFault).join(" ") : undefined)}
      help="One JSON object, as a model would send it."
    >
      <JsonInput
        rows={6}
        object
        value={Object.keys(of.values).length === 0 ? undefined : of.values}
        placeholder="{ }"
        onFault={hear}
        onChange={(value) => of.change(isJsonObject(value) ? value : {})}
      />
    </Field>
  )
}
