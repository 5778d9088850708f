import {
  experimental_useOnNodesChangeMiddleware as useNodesChangeMiddleware,
  useStoreApi,
} from "@xyflow/react"
import { useCallback, useEffect, useRef } from "react"
import type { CanvasEdge, CanvasNode } from "#web/flow/canvas-elements.ts"
import { useStore } from "#web/state/jotai.ts"
import { inHandAtom, nodesAtom, routeAtom } from "../atoms.ts"
import { isMove, OwnDrag, type Changes } from "./own-drag.ts"
import { useSnapLines } from "./snap-lines.tsx"

/** What a hand does with nodes: the lines of others hold them, and they are drawn past React until they are put down. */
export function Hand({ onMoved }: { onMoved: () => void }) {
  const { lines, snapped } = useSnapLines()
  const carried = useOwnDrags(onMoved)
  useNodesChangeMiddleware<CanvasNode>(
    useCallback((changes) => carried(snapped(changes)), [carried, snapped]),
  )
  return lines
}

/**
 * React Flow hears that nodes are taken up, and where they are put down; what is between it does not hear, since it would look at
 * every node and edge for each step. Fingers may hold several nodes: each hand is known by the first that it holds.
 */
function useOwnDrags(onMoved: () => void): (changes: Changes) => Changes {
  const flow = useStoreApi<CanvasNode, CanvasEdge>()
  const store = useStore()
  const drags = useRef(new Map<string, OwnDrag | null>())
  useEffect(() => {
    const held = drags.current
    const letGo = (isGone: (id: string) => boolean) => {
      for (const [id, drag] of held) {
        if (!isGone(id)) continue
        drag?.letGo()
        held.delete(id)
      }
      store.set(inHandAtom, held.size > 0)
    }
    // A node that somebody takes away is never put down.
    const stop = store.sub(nodesAtom, () => {
      if (held.size === 0) return
      const here = new Set(store.get(nodesAtom).map(({ id }) => id))
      letGo((id) => !here.has(id))
    })
    return () => {
      stop()
      letGo(() => true)
    }
  }, [store])
  return useCallback(
    (changes) => {
      const moves = changes.filter(isMove)
      const [first] = moves
      if (!first) return changes
      const known = drags.current.get(first.id)
      if (!moves.every(({ dragging }) => dragging)) {
        known?.letGo()
        drags.current.delete(first.id)
        store.set(inHandAtom, drags.current.size > 0)
        return changes
      }
      if (known === undefined) {
        drags.current.set(first.id, null)
        store.set(inHandAtom, true)
        return changes
      }
      const drag =
        known ??
        new OwnDrag(
          flow,
          moves.map(({ id }) => id),
          (edge) => store.get(routeAtom(edge)),
        )
      drags.current.set(first.id, drag)
      drag.moveTo(moves)
      onMoved()
      return []
    },
    [flow, store, onMoved],
  )
}
