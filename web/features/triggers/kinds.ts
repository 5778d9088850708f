import { CalendarClock, ClipboardList, Webhook, Workflow, type LucideIcon } from "lucide-react"
import type { TriggerKind } from "#core/contract/trigger-config"

type KindWords = {
  label: string
  icon: LucideIcon
  /** What it is, in a sentence that teaches. */
  help: string
}

export const triggerKinds: Record<TriggerKind, KindWords> = {
  webhook: {
    label: "Webhook",
    icon: Webhook,
    help: "An address that another system sends to. Each delivery is checked and starts an execution with what was sent.",
  },
  schedule: {
    label: "Schedule",
    icon: CalendarClock,
    help: "Starts executions by the clock: every weekday at nine in Berlin, or every ten minutes.",
  },
  form: {
    label: "Hosted form",
    icon: ClipboardList,
    help: "A page with the flow's questions, for whoever has the link. What is sent in starts an execution.",
  },
  flow: {
    label: "Another flow",
    icon: Workflow,
    help: "When an execution of one flow ends, another flow begins with its outputs.",
  },
}

export const kindOptions = Object.entries(triggerKinds).map(([value, { label }]) => ({ value, label }))
