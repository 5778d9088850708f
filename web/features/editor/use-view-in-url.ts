import { useNavigate } from "@tanstack/react-router"
import { useEffect } from "react"
import { useStore } from "#web/state/jotai.ts"
import { shownNodeIdAtom, watchedIdAtom } from "./atoms.ts"

/** Keeps the open node and the watched execution in the address, so that a reload or a link brings the same view. */
export function useViewInUrl(): void {
  const store = useStore()
  const navigate = useNavigate()
  useEffect(() => {
    const show = () => {
      const node = store.get(shownNodeIdAtom) ?? undefined
      const execution = store.get(watchedIdAtom) ?? undefined
      void navigate({
        to: ".",
        search: (search: object) => ({ ...search, node, execution }),
        replace: true,
        resetScroll: false,
      })
    }
    const stops = [store.sub(shownNodeIdAtom, show), store.sub(watchedIdAtom, show)]
    return () => stops.forEach((stop) => stop())
  }, [store, navigate])
}
