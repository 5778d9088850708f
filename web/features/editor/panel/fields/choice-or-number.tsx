import type { ComponentProps } from "react"
import type { Json } from "#core/json"
import { Select } from "#web/ui/select.tsx"
import { optionOf } from "./option-of.ts"
import { NumberInput } from "#web/ui/number-input.tsx"

type ChoiceOrNumberProps = Pick<ComponentProps<"select">, "id" | "aria-describedby" | "aria-invalid"> & {
  options: readonly string[]
  value: Json | undefined
  onChange: (value: Json) => void
  readOnly: boolean
}

/** No word of the options, so it can stand for "a number". */
const aNumber = "#"

/** A few words, or a number of one's own: "all", "any", 3. */
export function ChoiceOrNumber({ options, value, onChange, readOnly, ...rest }: ChoiceOrNumberProps) {
  const isNumber = typeof value === "number"
  const chosen = typeof value === "string" ? value : (options[0] ?? "")
  return (
    <div className="flex gap-2">
      <Select
        {...rest}
        disabled={readOnly}
        value={isNumber ? aNumber : chosen}
        onChange={(next) => onChange(next === aNumber ? 2 : next)}
        options={[...options.map(optionOf), { value: aNumber, label: "A number" }]}
      />
      {isNumber && (
        <div className="w-24 shrink-0">
          <NumberInput
            aria-label="How many"
            integer
            value={value}
            readOnly={readOnly}
            onChange={(next) => onChange(next ?? 1)}
          />
        </div>
      )}
    </div>
  )
}
