import { Activity, BookOpen, Boxes, Settings2, Workflow, type LucideIcon } from "lucide-react"
import type { Capability } from "#core/access/capabilities"

export type NavItem = {
  to: "/flows" | "/executions" | "/models" | "/docs" | "/settings"
  label: string
  icon: LucideIcon
  /** Pressed after `g`. */
  key: string
  needs?: Capability
}

export const mainNav: readonly NavItem[] = [
  { to: "/flows", label: "Flows", icon: Workflow, key: "f", needs: "flow.read" },
  { to: "/executions", label: "Executions", icon: Activity, key: "e", needs: "execution.read" },
  { to: "/models", label: "Models", icon: Boxes, key: "m", needs: "provider.read" },
]

export const sideNav: readonly NavItem[] = [
  { to: "/docs", label: "API reference", icon: BookOpen, key: "d" },
  { to: "/settings", label: "Settings", icon: Settings2, key: "s" },
]
