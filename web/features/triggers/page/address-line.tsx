import { ExternalLink } from "lucide-react"
import { Button } from "#web/ui/button.tsx"
import { CopyButton } from "#web/ui/copy-button.tsx"

type AddressLineProps = {
  label: string
  text: string
  /** A page that can be looked at. */
  opens?: boolean
}

/** A public address, to be copied. */
export const AddressLine = ({ label, text, opens = false }: AddressLineProps) => (
  <div className="min-w-0">
    <p className="text-sm font-medium">{label}</p>
    <div className="mt-1 flex min-w-0 items-center gap-1">
      <code
        aria-label={label}
        className="min-w-0 flex-1 truncate rounded-md border border-line bg-sunken px-2.5 py-1.5 font-mono text-sm select-all"
        title={text}
      >
        {text}
      </code>
      <CopyButton text={text} label={`Copy the ${label.toLowerCase()}`} />
      {opens && (
        <Button asChild size="sm">
          <a href={text} target="_blank" rel="noopener noreferrer">
            <ExternalLink aria-hidden className="size-3.5" />
            Open
          </a>
        </Button>
      )}
    </div>
  </div>
)
