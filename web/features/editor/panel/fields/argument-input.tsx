import { useState } from "react"
import type { Json } from "#core/json"
import type { FormField } from "#web/flow/schema-form.ts"
import { Field } from "#web/ui/field.tsx"
import { Select } from "#web/ui/select.tsx"
import { argumentText, parsedArgument } from "../../model/argument-text.ts"
import { ExpressionInput } from "./expression-input.tsx"
import { ToggleWay } from "./toggle-way.tsx"

type ArgumentInputProps = {
  nodeId: string
  field: FormField
  value: Json | undefined
  fault: string | undefined
  readOnly: boolean
  onChange: (value: Json | undefined) => void
}

/** One argument: a value as its schema asks for it, or an expression that makes one. */
export function ArgumentInput(props: ArgumentInputProps) {
  const { field, value, fault, readOnly, onChange } = props
  const canChoose = field.control === "choice" || field.control === "switch"
  const isExpression = typeof value === "string" && value.includes("{{")
  const [asText, setAsText] = useState(isExpression)
  const isText = !canChoose || asText || isExpression
  const toggle = () => {
    setAsText(!isText)
    onChange(isText ? undefined : "{{  }}")
  }
  return (
    <Field
      label={field.title}
      {...(field.required ? {} : { note: "optional" })}
      {...(field.help ? { help: field.help } : {})}
      error={fault}
      action={canChoose && !readOnly && <ToggleWay isText={isText} back="Choose a value" onToggle={toggle} />}
    >
      {isText ? <ArgumentText {...props} /> : <ArgumentChoice {...props} />}
    </Field>
  )
}

type ControlProps = ArgumentInputProps & {
  id?: string
  "aria-describedby"?: string
  "aria-invalid"?: boolean
}

/** What is written is kept while it is typed, though it may be read as something else: `1.` is on its way to 1.5. */
function ArgumentText({ nodeId, field, value, fault: _fault, readOnly, onChange, ...rest }: ControlProps) {
  const [own, setOwn] = useState({ value, text: argumentText(value) })
  if (own.value !== value) setOwn({ value, text: argumentText(value) })
  const isText = field.control === "text" || field.control === "long_text"
  return (
    <ExpressionInput
      {...rest}
      nodeId={nodeId}
      value={own.text}
      readOnly={readOnly}
      lines={field.control === "long_text" ? 3 : 1}
      placeholder={placeholders[field.control] ?? ""}
      onChange={(text) => {
        const next = parsedArgument(text, isText)
        setOwn({ value: next, text })
        onChange(next)
      }}
    />
  )
}

const placeholders: Partial<Record<FormField["control"], string>> = {
  number: "A number or {{ … }}",
  json: "JSON or {{ … }}",
}

function ArgumentChoice({
  field,
  value,
  fault: _fault,
  nodeId: _node,
  readOnly,
  onChange,
  ...rest
}: ControlProps) {
  const choices: Json[] = field.control === "switch" ? [true, false] : field.options
  const isKnown = value === undefined || choices.some((one) => one === value)
  return (
    <Select
      {...rest}
      value={value === undefined ? "" : JSON.stringify(value)}
      disabled={readOnly}
      options={[
        { value: "", label: field.required ? "Choose…" : "Not given" },
        ...choices.map((one) => ({ value: JSON.stringify(one), label: labelOf(one) })),
        ...(isKnown ? [] : [{ value: JSON.stringify(value), label: `${argumentText(value)} (not offered)` }]),
      ]}
      onChange={(next) => onChange(next === "" ? undefined : (JSON.parse(next) as Json))}
    />
  )
}

const labelOf = (value: Json): string =>
  value === true ? "Yes" : value === false ? "No" : argumentText(value)
