import { X } from "lucide-react"
import type { ReactNode } from "react"
import { IconButton } from "#web/ui/icon-button.tsx"

/** The top of a panel that stands in place of the usual one, with the way back. */
export function PanelHeading({
  title,
  onClose,
  children,
}: {
  title: string
  onClose: () => void
  children?: ReactNode
}) {
  return (
    <header className="flex items-start gap-2 border-b px-3 py-2.5">
      <div className="min-w-0 flex-1">
        <h2 className="text-md font-semibold">{title}</h2>
        {children && <p className="text-sm text-muted">{children}</p>}
      </div>
      <IconButton label={`Close ${title.toLowerCase()}`} size="sm" tooltip={false} onClick={onClose}>
        <X />
      </IconButton>
    </header>
  )
}
