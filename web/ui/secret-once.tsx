import { Check, Copy, TriangleAlert } from "lucide-react"
import { useState } from "react"
import { Button } from "./button.tsx"

type SecretOnceProps = {
  secret: string
  label: string
  /** Why it cannot be shown again. */
  note?: string
}

const digestOnly = "Only a digest of it is stored. Copy it now: it cannot be shown again."

/** A secret that is shown this one time, and a copy of it. */
export function SecretOnce({ secret, label, note = digestOnly }: SecretOnceProps) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(secret)
    setCopied(true)
  }
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center gap-2 rounded-md border border-line-strong bg-sunken p-1.5 pl-3">
        <code aria-label={label} className="min-w-0 flex-1 font-mono text-sm break-all select-all">
          {secret}
        </code>
        <Button tone={copied ? "secondary" : "primary"} size="sm" onClick={() => void copy()}>
          {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
          {copied ? "Copied" : "Copy"}
        </Button>
      </div>
      <p className="flex items-start gap-2 text-sm text-waiting">
        <TriangleAlert aria-hidden className="mt-px size-3.5" />
        {note}
      </p>
    </div>
  )
}
