import { Check, Copy } from "lucide-react"
import { useEffect, useState } from "react"
import { IconButton } from "./button.tsx"

/** Copies, and says so where it was pressed. */
export function CopyButton({
  text,
  label = "Copy",
  className,
}: {
  text: string | (() => string)
  label?: string
  className?: string
}) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), 1600)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async () => {
    await navigator.clipboard.writeText(typeof text === "string" ? text : text())
    setCopied(true)
  }
  return (
    <IconButton
      label={copied ? "Copied" : label}
      size="sm"
      onClick={() => void copy()}
      {...(className ? { className } : {})}
    >
      {copied ? <Check className="text-succeeded" /> : <Copy />}
    </IconButton>
  )
}
