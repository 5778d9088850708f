import { useNavigate } from "@tanstack/react-router"
import { useEffect, useRef } from "react"
import { appearanceAtom } from "#web/state/appearance.ts"
import { useAtom } from "#web/state/jotai.ts"
import { isOverlayOpen, isTyping } from "#web/ui/keyboard.ts"
import { allNav } from "./nav-items.ts"
import { useNav } from "./use-nav.ts"

/** The keys that work everywhere: ⌘K, `[`, and `g` followed by a page's letter. */
export function useShortcuts(openPalette: () => void): void {
  const navigate = useNavigate()
  const items = useNav(allNav)
  const [{ nav }, setAppearance] = useAtom(appearanceAtom)
  const wentAt = useRef(0)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey) && !event.shiftKey) {
        event.preventDefault()
        openPalette()
        return
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || isOverlayOpen()) return
      if (event.key === "g") {
        wentAt.current = event.timeStamp
        return
      }
      const isSecond = event.timeStamp - wentAt.current < 1200
      wentAt.current = 0
      const page = isSecond ? items.find((item) => item.key === event.key) : undefined
      if (page) void navigate({ to: page.to })
      else if (event.key === "[") setAppearance({ nav: nav === "icons" ? "wide" : "icons" })
      else return
      event.preventDefault()
    }
    document.addEventListener("keydown", onKey)
    return () => document.removeEventListener("keydown", onKey)
  }, [navigate, nav, items, setAppearance, openPalette])
}
