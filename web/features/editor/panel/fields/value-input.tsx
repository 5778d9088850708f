import { useState, type ComponentProps } from "react"
import type { Json } from "#core/json"
import { Segments } from "#web/ui/segments.tsx"
import { ExpressionInput } from "./expression-input.tsx"
import type { TextField } from "./use-co-text.ts"
import { JsonInput } from "#web/ui/json-input.tsx"

type ValueInputProps = Pick<
  ComponentProps<"textarea">,
  "id" | "aria-describedby" | "aria-invalid" | "readOnly"
> & {
  nodeId: string
  title: string
  value: Json | undefined
  onChange: (value: Json | undefined) => void
  onFault: (fault: string | undefined) => void
  /** Whether a text without braces is an expression. */
  bare: boolean
  shared: TextField | undefined
}

const ways = [
  { value: "expression", label: "Expression" },
  { value: "json", label: "JSON" },
]

/** A value that is either one expression or template, or JSON with templates inside. */
export function ValueInput({
  nodeId,
  title,
  value,
  onChange,
  onFault,
  bare,
  shared,
  ...rest
}: ValueInputProps) {
  const isText = value === undefined || typeof value === "string"
  const [way, setWay] = useState(isText ? "expression" : "json")
  const shown = isText ? way : "json"
  const change = (next: string) => {
    setWay(next)
    onFault(undefined)
    // A structure cannot be shown as one expression; its text keeps what was written.
    if (next === "expression" && !isText) onChange(JSON.stringify(value, null, 2))
  }
  return (
    <div className="flex flex-col gap-1.5">
      {!rest.readOnly && (
        <Segments label={`${title} is written as`} segments={ways} value={shown} onChange={change} />
      )}
      {shown === "json" ? (
        <JsonInput {...rest} value={value} onChange={onChange} onFault={onFault} />
      ) : (
        <ExpressionInput
          {...rest}
          nodeId={nodeId}
          value={typeof value === "string" ? value : ""}
          onChange={(text) => onChange(text === "" && !bare ? undefined : text)}
          bare={bare}
          shared={shared}
          lines={3}
        />
      )}
    </div>
  )
}
