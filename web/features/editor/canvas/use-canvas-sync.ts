import { useReactFlow, type NodeChange, type EdgeChange } from "@xyflow/react"
import { useCallback, useEffect, useState } from "react"
import {
  reconcileEdges,
  reconcileNodes,
  type CanvasEdge,
  type CanvasNode,
} from "#web/flow/canvas-elements.ts"
import type { FlowNode } from "#core/flow/graph"
import { useStore } from "#web/state/jotai.ts"
import { edgesAtom, nodesAtom, selectionAtom } from "../atoms.ts"

/**
 * Keeps React Flow and the draft in step. React Flow holds its own elements and moves them while they are dragged, which renders
 * nothing of ours; the draft hears of it once they are put down. What changes the draft otherwise is brought over here.
 */
export function useCanvasSync() {
  const store = useStore()
  const flow = useReactFlow<CanvasNode, CanvasEdge>()
  const [initial] = useState(() => ({
    nodes: reconcileNodes([], store.get(nodesAtom), store.get(selectionAtom).nodes),
    edges: reconcileEdges([], store.get(edgesAtom), store.get(selectionAtom).edges),
  }))

  useEffect(() => {
    let shown: ReadonlySet<FlowNode> = new Set()
    /** Changes on their way: until they are in, what React Flow holds is not what was brought over last. */
    let underWay = 0
    const reconciled = (held: CanvasNode[]): CanvasNode[] =>
      reconcileNodes(held, store.get(nodesAtom), store.get(selectionAtom).nodes, shown)
    const showNodes = () => {
      const held = flow.getNodes()
      if (underWay === 0 && sameItems(held, reconciled(held))) {
        shown = new Set(store.get(nodesAtom))
        return
      }
      underWay++
      flow.setNodes((now) => {
        underWay--
        const next = reconciled(now)
        shown = new Set(store.get(nodesAtom))
        return next
      })
    }
    const showEdges = () => {
      const held = flow.getEdges()
      const next = reconcileEdges(held, store.get(edgesAtom), store.get(selectionAtom).edges)
      if (!sameItems(held, next)) flow.setEdges(next)
    }
    showNodes()
    showEdges()
    const stops = [
      store.sub(nodesAtom, showNodes),
      store.sub(edgesAtom, showEdges),
      store.sub(selectionAtom, () => {
        showNodes()
        showEdges()
      }),
    ]
    return () => stops.forEach((stop) => stop())
  }, [store, flow])

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
