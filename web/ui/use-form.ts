import { useCallback, useRef, useState, type FormEvent } from "react"
import type * as z from "zod"
import { Failure } from "#core/errors"
import { useFaultFocus } from "./use-fault-focus.ts"

type FormErrors = Record<string, string>

type FormOptions<Values extends object, Body> = {
  initial: Values
  /** Turns what stands in the fields into what is sent. */
  toBody: (values: Values) => unknown
  /** The contract's own schema: the same words on both sides. */
  schema: z.ZodType<Body>
  submit: (body: Body) => Promise<void>
  /** Where an error of the body belongs in the form, when the names differ. */
  fieldOf?: (path: string) => string
  /** Failure codes that concern one field: `{ "tenant.slug_taken": "tenant_slug" }`. */
  fieldOfCode?: Partial<Record<string, string>>
}

export type FormState<Values extends object> = {
  values: Values
  /** Puts new values into fields, whose errors then go. */
  set: (patch: Partial<Values>) => void
  /** By field. */
  errors: FormErrors
  /** What went wrong beside the fields, or null. */
  failure: unknown
  busy: boolean
  /** For the form element; see form.tsx. */
  bind: { ref: (element: HTMLFormElement | null) => void; onSubmit: (event: FormEvent) => void }
}

/** Values, errors by field, and a submit that checks by the contract first and puts the server's findings beside the fields. */
export function useForm<Values extends object, Body>(options: FormOptions<Values, Body>): FormState<Values> {
  const [values, setValues] = useState(options.initial)
  const [errors, setErrors] = useState<FormErrors>({})
  const [failure, setFailure] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement | null>(null)
  const ref = useCallback((element: HTMLFormElement | null) => {
    form.current = element
  }, [])

  const leadToFault = useFaultFocus(form)

  const set = useCallback((patch: Partial<Values>) => {
    setValues((before) => ({ ...before, ...patch }))
    setErrors((before) =>
      Object.fromEntries(Object.entries(before).filter(([field]) => !(topOf(field) in patch))),
    )
  }, [])

  const show = (found: FormErrors, rest: unknown) => {
    setErrors(found)
    setFailure(rest)
    leadToFault()
  }

  const submit = async () => {
    if (busy) return
    const checked = options.schema.safeParse(options.toBody(values))
    if (!checked.success) {
      const faults = checked.error.issues.map((issue) => ({
        path: issue.path.join("."),
        message: issue.message,
      }))
      show(errorsOf(faults, options.fieldOf), null)
      return
    }
    setBusy(true)
    setErrors({})
    setFailure(null)
    try {
      await options.submit(checked.data)
    } catch (error) {
      const { found, rest } = sortFailure(error, options, values)
      show(found, rest)
    } finally {
      setBusy(false)
    }
  }

  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    // A dialog that stands in another form's place is not a part of that form.
    event.stopPropagation()
    void submit()
  }
  return { values, set, errors, failure, busy, bind: { ref, onSubmit } }
}

/** The field that an error lies in: `targets` of `targets.0.model`. */
const topOf = (field: string): string => field.split(".", 1)[0] ?? field

function errorsOf(
  faults: readonly { path: string; message: string }[],
  fieldOf: (path: string) => string = (path) => path,
): FormErrors {
  const errors: FormErrors = {}
  for (const { path, message } of faults) errors[fieldOf(path)] ??= message
  return errors
}

/** What of a failure belongs beside a field, and what remains to be said above the button. */
function sortFailure<V extends object, B>(error: unknown, options: FormOptions<V, B>, values: V) {
  if (!(error instanceof Failure)) return { found: {}, rest: error }
  const field = options.fieldOfCode?.[error.code]
  if (field !== undefined) return { found: { [field]: error.message }, rest: null }
  const found = withinTexts(errorsOf(error.more.errors ?? [], options.fieldOf), values)
  const known = Object.keys(found).length > 0 && Object.keys(found).every((name) => topOf(name) in values)
  return { found, rest: known ? null : error }
}

/** What lies within a text that holds a document, such as a file, is said at the text, with its place in it. */
function withinTexts(errors: FormErrors, values: object): FormErrors {
  const said: FormErrors = {}
  for (const [path, message] of Object.entries(errors)) {
    const field = topOf(path)
    const isText = path !== field && typeof Reflect.get(values, field) === "string"
    if (isText) said[field] ??= `${path.slice(field.length + 1)}: ${message}`
    else said[path] = message
  }
  return said
}
