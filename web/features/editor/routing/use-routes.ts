import { useEffect } from "react"
import { useStore } from "#web/state/jotai.ts"
import { edgesAtom, foldedAtom, foldingAtom, inHandAtom, nodesAtom, routesAtom } from "../atoms.ts"
import { Routes } from "./routes.ts"

/** A burst of changes is led around once, when it has come to rest. */
const quietMs = 60
/** So much of a frame at a time, that nothing waits for it. */
const sliceMs = 4

/** Keeps the lines that lead around nodes true to the flow, in the pauses between frames, and while no hand is busy. */
export function useRoutes(): void {
  const store = useStore()
  useEffect(() => {
    const routes = new Routes()
    let work: (() => void)[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    const show = () => store.set(routesAtom, routes.all())
    const go = () => {
      timer = undefined
      if (store.get(inHandAtom)) return
      const began = performance.now()
      while (work.length > 0 && performance.now() - began < sliceMs) work.pop()?.()
      if (work.length > 0) timer = setTimeout(go, 0)
      else show()
    }
    const look = () => {
      timer = undefined
      if (store.get(inHandAtom)) return
      work = routes.begin(
        { nodes: store.get(nodesAtom), edges: store.get(edgesAtom) },
        store.get(foldingAtom),
      )
      if (work.length > 0) go()
      else show()
    }
    const soon = () => {
      clearTimeout(timer)
      // What was not finished is found again: its edges are not known yet.
      timer = setTimeout(look, quietMs)
    }
    soon()
    const stops = [
      store.sub(nodesAtom, soon),
      store.sub(edgesAtom, soon),
      store.sub(foldedAtom, soon),
      store.sub(inHandAtom, soon),
    ]
    return () => {
      for (const stop of stops) stop()
      clearTimeout(timer)
    }
  }, [store])
}
