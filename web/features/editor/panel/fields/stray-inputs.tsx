import { X } from "lucide-react"
import { IconButton } from "#web/ui/icon-button.tsx"

/** Values that were given to fields which are not there any more. */
export function StrayInputs({
  names,
  says = "The called flow has no input",
  onRemove,
}: {
  /** What is said before the name. */
  says?: string
  names: readonly string[]
  /** Null for those who only look. */
  onRemove: ((name: string) => void) | null
}) {
  if (names.length === 0) return null
  return (
    <ul className="flex flex-col gap-1">
      {names.map((name) => (
        <li key={name} className="flex items-center gap-2 text-sm text-waiting">
          <span className="min-w-0 flex-1">
            {says} <code className="font-mono">{name}</code>.
          </span>
          {onRemove && (
            <IconButton label={`Remove ${name}`} size="sm" onClick={() => onRemove(name)}>
              <X />
            </IconButton>
          )}
        </li>
      ))}
    </ul>
  )
}
