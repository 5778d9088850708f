import type { FlowDraft } from "#core/contract/flows"
import { isFrame, sizeOf, type Point, type Size } from "#web/flow/geometry.ts"
import { nestingOf } from "#web/flow/nesting.ts"
import { addNode, moveNodes } from "../model/document.ts"
import { groupAround, moveInto, resize, settleInside, unwrap } from "../model/frames.ts"
import { freeSpot, gap, spotInside } from "../model/placement.ts"
import { foldedAtom } from "../atoms.ts"
import type { Desk } from "./desk.ts"

/** Putting nodes into maps, loops and groups, and out of them. */
export function frameCommands({ store, draft, selection, select, apply }: Desk) {
  /** Nothing is put into what is in the hand, nor into what is folded. */
  const closed = (ids: ReadonlySet<string>) => new Set([...ids, ...store.get(foldedAtom)])
  return {
    /**
     * Nodes were dragged and put down. They go into the frame that the pointer is over, if that is another than the grabbed node
     * was in; the number of edges is told that could not stay.
     */
    putDown(to: ReadonlyMap<string, Point>, grabbed: string, pointer: Point): number {
      const ids = new Set(to.keys())
      const moved = moveNodes(draft(), to)
      const nesting = nestingOf(moved.nodes)
      const frame = nesting.frameAt(pointer, closed(ids))
      if (frame?.id === nesting.parent(grabbed)?.id) {
        apply(settleInside(moved, ids))
        return 0
      }
      const put = moveInto(moved, ids, frame?.id)
      apply(settleInside(put.draft, ids))
      return put.cut
    },

    /** The frame that nodes in the hand would be put into; null when they would stay in the one they are in. */
    targetOf(ids: ReadonlySet<string>, grabbed: string, pointer: Point): string | null {
      const nesting = nestingOf(draft().nodes)
      const frame = nesting.frameAt(pointer, closed(ids))
      return frame && frame.id !== nesting.parent(grabbed)?.id ? frame.id : null
    },

    resize: (id: string, size: Size) => apply(resize(draft(), id, size)),

    /** Draws a group around what is selected; false when it stands in different frames. */
    groupSelected(): boolean {
      const { nodes } = selection()
      const added = addNode(draft(), "group", { x: 0, y: 0 })
      const next = groupAround(draft(), nodes, added.draft.nodes.at(-1)!)
      if (!next) return false
      apply(next)
      select([added.id])
      return true
    },

    /** Takes the selected frames away and leaves what is inside; tells how many edges could not stay. */
    unwrapSelected(): number {
      const frames = draft().nodes.filter((node) => selection().nodes.has(node.id) && isFrame(node))
      const nesting = nestingOf(draft().nodes)
      const freed = frames.flatMap((frame) => nesting.children(frame.id).map((node) => node.id))
      let next = draft()
      let cut = 0
      for (const { id } of frames) {
        const out = unwrap(next, id)
        next = out.draft
        cut += out.cut
      }
      apply(next)
      const gone = new Set(frames.map((frame) => frame.id))
      select(freed.filter((id) => !gone.has(id)))
      return cut
    },

    /** Puts one node into a frame, or out of all, for those who use the keyboard; tells how many edges could not stay. */
    moveTo(id: string, frameId: string | undefined): number {
      const put = moveInto(draft(), new Set([id]), frameId)
      const node = put.draft.nodes.find((one) => one.id === id)
      if (!node) return 0
      const spot =
        frameId === undefined ? spotOutside(draft(), id) : spotInside(draft(), frameId, sizeOf(node))
      apply(settleInside(moveNodes(put.draft, new Map([[id, spot]])), [id]))
      return put.cut
    },
  }
}

/** Below the outermost frame around a node. */
function spotOutside(draft: FlowDraft, id: string): Point {
  const frame = nestingOf(draft.nodes).around(id).at(-1)
  const node = draft.nodes.find((one) => one.id === id)
  if (!frame || !node) return { x: 0, y: 0 }
  const wanted = { x: frame.position.x, y: frame.position.y + sizeOf(frame).height + gap.y }
  return freeSpot(draft, wanted, undefined, sizeOf(node))
}
