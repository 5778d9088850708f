import {
  Bot,
  Box,
  Braces,
  Brain,
  Globe,
  Group,
  Hourglass,
  Layers,
  LogIn,
  LogOut,
  Merge,
  Puzzle,
  Repeat,
  ShieldCheck,
  Sparkles,
  Split,
  SquareFunction,
  StickyNote,
  Tags,
  UserCheck,
  Users,
  Workflow,
  Wrench,
  type LucideIcon,
} from "lucide-react"
import { kindOf } from "#core/flow/kinds"
import type { Family } from "#core/flow/kinds/kind"
import { cn } from "#web/ui/cn.ts"

/** The icons that kinds name; a kind that names another gets a plain box until it is added here. */
const icons: Record<string, LucideIcon> = {
  bot: Bot,
  brain: Brain,
  "shield-check": ShieldCheck,
  users: Users,
  wrench: Wrench,
  "log-in": LogIn,
  "log-out": LogOut,
  sparkles: Sparkles,
  braces: Braces,
  split: Split,
  "square-function": SquareFunction,
  merge: Merge,
  globe: Globe,
  puzzle: Puzzle,
  group: Group,
  hourglass: Hourglass,
  layers: Layers,
  repeat: Repeat,
  "sticky-note": StickyNote,
  tags: Tags,
  "user-check": UserCheck,
  workflow: Workflow,
}

const hues: Record<Family, string> = {
  data: "bg-kind-data-soft text-kind-data",
  models: "bg-kind-model-soft text-kind-model",
  agents: "bg-kind-agent-soft text-kind-agent",
  tools: "bg-kind-tool-soft text-kind-tool",
  control: "bg-kind-control-soft text-kind-control",
  people: "bg-kind-person-soft text-kind-person",
}

export const familyTitles: Record<Family, string> = {
  data: "Data",
  models: "Models",
  agents: "Agents",
  tools: "Tools",
  control: "Control",
  people: "People",
}

const sizes = { sm: "size-5 rounded-sm [&>svg]:size-3", md: "size-7 rounded-md [&>svg]:size-4" }

/** A kind's icon on a tile of its family's hue. Decoration beside a written name. */
export function KindTile({
  type,
  size = "md",
  className,
}: {
  type: string
  size?: keyof typeof sizes
  className?: string
}) {
  const kind = kindOf(type)
  const Icon = icons[kind?.icon ?? ""] ?? Box
  return (
    <span
      aria-hidden
      className={cn(
        "inline-flex shrink-0 items-center justify-center",
        sizes[size],
        kind ? hues[kind.family] : hues.control,
        className,
      )}
    >
      <Icon />
    </span>
  )
}
