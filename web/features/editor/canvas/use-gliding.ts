import { useEffect } from "react"
import { useStore } from "#web/state/jotai.ts"
import { glidingAtom } from "../atoms.ts"

/** A little longer than the way takes by the style sheet. */
const glideMs = 240

/** While nodes are brought into order the style sheet lets them glide; at all other times they are where they are put. */
export function useGliding(): void {
  const store = useStore()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = store.sub(glidingAtom, () => {
      const canvas = document.querySelector<HTMLElement>(".canvas")
      if (!canvas) return
      canvas.dataset["gliding"] = ""
      clearTimeout(timer)
      timer = setTimeout(() => delete canvas.dataset["gliding"], glideMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [store])
}
