import { cn } from "./cn.ts"

export type MeterTone = "calm" | "near" | "full"

const fills: Record<MeterTone, string> = { calm: "bg-succeeded", near: "bg-waiting", full: "bg-failed" }

type MeterProps = {
  label: string
  /** How much of it is used, from 0; beyond 1 the bar is full. */
  share: number
  /** What it says to whoever cannot see it: "42 %, 42 of 100". */
  text: string
  tone: MeterTone
  className?: string
}

/** A bar that says how much of something is used. */
export const Meter = ({ label, share, text, tone, className }: MeterProps) => (
  <span
    role="meter"
    aria-label={label}
    aria-valuemin={0}
    aria-valuemax={100}
    aria-valuenow={Math.min(100, Math.floor(share * 100))}
    aria-valuetext={text}
    className={cn(
      "relative block h-1.5 w-full overflow-hidden rounded-full bg-sunken ring-1 ring-line",
      className,
    )}
  >
    <span
      className={cn("absolute inset-y-0 left-0", fills[tone])}
      style={{ width: `${Math.min(1, share) * 100}%` }}
    />
  </span>
)

export type MeterRow = {
  id: string
  name: string
  /** What is used of what: "42 of 100". */
  used: string
  /** What is left, and what else is to be known: "58 left, anew at 00:00 UTC". */
  note: string
  /** Null: there is no limit, or it cannot be told. */
  meter: { share: number; tone: MeterTone } | null
}

/** Things with limits, each with its bar and what is left. */
export const MeterList = ({ label, rows }: { label: string; rows: readonly MeterRow[] }) => (
  <ul aria-label={label} className="flex flex-col gap-5">
    {rows.map(({ id, name, used, note, meter }) => (
      <li key={id} className="flex flex-col gap-1.5">
        <span className="flex items-baseline justify-between gap-4">
          <span className="font-medium">{name}</span>
          <span className="tabular text-soft">{used}</span>
        </span>
        {meter && <Meter label={name} share={meter.share} tone={meter.tone} text={used} />}
        <span className={cn("text-sm", meter?.tone === "full" ? "text-failed" : "text-muted")}>{note}</span>
      </li>
    ))}
  </ul>
)
