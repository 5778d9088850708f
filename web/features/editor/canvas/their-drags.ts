import type { Point } from "#web/flow/geometry.ts"
import { Carried, type RouteOf } from "./carried.ts"
import type { FlowStore } from "./edge-ends.ts"

type Placed = { id: string } & Point

/** What one other person has in the hand: shown where they carry it, while the document keeps the place that it has. */
export class TheirDrag extends Carried {
  /** Where things were when they were taken up. */
  private readonly from = new Map<string, Point>()
  private readonly shown = new Map<string, Point>()

  constructor(store: FlowStore, held: ReadonlySet<string>, routeOf: RouteOf) {
    super(store, held, routeOf)
    for (const id of this.carried) {
      const at = this.placeOf(id)
      if (at) this.from.set(id, at)
    }
  }

  moveTo(places: readonly Placed[]): void {
    const by = new Map<string, Point>()
    for (const { id, x, y } of places) {
      const was = this.from.get(id)
      if (was && !this.isInOwnHand(id)) by.set(id, { x: x - was.x, y: y - was.y })
    }
    for (const id of this.carried) {
      const parent = this.store.getState().nodeLookup.get(id)?.parentId
      const shift = this.held.has(id) || parent === undefined ? by.get(id) : by.get(parent)
      if (shift) by.set(id, shift)
      const was = this.from.get(id)
      if (was && shift) this.shown.set(id, { x: was.x + shift.x, y: was.y + shift.y })
      else this.shown.delete(id)
    }
    this.draw((id) => this.shown.get(id))
  }

  /** Once it is put down the document's word holds. */
  end(): void {
    this.draw(() => undefined)
    this.letGo()
  }

  /** What this person holds too is where this person holds it. */
  private isInOwnHand(id: string): boolean {
    return this.store.getState().nodeLookup.get(id)?.dragging ?? false
  }
}
