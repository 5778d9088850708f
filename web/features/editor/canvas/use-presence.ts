import { useReactFlow } from "@xyflow/react"
import { useEffect, type PointerEvent } from "react"
import { useStore } from "#web/state/jotai.ts"
import { selectionAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"

/** More than this is shown to nobody as selected: it is everything, and tells nothing. */
const mostShown = 200

/** Tells others where this person's pointer is, and what they have selected. */
export function usePresence() {
  const { live } = useEditor()
  const store = useStore()
  const flow = useReactFlow()
  useEffect(() => {
    const tell = () => {
      const ids = [...store.get(selectionAtom).nodes]
      live.present({ selection: ids.length > mostShown ? [] : ids })
    }
    tell()
    return store.sub(selectionAtom, tell)
  }, [store, live])
  return {
    onPointerMove: ({ clientX: x, clientY: y }: PointerEvent) =>
      live.present({ cursor: flow.screenToFlowPosition({ x, y }, { snapToGrid: false }) }),
    onPointerLeave: () => live.present({ cursor: null }),
  }
}
