import { useState } from "react"
import { Failure } from "#core/errors"
import type { JsonSchema } from "#core/flow/graph"
import type { JsonObject } from "#core/json"
import { formFields, inputFaults, startingValues, withoutBlanks } from "#web/flow/schema-form.ts"
import { keepInputs, lastInputs } from "#web/state/last-inputs.ts"

export type ArgumentsMode = "form" | "json"

export type Arguments = {
  mode: ArgumentsMode
  /** Whether the schema names arguments that a form can ask for. */
  hasForm: boolean
  setMode: (mode: ArgumentsMode) => void
  values: JsonObject
  change: (values: JsonObject) => void
  /** By argument; what concerns none stands under "". */
  faults: Readonly<Record<string, string>>
  onTypingFault: (field: string, fault: string | undefined) => void
  /** The arguments where they fit; null puts what is wrong beside the fields. They are kept for the next time. */
  take: () => JsonObject | null
  /** Puts what the server said of arguments beside them; false where it said something else. */
  refuse: (error: unknown) => boolean
}

/** The arguments of a call by hand: those of the last time at first. */
export function useArguments(id: string, schema: JsonSchema): Arguments {
  const hasForm = formFields(schema) !== null
  const [chosen, setMode] = useState<ArgumentsMode>("form")
  const [values, setValues] = useState(() => startingValues(schema, lastInputs(id)))
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({})
  const [typing, setTyping] = useState<ReadonlySet<string>>(new Set())
  const mode = hasForm ? chosen : "json"
  return {
    mode,
    hasForm,
    setMode: (next) => {
      setTyping(new Set())
      setMode(next)
    },
    values,
    change: (next) => {
      setValues(next)
      setFaults({})
    },
    faults,
    onTypingFault: (field, fault) =>
      setTyping((before) => {
        if (before.has(field) === (fault !== undefined)) return before
        const next = new Set(before)
        if (fault === undefined) next.delete(field)
        else next.add(field)
        return next
      }),
    take: () => {
      const given = mode === "form" ? withoutBlanks(schema, values) : values
      const found = inputFaults(schema, given)
      setFaults(found)
      if (typing.size > 0 || Object.keys(found).length > 0) return null
      keepInputs(id, given)
      return given
    },
    refuse: (error) => {
      const said = faultsOf(error)
      setFaults(said)
      return Object.keys(said).length > 0
    },
  }
}

/** The server's faults lie under `input.`; the form's fields are named without it. */
function faultsOf(error: unknown): Record<string, string> {
  if (!(error instanceof Failure) || error.code !== "execution.inputs_invalid") return {}
  const faults: Record<string, string> = {}
  for (const { path, message } of error.more.errors ?? [])
    faults[path.replace(/^input\.?/, "").split(".")[0] ?? ""] ??= message
  return faults
}
