import { useEffect, useState, type RefObject } from "react"
import { isOverlayOpen, isTyping } from "#web/ui/keyboard.ts"

/**
 * 1 to 9 put the focus on a button of a group; Enter then presses it. Two keys, so that a digit typed by mistake decides
 * nothing. Answers with the place of the button that waits for Enter.
 */
export function useButtonKeys(group: RefObject<HTMLElement | null>, isOn: boolean): number | null {
  const [aimed, setAimed] = useState<number | null>(null)
  useEffect(() => {
    if (!isOn) return undefined
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target) || isOverlayOpen()) return
      const buttons = [...(group.current?.querySelectorAll("button") ?? [])]
      const button = /^[1-9]$/.test(event.key) ? buttons[Number(event.key) - 1] : undefined
      if (button && !button.disabled) {
        event.preventDefault()
        button.focus()
        setAimed(buttons.indexOf(button))
      } else if (event.key === "Escape" && document.activeElement instanceof HTMLElement) {
        if (buttons.some((one) => one === document.activeElement)) document.activeElement.blur()
      }
    }
    const onFocus = () => {
      const buttons = [...(group.current?.querySelectorAll("button") ?? [])]
      if (!buttons.some((one) => one === document.activeElement)) setAimed(null)
    }
    document.addEventListener("keydown", onKey)
    document.addEventListener("focusin", onFocus)
    document.addEventListener("focusout", onFocus)
    return () => {
      document.removeEventListener("keydown", onKey)
      document.removeEventListener("focusin", onFocus)
      document.removeEventListener("focusout", onFocus)
    }
  }, [group, isOn])
  return aimed
}
