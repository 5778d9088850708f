import type { FlowNode } from "#core/flow/graph"
import { foldingAtom, glidingAtom } from "../atoms.ts"
import { aligned, distributed, type Alignment, type Axis } from "../model/align.ts"
import { moveNodes } from "../model/document.ts"
import { settleInside } from "../model/frames.ts"
import { arrange } from "../model/layout.ts"
import type { Point } from "#web/flow/geometry.ts"
import type { Desk } from "./desk.ts"

/** Bringing nodes into order: each is one step, and what moves glides there. */
export function orderCommands({ store, draft, selection, apply }: Desk) {
  const sizes = (node: FlowNode) => store.get(foldingAtom).sizeOf(node)
  const glide = () => store.set(glidingAtom, (count) => count + 1)
  const moveTo = (to: ReadonlyMap<string, Point>): boolean => {
    const next = settleInside(moveNodes(draft(), to), to.keys())
    if (next === draft()) return false
    glide()
    apply(next)
    return true
  }
  return {
    /** Orders the selected nodes, or all; false when they were in order. */
    arrange(): boolean {
      const { nodes } = selection()
      const next = arrange(draft(), nodes, sizes)
      if (next === draft()) return false
      glide()
      apply(next)
      return true
    },
    align: (to: Alignment): boolean => moveTo(aligned(draft(), selection().nodes, to, sizes)),
    distribute: (axis: Axis): boolean => moveTo(distributed(draft(), selection().nodes, axis, sizes)),
  }
}
