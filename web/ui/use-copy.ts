import { useEffect, useState } from "react"

/** Copies to the clipboard, and remembers for a moment that it did. */
export function useCopy(): { copied: boolean; copy: (text: string) => void } {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), 1600)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = (text: string) => void navigator.clipboard.writeText(text).then(() => setCopied(true))
  return { copied, copy }
}
