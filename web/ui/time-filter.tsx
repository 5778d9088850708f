import { Calendar, X } from "lucide-react"
import { useState } from "react"
import { Button } from "./button.tsx"
import { cn } from "./cn.ts"
import { Field } from "./field.tsx"
import { Input } from "./input.tsx"
import { Popover } from "./popover.tsx"

export type TimeSpan = { from: string | undefined; to: string | undefined }

const hour = 3_600_000
const presets = [
  { label: "Last hour", ms: hour },
  { label: "Last 24 hours", ms: 24 * hour },
  { label: "Last 7 days", ms: 7 * 24 * hour },
  { label: "Last 30 days", ms: 30 * 24 * hour },
]

const day = new Intl.DateTimeFormat("en", {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
})

/** An instant as a `datetime-local` field writes it, in the reader's zone; and back. */
function toLocal(at: string | undefined): string {
  if (at === undefined) return ""
  const date = new Date(at)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
const fromLocal = (local: string): string | undefined =>
  local === "" ? undefined : new Date(local).toISOString()

function saySpan({ from, to }: TimeSpan): string {
  if (from !== undefined && to !== undefined)
    return `${day.format(new Date(from))} – ${day.format(new Date(to))}`
  if (from !== undefined) return `since ${day.format(new Date(from))}`
  return to === undefined ? "" : `until ${day.format(new Date(to))}`
}

type TimeFilterProps = {
  /** What happened in that time, such as "Started". */
  label: string
  span: TimeSpan
  onChange: (span: TimeSpan) => void
}

/** When something happened: usual spans at a click, or exact ends. */
export function TimeFilter({ label, span, onChange }: TimeFilterProps) {
  const [open, setOpen] = useState(false)
  const isSet = span.from !== undefined || span.to !== undefined
  return (
    <span
      className={cn(
        "inline-flex h-7 items-center rounded-md text-sm pointer-coarse:h-9",
        isSet && "border border-line-strong bg-surface",
      )}
    >
      <Popover
        label="Time"
        open={open}
        onOpenChange={setOpen}
        className="flex w-72 flex-col gap-3 p-3"
        trigger={
          isSet ? (
            <button
              type="button"
              className="focus-ring flex h-full items-center gap-1 rounded-l-md px-2 hover:bg-hover"
            >
              <span className="text-muted">{label}</span>
              <span className="tabular font-medium">{saySpan(span)}</span>
            </button>
          ) : (
            <Button tone="ghost" size="sm">
              <Calendar aria-hidden className="size-3.5" />
              Time
            </Button>
          )
        }
      >
        <div className="grid grid-cols-2 gap-1.5">
          {presets.map((preset) => (
            <Button
              key={preset.label}
              size="sm"
              onClick={() => {
                onChange({ from: new Date(Date.now() - preset.ms).toISOString(), to: undefined })
                setOpen(false)
              }}
            >
              {preset.label}
            </Button>
          ))}
        </div>
        <Field label="From">
          <Input
            type="datetime-local"
            value={toLocal(span.from)}
            onChange={(event) => onChange({ ...span, from: fromLocal(event.target.value) })}
          />
        </Field>
        <Field label="To">
          <Input
            type="datetime-local"
            value={toLocal(span.to)}
            onChange={(event) => onChange({ ...span, to: fromLocal(event.target.value) })}
          />
        </Field>
      </Popover>
      {isSet && (
        <button
          type="button"
          aria-label="Remove the time filter"
          onClick={() => onChange({ from: undefined, to: undefined })}
          className="focus-ring flex h-full w-6 items-center justify-center rounded-r-md text-muted hover:bg-hover hover:text-ink pointer-coarse:w-9"
        >
          <X aria-hidden className="size-3" />
        </button>
      )}
    </span>
  )
}
