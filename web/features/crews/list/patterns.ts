import { ArrowRightLeft, Columns3, ListOrdered, Network, type LucideIcon } from "lucide-react"
import type { CollaborationPattern } from "#core/crew/crew"

export const patterns: Record<CollaborationPattern, { label: string; icon: LucideIcon; says: string }> = {
  sequential: {
    label: "Sequential",
    icon: ListOrdered,
    says: "Tasks are done one after another; each is given what came before.",
  },
  hierarchical: {
    label: "Hierarchical",
    icon: Network,
    says: "A manager plans, hands work to members and reviews it.",
  },
  parallel: {
    label: "Parallel",
    icon: Columns3,
    says: "All tasks begin at once; their results stand side by side.",
  },
  debate: {
    label: "Debate",
    icon: ArrowRightLeft,
    says: "Members answer each other in rounds; a judge decides at the end.",
  },
}
