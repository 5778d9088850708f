import { useStoreApi, type EdgeChange, type NodeChange } from "@xyflow/react"
import { useCallback, useEffect, useState } from "react"
import {
  reconcileEdges,
  reconcileNodes,
  type CanvasEdge,
  type CanvasNode,
} from "#web/flow/canvas-elements.ts"
import type { FlowNode } from "#core/flow/graph"
import type { Moves } from "#web/flow/moves.ts"
import { useStore } from "#web/state/jotai.ts"
import { edgesAtom, foldedAtom, foldingAtom, nodesAtom, routeAtom, selectionAtom } from "../atoms.ts"
import { movesIn, PastReact } from "./past-react.ts"

/**
 * Keeps React Flow and the draft in step. React Flow holds its own elements and moves them while they are dragged, which renders
 * nothing of ours; the draft hears of it once they are put down. What changes the draft otherwise is brought over here.
 */
export function useCanvasSync(moves: Moves) {
  const store = useStore()
  const flow = useStoreApi<CanvasNode, CanvasEdge>()
  const [initial] = useState(() => ({
    nodes: reconcileNodes(
      [],
      store.get(nodesAtom),
      store.get(selectionAtom).nodes,
      undefined,
      store.get(foldingAtom),
    ),
    edges: reconcileEdges([], store.get(edgesAtom), store.get(selectionAtom).edges, store.get(foldingAtom)),
  }))

  useEffect(() => {
    let shown: readonly FlowNode[] = []
    const pastReact = new PastReact(flow, (edge) => store.get(routeAtom(edge)), moves.tell)
    const showNodes = () => {
      const { nodes: held, setNodes } = flow.getState()
      const [nodes, chosen] = [store.get(nodesAtom), store.get(selectionAtom).nodes]
      const next = reconcileNodes(held, nodes, chosen, new Set(shown), store.get(foldingAtom))
      shown = nodes
      pastReact.stop()
      if (!sameItems(held, next)) setNodes(next)
    }
    const showChanged = () => {
      const [nodes, chosen] = [store.get(nodesAtom), store.get(selectionAtom).nodes]
      const moved = movesIn(flow, shown, nodes, chosen, store.get(foldingAtom))
      if (!moved) return showNodes()
      shown = nodes
      pastReact.move(moved)
    }
    const showEdges = () => {
      const { edges: held, setEdges } = flow.getState()
      const { edges: chosen } = store.get(selectionAtom)
      const next = reconcileEdges(held, store.get(edgesAtom), chosen, store.get(foldingAtom))
      if (!sameItems(held, next)) setEdges(next)
    }
    const showAll = () => {
      showNodes()
      showEdges()
    }
    showAll()
    const stops = [
      store.sub(nodesAtom, showChanged),
      store.sub(edgesAtom, showEdges),
      store.sub(selectionAtom, showAll),
      store.sub(foldedAtom, showAll),
    ]
    return () => {
      for (const stop of stops) stop()
      pastReact.stop()
    }
  }, [store, flow, moves])

  const onNodesChange = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      const chosen = chosenIn(changes, store.get(selectionAtom).nodes)
      if (chosen) store.set(selectionAtom, { ...store.get(selectionAtom), nodes: chosen })
    },
    [store],
  )
  const onEdgesChange = useCallback(
    (changes: EdgeChange<CanvasEdge>[]) => {
      const chosen = chosenIn(changes, store.get(selectionAtom).edges)
      if (chosen) store.set(selectionAtom, { ...store.get(selectionAtom), edges: chosen })
    },
    [store],
  )
  return { initial, onNodesChange, onEdgesChange }
}

const sameItems = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  one.length === other.length && one.every((item, i) => item === other[i])

/** The selection after React Flow's changes; null when it stays as it is. */
function chosenIn(
  changes: readonly { type: string; id?: string; selected?: boolean }[],
  was: ReadonlySet<string>,
): Set<string> | null {
  const chosen = new Set(was)
  for (const { type, id, selected } of changes) {
    if (type !== "select" || id === undefined) continue
    if (selected) chosen.add(id)
    else chosen.delete(id)
  }
  const same = chosen.size === was.size && [...chosen].every((id) => was.has(id))
  return same ? null : chosen
}
