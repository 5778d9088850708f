import { CircleAlert, CircleCheck, CircleX, Copy, Ear, TimerOff, type LucideIcon } from "lucide-react"
import type { DeliveryOutcome } from "#core/contract/triggers"
import type { Tone } from "#web/ui/badge.tsx"

/** How each end of a delivery is shown. */
export const outcomes: Record<DeliveryOutcome, { tone: Tone; icon: LucideIcon; label: string }> = {
  accepted: { tone: "succeeded", icon: CircleCheck, label: "Accepted" },
  duplicate: { tone: "neutral", icon: Copy, label: "Duplicate" },
  refused: { tone: "attention", icon: CircleAlert, label: "Refused" },
  failed: { tone: "failed", icon: CircleX, label: "Failed" },
  captured: { tone: "accent", icon: Ear, label: "Captured" },
  missed: { tone: "waiting", icon: TimerOff, label: "Missed" },
}

export const outcomeOptions = Object.entries(outcomes).map(([value, { label }]) => ({ value, label }))
