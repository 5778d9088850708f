import { useEffect } from "react"
import { isOverlayOpen, isTyping } from "#web/ui/keyboard.ts"
import { useEditor } from "../editor-context.ts"

/** Copying, cutting and pasting nodes by the browser's own clipboard, so that it works between tabs. */
export function useEditorClipboard(): void {
  const { commands, mayEdit } = useEditor()
  useEffect(() => {
    const onCopy = (event: ClipboardEvent) => {
      if (isTyping(event.target) || isOverlayOpen() || !window.getSelection()?.isCollapsed) return
      const text = commands.copied()
      if (text === null) return
      event.clipboardData?.setData("text/plain", text)
      event.preventDefault()
      if (event.type === "cut" && mayEdit) commands.removeSelected()
    }
    const onPaste = (event: ClipboardEvent) => {
      if (isTyping(event.target) || isOverlayOpen() || !mayEdit) return
      const text = event.clipboardData?.getData("text/plain") ?? ""
      if (commands.paste(text, null)) event.preventDefault()
    }

    document.addEventListener("copy", onCopy)
    document.addEventListener("cut", onCopy)
    document.addEventListener("paste", onPaste)
    return () => {
      document.removeEventListener("copy", onCopy)
      document.removeEventListener("cut", onCopy)
      document.removeEventListener("paste", onPaste)
    }
  }, [commands, mayEdit])
}
