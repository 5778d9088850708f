import { Check, Copy } from "lucide-react"
import { IconButton } from "./icon-button.tsx"
import { useCopy } from "./use-copy.ts"

type CopyButtonProps = { text: string | (() => string); label?: string; className?: string }

/** Copies, and says so where it was pressed. */
export function CopyButton({ text, label = "Copy", className }: CopyButtonProps) {
  const { copied, copy } = useCopy()
  return (
    <IconButton
      label={copied ? "Copied" : label}
      size="sm"
      onClick={() => copy(typeof text === "string" ? text : text())}
      {...(className ? { className } : {})}
    >
      {copied ? <Check className="text-succeeded" /> : <Copy />}
    </IconButton>
  )
}
