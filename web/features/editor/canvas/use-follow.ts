import { useReactFlow } from "@xyflow/react"
import { useEffect } from "react"
import { glide } from "#web/flow/zoom-controls.tsx"
import { useAtomValue, useStore } from "#web/state/jotai.ts"
import { followedAtom, othersAtom } from "../atoms.ts"
import { useEditor } from "../editor-context.ts"

/** Keeps the view on the pointer of whom this person follows, until they move the view themselves or the other goes. */
export function useFollow(): void {
  const { places } = useEditor()
  const store = useStore()
  const flow = useReactFlow()
  const followed = useAtomValue(followedAtom)
  useEffect(() => {
    if (followed === null) return undefined
    const letGo = () => store.set(followedAtom, null)
    const isTheirs = (client: number) =>
      store.get(othersAtom).some((one) => one.client === client && one.id === followed)
    const canvas = document.querySelector("[data-canvas]")
    canvas?.addEventListener("pointerdown", letGo)
    canvas?.addEventListener("wheel", letGo, { passive: true })
    const stops = [
      places.follow((client, { cursor }) => {
        if (cursor && isTheirs(client))
          void flow.setCenter(cursor.x, cursor.y, { zoom: flow.getZoom(), ...glide() })
      }),
      store.sub(othersAtom, () => {
        if (!store.get(othersAtom).some(({ id }) => id === followed)) letGo()
      }),
    ]
    return () => {
      for (const stop of stops) stop()
      canvas?.removeEventListener("pointerdown", letGo)
      canvas?.removeEventListener("wheel", letGo)
    }
  }, [followed, places, store, flow])
}
