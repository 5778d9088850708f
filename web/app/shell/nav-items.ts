import {
  Activity,
  BookOpen,
  Bot,
  Boxes,
  ChartNoAxesGantt,
  Inbox,
  MessagesSquare,
  ScrollText,
  Settings2,
  ShieldCheck,
  Users,
  Wallet,
  Workflow,
  Wrench,
  Zap,
  type LucideIcon,
} from "lucide-react"
import type { Capability } from "#core/access/capabilities"

export type NavItem = {
  to:
    | "/flows"
    | "/crews"
    | "/agents"
    | "/tools"
    | "/chat"
    | "/triggers"
    | "/executions"
    | "/traces"
    | "/audit"
    | "/approvals"
    | "/models"
    | "/budgets"
    | "/docs"
    | "/settings"
    | "/admin"
  label: string
  icon: LucideIcon
  /** Pressed after `g`. */
  key: string
  needs?: Capability
  /** For platform admins alone. */
  platform?: true
  /** On a phone it stands in the bar; the others are behind "More". */
  inBar?: true
  /** How many things wait there is said beside it. */
  counts?: "approvals"
}

export const mainNav: readonly NavItem[] = [
  { to: "/flows", label: "Flows", icon: Workflow, key: "f", needs: "flow.read", inBar: true },
  { to: "/crews", label: "Crews", icon: Users, key: "c", needs: "agent.read" },
  { to: "/agents", label: "Agents", icon: Bot, key: "n", needs: "agent.read" },
  { to: "/tools", label: "Tools", icon: Wrench, key: "l", needs: "agent.read" },
  { to: "/chat", label: "Chat", icon: MessagesSquare, key: "h", needs: "chat.read", inBar: true },
  { to: "/models", label: "Models", icon: Boxes, key: "m", needs: "provider.read" },
  { to: "/budgets", label: "Budgets", icon: Wallet, key: "b", needs: "budget.read" },
  { to: "/triggers", label: "Triggers", icon: Zap, key: "t", needs: "trigger.read" },
  { to: "/executions", label: "Executions", icon: Activity, key: "e", needs: "execution.read", inBar: true },
  { to: "/traces", label: "Traces", icon: ChartNoAxesGantt, key: "r", needs: "trace.read" },
  {
    to: "/approvals",
    label: "Approvals",
    icon: Inbox,
    key: "a",
    needs: "execution.read",
    inBar: true,
    counts: "approvals",
  },
]

export const sideNav: readonly NavItem[] = [
  { to: "/audit", label: "Audit", icon: ScrollText, key: "u", needs: "audit.read" },
  { to: "/admin", label: "Admin", icon: ShieldCheck, key: "x", platform: true },
  { to: "/docs", label: "API reference", icon: BookOpen, key: "d" },
  { to: "/settings", label: "Settings", icon: Settings2, key: "s" },
]

export const allNav: readonly NavItem[] = [...mainNav, ...sideNav]
