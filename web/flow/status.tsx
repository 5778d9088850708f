import {
  Ban,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleSlash,
  CircleX,
  Clock,
  Hourglass,
  LoaderCircle,
  RotateCw,
  TimerOff,
  UserRound,
  type LucideIcon,
} from "lucide-react"
import type { NodeState } from "#core/execution/state"
import type { ExecutionStatus, NodeStatus } from "#core/execution/status"
import { StatusBadge, type Tone } from "#web/ui/badge.tsx"

export type StatusLook = { tone: Tone; icon: LucideIcon; word: string; turning?: boolean }

/** How each status of an execution is shown: a hue, an icon and a word, never the hue alone. */
export const executionStatusLook: Record<ExecutionStatus, StatusLook> = {
  queued: { tone: "neutral", icon: CircleDashed, word: "Queued" },
  running: { tone: "running", icon: LoaderCircle, word: "Running", turning: true },
  waiting: { tone: "waiting", icon: Hourglass, word: "Waiting" },
  cancelling: { tone: "cancelled", icon: LoaderCircle, word: "Cancelling", turning: true },
  succeeded: { tone: "succeeded", icon: CircleCheck, word: "Succeeded" },
  failed: { tone: "failed", icon: CircleX, word: "Failed" },
  cancelled: { tone: "cancelled", icon: Ban, word: "Cancelled" },
  timed_out: { tone: "failed", icon: TimerOff, word: "Timed out" },
  needs_attention: { tone: "attention", icon: CircleAlert, word: "Needs attention" },
}

export const nodeStatusLook: Record<NodeStatus, StatusLook> = {
  ready: { tone: "neutral", icon: Clock, word: "Ready" },
  running: { tone: "running", icon: LoaderCircle, word: "Running", turning: true },
  retrying: { tone: "waiting", icon: RotateCw, word: "Retrying" },
  waiting: { tone: "waiting", icon: Hourglass, word: "Waiting" },
  interrupted: { tone: "attention", icon: CircleAlert, word: "Interrupted" },
  succeeded: { tone: "succeeded", icon: CircleCheck, word: "Succeeded" },
  failed: { tone: "failed", icon: CircleX, word: "Failed" },
  skipped: { tone: "cancelled", icon: CircleSlash, word: "Skipped" },
  cancelled: { tone: "cancelled", icon: Ban, word: "Cancelled" },
}

const waitingForPerson: StatusLook = { tone: "waiting", icon: UserRound, word: "Waiting for a person" }
const waitingForCall: StatusLook = { tone: "waiting", icon: Hourglass, word: "Waiting for a call" }

/** How a step's status is shown; a wait also says for whom. */
export function stepLook({ status, waiting_for }: Pick<NodeState, "status" | "waiting_for">): StatusLook {
  if (status !== "waiting" || waiting_for === "time") return nodeStatusLook[status]
  return waiting_for === "approval" ? waitingForPerson : waitingForCall
}

/** The hue of a status's icon where no badge stands. */
export const toneHue: Record<Tone, string> = {
  neutral: "text-muted",
  accent: "text-accent-ink",
  running: "text-running",
  waiting: "text-waiting",
  succeeded: "text-succeeded",
  failed: "text-failed",
  cancelled: "text-muted",
  attention: "text-attention",
}

type Look = { look?: "plain" | "soft"; className?: string }

export const ExecutionStatusMark = ({ status, ...rest }: { status: ExecutionStatus } & Look) => (
  <Mark {...executionStatusLook[status]} {...rest} />
)

export const NodeStatusMark = ({ status, ...rest }: { status: NodeStatus } & Look) => (
  <Mark {...nodeStatusLook[status]} {...rest} />
)

const Mark = ({ tone, icon, word, turning = false, ...rest }: StatusLook & Look) => (
  <StatusBadge tone={tone} icon={icon} turning={turning} {...rest}>
    {word}
  </StatusBadge>
)
