import type { NodePositionChange } from "@xyflow/react"
import type { Point } from "#web/flow/geometry.ts"
import { Carried } from "./carried.ts"

export type Move = Pick<NodePositionChange, "id"> & { position: Point }

const corner: Point = { x: 0, y: 0 }

/**
 * Nodes that go where they are moved to before React is told. React Flow knows at all times where they are, and is not told either:
 * it would look at every node and edge of the flow. Whoever moves them tells it in the end.
 */
export class Moved extends Carried {
  moveTo(moves: readonly Move[]): void {
    const { nodeLookup } = this.store.getState()
    const places = new Map(moves.map(({ id, position }) => [id, position]))
    const touched = new Set<string>()
    for (const id of this.carried) {
      const node = nodeLookup.get(id)
      const parent = node?.parentId
      if (!node || !(places.has(id) || (parent !== undefined && touched.has(parent)))) continue
      touched.add(id)
      const position = places.get(id) ?? node.position
      const origin = parent === undefined ? corner : (this.placeOf(parent) ?? corner)
      const positionAbsolute = { x: origin.x + position.x, y: origin.y + position.y }
      node.internals.userNode.position = position
      // Another object each time: React Flow tells by that what to render once it is told.
      nodeLookup.set(id, { ...node, position, internals: { ...node.internals, positionAbsolute } })
    }
    this.draw(() => undefined)
  }
}
