import { useState } from "react"
import type { CrewDraft } from "#core/crew/crew"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { formFields, inputFaults, withoutBlanks } from "#web/flow/schema-form.ts"
import { SchemaQuestion } from "#web/flow/schema-question.tsx"
import { Field } from "#web/ui/field.tsx"
import { JsonInput } from "#web/ui/json-input.tsx"
import { inputNames } from "../builder/edits.ts"

/** The questions that a run asks: the crew's own schema, else the names that its tasks speak of. */
function questionsOf(crew: CrewDraft): JsonObject | undefined {
  if (formFields(crew.input_schema)) return crew.input_schema
  const names = inputNames(crew)
  if (crew.input_schema !== undefined || names.length === 0) return undefined
  return {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, { type: "string", maxLength: 20_000 }])),
  }
}

/** What a run was given before, or what an example brings along. */
function startingInput(sample: string | undefined): Json | undefined {
  if (sample === undefined) return undefined
  try {
    return JSON.parse(sample) as Json
  } catch {
    return sample
  }
}

export type RunInput = {
  value: Json | undefined
  set: (value: Json | undefined) => void
  faults: Record<string, string>
  onTypingFault: (name: string, fault: string | undefined) => void
  /** The input when it fits; undefined puts the faults beside the fields. */
  take: () => { input: Json } | undefined
}

export function useRunInput(crew: CrewDraft, sample: string | undefined): RunInput {
  const [value, setValue] = useState(() => startingInput(sample))
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [typing, setTyping] = useState<Record<string, string>>({})
  const schema = questionsOf(crew)
  return {
    value,
    set: (next) => {
      setValue(next)
      setFaults({})
    },
    faults: { ...faults, ...typing },
    onTypingFault: (name, fault) =>
      setTyping(({ [name]: _was, ...others }) =>
        fault === undefined ? others : { ...others, [name]: fault },
      ),
    take: () => {
      if (Object.keys(typing).length > 0) return undefined
      if (!schema) return { input: value ?? {} }
      const given = withoutBlanks(schema, isJsonObject(value) ? value : {})
      const found = inputFaults(schema, given)
      setFaults(found)
      return Object.keys(found).length === 0 ? { input: given } : undefined
    },
  }
}

/** A field for each question; without any, the whole input as JSON. */
export function RunInputFields({ crew, input }: { crew: CrewDraft; input: RunInput }) {
  const fields = formFields(questionsOf(crew))
  if (!fields) {
    return (
      <Field
        label="Input"
        note="optional"
        error={input.faults[""]}
        help="JSON. Tasks speak of it as {{ input }}; name parts as {{ input.topic }} to get a form here."
      >
        <JsonInput
          rows={3}
          value={input.value}
          placeholder='{ "topic": "…" }'
          onFault={(fault) => input.onTypingFault("", fault)}
          onChange={input.set}
        />
      </Field>
    )
  }
  const values = isJsonObject(input.value) ? input.value : {}
  return fields.map((field) => (
    <SchemaQuestion
      key={field.name}
      field={field}
      value={values[field.name]}
      fault={input.faults[field.name]}
      onTypingFault={input.onTypingFault}
      onChange={(next) => {
        const { [field.name]: _was, ...others } = values
        input.set(next === undefined ? others : { ...others, [field.name]: next })
      }}
    />
  ))
}
