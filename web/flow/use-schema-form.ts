import { useMemo, useState } from "react"
import { Failure } from "#core/errors"
import type { JsonSchema } from "#core/flow/graph"
import type { Json, JsonObject } from "#core/json"
import { formFields, inputFaults, startingValues, withoutBlanks, type FormField } from "./schema-form.ts"

export type SchemaForm = {
  fields: FormField[]
  values: JsonObject
  set: (name: string, value: Json | undefined) => void
  faultOf: (name: string) => string | undefined
  /** What concerns no field. */
  wholeFault: string | undefined
  onTypingFault: (name: string, fault: string | undefined) => void
  /** All that the server refused stands beside fields. */
  isRefusalSaid: boolean
  /** The answers when they fit the schema; null puts the faults beside the fields. */
  take: () => JsonObject | null
}

/** The answers to a schema's questions, and what is wrong with them: found here, or by the server. */
export function useSchemaForm(schema: JsonSchema | undefined, refusal: unknown = null): SchemaForm {
  const fields = useMemo(() => formFields(schema) ?? [], [schema])
  const [values, setValues] = useState<JsonObject>(() => startingValues(schema, {}))
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [typing, setTyping] = useState<ReadonlySet<string>>(new Set())
  const [changed, setChanged] = useState<{ since: unknown; names: ReadonlySet<string> }>(unchanged)
  const refused = useMemo(() => faultsOf(refusal), [refusal])
  // What the server said of a field holds until the field changes.
  const names = changed.since === refusal ? changed.names : unchanged.names
  const faultOf = (name: string) => faults[name] ?? (names.has(name) ? undefined : refused[name])
  const isSaid = fields.some(({ name }) => faultOf(name) !== undefined)
  return {
    fields,
    values,
    faultOf,
    isRefusalSaid:
      Object.keys(refused).length > 0 &&
      Object.keys(refused).every((name) => fields.some((field) => field.name === name)),
    wholeFault: isSaid ? undefined : Object.values(faults)[0],
    set: (name, value) => {
      const { [name]: _was, ...others } = values
      setValues(value === undefined ? others : { ...others, [name]: value })
      const { [name]: _fault, "": _whole, ...rest } = faults
      setFaults(rest)
      setChanged({ since: refusal, names: new Set([...names, name]) })
    },
    onTypingFault: (name, fault) =>
      setTyping((before) => {
        const next = new Set(before)
        if (fault === undefined) next.delete(name)
        else next.add(name)
        return next
      }),
    take: () => {
      const given = withoutBlanks(schema, values)
      const found = inputFaults(schema, given)
      setFaults(found)
      return typing.size > 0 || Object.keys(found).length > 0 ? null : given
    },
  }
}

const unchanged: { since: unknown; names: ReadonlySet<string> } = { since: null, names: new Set() }

/** What a refusal says of fields, by their names. */
export function faultsOf(refusal: unknown): Record<string, string> {
  if (!(refusal instanceof Failure)) return {}
  const faults: Record<string, string> = {}
  for (const { path, message } of refusal.more.errors ?? []) {
    const [first = "", second] = path.split(".")
    const name = (first === "inputs" || first === "form") && second !== undefined ? second : first
    faults[name] ??= message
  }
  return faults
}
