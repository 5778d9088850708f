import { Minus, Move, PencilLine, Plus, type LucideIcon } from "lucide-react"
import type { ReactNode } from "react"
import type { EdgeChange, NodeChange } from "#core/flow/compare"
import { cn } from "#web/ui/cn.ts"
import { lookOf } from "./geometry.ts"

export type Change = NodeChange["is"]

/** What a canvas marks as different: nodes and edges by their ids there. */
export type CanvasMarks = {
  nodes: ReadonlyMap<string, Change>
  edges: ReadonlyMap<string, EdgeChange["is"]>
}

type ChangeLook = { icon: LucideIcon; word: string; hue: string; chip: string; ring: string }

/** Always an icon and a word beside the hue. */
export const changeLook: Record<Change, ChangeLook> = {
  added: {
    icon: Plus,
    word: "Added",
    hue: "text-succeeded",
    chip: "bg-succeeded-soft text-succeeded",
    ring: "outline-succeeded",
  },
  removed: {
    icon: Minus,
    word: "Removed",
    hue: "text-failed",
    chip: "bg-failed-soft text-failed",
    ring: "outline-failed outline-dashed",
  },
  changed: {
    icon: PencilLine,
    word: "Changed",
    hue: "text-waiting",
    chip: "bg-waiting-soft text-waiting",
    ring: "outline-waiting",
  },
  moved: {
    icon: Move,
    word: "Moved",
    hue: "text-muted",
    chip: "bg-cancelled-soft text-soft",
    ring: "outline-line-strong",
  },
}

type MarkedProps = { node: { type: string }; change: Change | undefined; children: ReactNode }

/** A node's card with what has happened to it around it. */
export function Marked({ node, change, children }: MarkedProps) {
  if (change === undefined) return children
  const { icon: Icon, word, chip, ring } = changeLook[change]
  return (
    <div
      className={cn(
        "relative outline-2 outline-offset-2",
        lookOf(node) === "frame" ? "rounded-lg" : "rounded-md",
        ring,
      )}
    >
      {children}
      <span
        className={cn(
          "absolute -top-3 left-2 z-10 flex h-5 items-center gap-1 rounded-full px-1.5 text-xs font-medium shadow-near",
          chip,
        )}
      >
        <Icon aria-hidden className="size-3" />
        {word}
      </span>
    </div>
  )
}
