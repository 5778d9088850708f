import { atom } from "#web/state/jotai.ts"
import type { Point } from "#web/flow/geometry.ts"
import { family, shownNodeIdAtom, sideAtom, threadsAtom } from "../atoms.ts"
import type { Shown } from "./threads.ts"

/** How many threads are open on each node. */
const openByNodeAtom = atom((get) => {
  const counts = new Map<string, number>()
  for (const { node_id: id, resolved_at: resolved } of get(threadsAtom))
    if (id !== null && resolved === null) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
})
export const openThreadsOfAtom = family((id) => atom((get) => get(openByNodeAtom).get(id) ?? 0))
export const openThreadsAtom = atom(
  (get) => get(threadsAtom).filter(({ resolved_at }) => resolved_at === null).length,
)

/** Which threads the panel lists. */
export const shownThreadsAtom = atom<Shown>("open")

/** The thread that was gone to; each going is its own, also when it is the same thread. */
export const openedThreadAtom = atom<{ id: string } | null>(null)

/** A comment that was asked for: about a place of the canvas, or about what is selected. Each asking is its own. */
export const commentingAtom = atom<{ place: Point | null } | null>(null)
/** The place that a comment is being written about. */
export const pendingPlaceAtom = atom((get) =>
  get(sideAtom) === "comments" && get(shownNodeIdAtom) === null ? (get(commentingAtom)?.place ?? null) : null,
)

/** Open threads about places of the canvas. */
export const placedThreadsAtom = atom((get) =>
  get(threadsAtom).filter((one) => one.resolved_at === null && one.node_id === null && one.position !== null),
)
