import type { NodeChange, NodePositionChange } from "@xyflow/react"
import type { CanvasNode } from "#web/flow/canvas-elements.ts"
import type { Point } from "#web/flow/geometry.ts"
import { Moved, type Move } from "./moved.ts"

export type Changes = NodeChange<CanvasNode>[]
export type HandMove = NodePositionChange & { position: Point }

export const isMove = (change: NodeChange<CanvasNode>): change is HandMove =>
  change.type === "position" && change.position !== undefined

/** What comes into view in the hand is drawn so soon, ms: React Flow looks at all nodes for it. */
const lookEveryMs = 100

/** What this person has in the hand, and the frame around it where it is several nodes. */
export class OwnDrag extends Moved {
  private lookedAt = performance.now()

  override moveTo(moves: readonly Move[]): void {
    super.moveTo(moves)
    this.drawSelection()
    this.lookAround()
  }

  private drawSelection(): void {
    const { nodesSelectionActive, nodeLookup, domNode, transform } = this.store.getState()
    if (!nodesSelectionActive) return
    const frame = domNode?.querySelector<HTMLElement>(".react-flow__nodesselection")
    let [x, y] = [Infinity, Infinity]
    for (const id of this.carried) {
      const node = nodeLookup.get(id)
      if (!node?.selected) continue
      x = Math.min(x, node.internals.positionAbsolute.x)
      y = Math.min(y, node.internals.positionAbsolute.y)
    }
    const [left, top, zoom] = transform
    if (frame && Number.isFinite(x))
      frame.style.transform = `translate(${left}px,${top}px) scale(${zoom}) translate(${x}px,${y}px)`
  }

  private lookAround(): void {
    const now = performance.now()
    if (now - this.lookedAt < lookEveryMs || !this.isPartlyOutOfView) return
    this.lookedAt = now
    this.store.setState({})
  }
}
