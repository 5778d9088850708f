import { useState, type ComponentProps } from "react"
import { NumberInput } from "#web/ui/number-input.tsx"
import { Select } from "#web/ui/select.tsx"

type DurationInputProps = Pick<ComponentProps<"input">, "id" | "aria-describedby" | "aria-invalid"> & {
  value: number | undefined
  onChange: (value: number | undefined) => void
  readOnly: boolean
  /** What the value counts: 1 for milliseconds, 1000 for seconds. */
  unitMs: 1 | 1_000
  placeholder?: string
  /** Names the field where no label does. */
  label?: string
}

const units = [
  { ms: 1, word: "milliseconds" },
  { ms: 1_000, word: "seconds" },
  { ms: 60_000, word: "minutes" },
  { ms: 3_600_000, word: "hours" },
  { ms: 86_400_000, word: "days" },
] as const

/** The largest unit in which a time is a whole number. */
const unitFor = (ms: number): number =>
  units.findLast((unit) => ms >= unit.ms && ms % unit.ms === 0)?.ms ?? units[0].ms

/** A time, in the unit that a person would say it in. */
export function DurationInput({
  value,
  onChange,
  readOnly,
  unitMs,
  placeholder,
  label,
  ...rest
}: DurationInputProps) {
  const [unit, setUnit] = useState<number>(() => (value ? unitFor(value * unitMs) : 1_000))
  const offered = units.filter((one) => one.ms >= unitMs)
  const shown = value === undefined ? undefined : (value * unitMs) / unit
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_7.5rem] gap-2">
      <NumberInput
        {...rest}
        {...(label === undefined ? {} : { "aria-label": label })}
        value={shown}
        readOnly={readOnly}
        placeholder={placeholder ?? ""}
        onChange={(count) => onChange(count === undefined ? undefined : Math.round((count * unit) / unitMs))}
      />
      <Select
        aria-label="Unit"
        value={String(unit)}
        disabled={readOnly}
        options={offered.map((one) => ({ value: String(one.ms), label: one.word }))}
        onChange={(next) => {
          const ms = Number(next)
          setUnit(ms)
          // The number stays what was typed; the time becomes that many of the new unit.
          if (shown !== undefined) onChange(Math.round((shown * ms) / unitMs))
        }}
      />
    </div>
  )
}
