import { useId, type ReactNode } from "react"

type Segment<Value extends string> = { value: Value; label: ReactNode }

type SegmentsProps<Value extends string> = {
  label: string
  segments: readonly Segment<Value>[]
  value: Value
  onChange: (value: Value) => void
}

/** A choice among a few, all in view: a radio group that looks like one control. */
export function Segments<Value extends string>({ label, segments, value, onChange }: SegmentsProps<Value>) {
  const name = useId()
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className="inline-flex w-fit rounded-md border border-line-strong bg-sunken p-0.5"
    >
      {segments.map((segment) => (
        <label
          key={segment.value}
          className="flex h-6 select-none items-center gap-1.5 rounded-sm px-2.5 text-sm text-muted transition-colors duration-[120ms] has-checked:bg-raised has-checked:text-ink has-checked:shadow-near has-focus-visible:outline-2 has-focus-visible:outline-focus hover:text-ink pointer-coarse:h-9 pointer-coarse:px-4"
        >
          <input
            type="radio"
            name={name}
            value={segment.value}
            checked={segment.value === value}
            onChange={() => onChange(segment.value)}
            className="sr-only"
          />
          {segment.label}
        </label>
      ))}
    </div>
  )
}
