import { Field } from "#web/ui/field.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"

type LimitProps = {
  label: string
  unit: string
  value: number | undefined
  onChange: (value: number | undefined) => void
  error: string | undefined
  disabled: boolean
  integer?: boolean
  /** How many of the unit that is kept make one of the unit that is shown. */
  scale?: number
}

/** A bound of one call; empty means the usual one. */
export const Limit = ({
  label,
  unit,
  value,
  onChange,
  error,
  disabled,
  integer = false,
  scale = 1,
}: LimitProps) => (
  <Field label={label} note={unit} error={error}>
    <NumberInput
      integer={integer}
      disabled={disabled}
      placeholder="Usual"
      value={value === undefined ? undefined : value / scale}
      onChange={(next) =>
        onChange(next === undefined ? undefined : rounded(next * scale, integer || scale !== 1))
      }
    />
  </Field>
)

const rounded = (value: number, whole: boolean): number => (whole ? Math.round(value) : value)

export const limitGrid = "grid grid-cols-2 items-start gap-3 sm:grid-cols-4"
