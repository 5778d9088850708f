import { useReactFlow } from "@xyflow/react"
import { useEffect } from "react"
import { nestingOf } from "#web/flow/nesting.ts"
import { useStore } from "#web/state/jotai.ts"
import { addedAtom, nodesAtom } from "../atoms.ts"
import { bringIntoView } from "./open-area.ts"

/** Brings a node that was just added into sight, beside whatever panel opened for it. */
export function useShowAdded(): void {
  const store = useStore()
  const flow = useReactFlow()
  useEffect(() => {
    let stopShowing = () => {}
    const stop = store.sub(addedAtom, () => {
      const added = store.get(addedAtom)
      if (!added) return
      stopShowing()
      stopShowing = bringIntoView(flow, () => {
        const nesting = nestingOf(store.get(nodesAtom))
        return nesting.node(added.id) && nesting.box(added.id)
      })
    })
    return () => {
      stop()
      stopShowing()
    }
  }, [store, flow])
}
