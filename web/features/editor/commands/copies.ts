import type { FlowDraft } from "#core/contract/flows"
import { isFrame, type Point } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { toast } from "#web/ui/toast.tsx"
import { later } from "#web/ui/later.tsx"
import { copyOf, cornerOf, fromText, toText, whyNotPaste, type Fragment } from "../model/clipboard.ts"
import { settleInside } from "../model/frames.ts"
import { gridStep } from "../model/placement.ts"
import type { Desk } from "./desk.ts"

/** Expressions in a copy are written anew, and their parser comes after the canvas. */
const pasting = later(() => import("../model/paste.ts"))
export const fetchPasting = pasting.fetch

const copyShift = 3 * gridStep

/** A little beside the original, and beside the copies that lie there already. */
function besideOthers(draft: FlowDraft, { x, y }: Point): Point {
  const nesting = nestingOf(draft.nodes)
  const places = draft.nodes.map((node) => nesting.place(node.id))
  const isTaken = (by: number) => places.some((place) => place.x === x + by && place.y === y + by)
  let by = copyShift
  while (isTaken(by)) by += copyShift
  return { x: x + by, y: y + by }
}

/** The frame that all chosen nodes stand in; or the one chosen frame, unless it is what was copied. */
function frameFor(draft: FlowDraft, chosen: ReadonlySet<string>, fragment: Fragment): string | undefined {
  const nesting = nestingOf(draft.nodes)
  const nodes = nesting.outermost(chosen)
  const [only] = nodes
  if (only && nodes.length === 1 && isFrame(only) && !fragment.nodes.some((node) => node.id === only.id))
    return only.id
  const frames = new Set(nodes.map((node) => nesting.parent(node.id)?.id))
  return frames.size === 1 ? [...frames][0] : undefined
}

export function copyCommands({ draft, selection, select, apply }: Desk) {
  const copied = (): string | null => {
    const { nodes } = selection()
    return nodes.size === 0 ? null : toText(copyOf(draft(), nodes))
  }
  const insert = (fragment: Fragment, at: Point, frameId: string | undefined) =>
    pasting.use(({ paste }) => {
      const pasted = paste(draft(), fragment, at, frameId)
      apply(settleInside(pasted.draft, pasted.nodeIds))
      select(pasted.nodeIds)
    })
  return {
    copied,
    /** Pastes what was copied, its upper left corner at the point, or a little beside the original; false when it is something else. */
    paste(text: string, at: Point | null): boolean {
      const fragment = fromText(text)
      if (!fragment) return false
      const why = whyNotPaste(draft(), fragment)
      if (why !== null) {
        toast.failed("", why)
        return true
      }
      if (at) insert(fragment, at, nestingOf(draft().nodes).frameAt(at)?.id)
      else {
        const frameId = frameFor(draft(), selection().nodes, fragment)
        insert(fragment, besideOthers(draft(), cornerOf(fragment)), frameId)
      }
      return true
    },
    duplicate(): void {
      const { nodes } = selection()
      if (nodes.size === 0) return
      const fragment = copyOf(draft(), nodes)
      insert(fragment, besideOthers(draft(), cornerOf(fragment)), frameFor(draft(), nodes, fragment))
    },
  }
}
