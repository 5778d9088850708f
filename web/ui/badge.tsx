import type { LucideIcon } from "lucide-react"
import type { ReactNode } from "react"
import { cn } from "./cn.ts"

export type Tone =
  | "neutral"
  | "accent"
  | "running"
  | "waiting"
  | "succeeded"
  | "failed"
  | "cancelled"
  | "attention"

const soft: Record<Tone, string> = {
  neutral: "bg-cancelled-soft text-soft",
  accent: "bg-accent-soft text-accent-ink",
  running: "bg-running-soft text-running",
  waiting: "bg-waiting-soft text-waiting",
  succeeded: "bg-succeeded-soft text-succeeded",
  failed: "bg-failed-soft text-failed",
  cancelled: "bg-cancelled-soft text-cancelled",
  attention: "bg-attention-soft text-attention",
}

const plain: Record<Tone, string> = {
  neutral: "text-soft",
  accent: "text-accent-ink",
  running: "text-running",
  waiting: "text-waiting",
  succeeded: "text-succeeded",
  failed: "text-failed",
  cancelled: "text-cancelled",
  attention: "text-attention",
}

/** What a reader should not pass over. */
const loud: ReadonlySet<Tone> = new Set(["running", "failed", "attention"])

/** A short fact in a pill. */
export function Badge({
  tone = "neutral",
  className,
  children,
}: {
  tone?: Tone
  className?: string
  children: ReactNode
}) {
  return (
    <span
      className={cn(
        "inline-flex h-5 max-w-full items-center gap-1 rounded-sm px-1.5 text-sm font-medium whitespace-nowrap",
        soft[tone],
        className,
      )}
    >
      {children}
    </span>
  )
}

type StatusBadgeProps = {
  tone: Tone
  icon: LucideIcon
  /** The word; colour and icon never stand alone. */
  children: ReactNode
  /** Whether the icon turns: something is under way. */
  turning?: boolean
  /** `plain` in dense rows, where only the icon is coloured unless something is wrong, `soft` where the status is the headline. */
  look?: "plain" | "soft"
  className?: string
}

export function StatusBadge({
  tone,
  icon: Icon,
  children,
  turning = false,
  look = "plain",
  className,
}: StatusBadgeProps) {
  return (
    <span
      className={cn(
        "inline-flex min-w-0 items-center gap-1.5 whitespace-nowrap",
        look === "soft"
          ? cn("h-6 rounded-md px-2 font-medium", soft[tone])
          : cn(plain[tone], !loud.has(tone) && "[&>span]:text-soft"),
        className,
      )}
    >
      <Icon aria-hidden className={cn("size-3.5", turning && "animate-spin")} />
      <span className="truncate">{children}</span>
    </span>
  )
}
