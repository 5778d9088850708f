import type { ReactFlowInstance } from "@xyflow/react"
import type { Thread } from "#core/canvas/comment"
import type { Point } from "#web/flow/geometry.ts"
import type { createStore } from "#web/state/jotai.ts"
import { nothing, selectionAtom, shownNodeIdAtom, sideAtom } from "../atoms.ts"
import { bringIntoView, openArea } from "../canvas/open-area.ts"
import { commentingAtom, openedThreadAtom, shownThreadsAtom } from "./atoms.ts"

type Store = ReturnType<typeof createStore>
type View = Pick<ReactFlowInstance, "getViewport" | "setViewport">

/** What a pin takes, at whatever zoom. */
const pinSize = 32

/** Moves the view to a place of the canvas, where a panel does not lie over it. */
export function showPlace(flow: View, { x, y }: Point): void {
  const size = pinSize / flow.getViewport().zoom
  bringIntoView(flow, () => ({ x, y: y - size, width: size, height: size }))
}

/** Begins a comment about a place of the canvas. */
export function commentAt(store: Store, flow: View, place: Point): void {
  store.set(selectionAtom, nothing)
  store.set(openedThreadAtom, null)
  store.set(sideAtom, "comments")
  store.set(commentingAtom, { place: { x: Math.round(place.x), y: Math.round(place.y) } })
  showPlace(flow, place)
}

/** Begins a comment about the selected node; without one, about what is in the middle of the view. */
export function commentOnSelected(store: Store, flow: View): boolean {
  if (store.get(shownNodeIdAtom) !== null) {
    store.set(sideAtom, "comments")
    store.set(commentingAtom, { place: null })
    return true
  }
  const area = openArea()
  if (!area) return false
  const { x, y, zoom } = flow.getViewport()
  commentAt(store, flow, {
    x: (area.x + area.width / 2 - x) / zoom,
    y: (area.y + area.height / 2 - y) / zoom,
  })
  return true
}

/** Shows a thread among the others, with the keyboard on it, and the place that it is about. */
export function openThread(store: Store, flow: View, { id, position }: Thread): void {
  store.set(selectionAtom, nothing)
  store.set(commentingAtom, null)
  store.set(shownThreadsAtom, "open")
  store.set(sideAtom, "comments")
  store.set(openedThreadAtom, { id })
  if (position) showPlace(flow, position)
}
