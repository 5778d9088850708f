import { ChevronLeft } from "lucide-react"
import { useState, type ReactNode } from "react"
import { PositionId } from "#core/crew/crew"
import { Field } from "#web/ui/field.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Input } from "#web/ui/input.tsx"
import { useBuilder } from "../builder-context.ts"

type PanelHeadProps = { title: ReactNode; under?: ReactNode; actions?: ReactNode }

/** What is open, and the way back to the crew. */
export function PanelHead({ title, under, actions }: PanelHeadProps) {
  const { onOpen } = useBuilder()
  return (
    <header className="flex items-center gap-2 px-4 pt-3">
      <IconButton label="Back to the crew" size="sm" onClick={() => onOpen({ is: "crew" })}>
        <ChevronLeft />
      </IconButton>
      <div className="min-w-0 flex-1">
        <h2 className="truncate font-semibold">{title}</h2>
        {under && <p className="truncate text-sm text-muted">{under}</p>}
      </div>
      {actions}
    </header>
  )
}

type NameFieldProps = {
  label: string
  help: string
  value: string
  /** Names that others have. */
  taken: readonly string[]
  onRename: (name: string) => void
}

/** A name that others refer to: it changes when one is done typing, everywhere at once. */
export function NameField({ label, help, value, taken, onRename }: NameFieldProps) {
  const { mayEdit } = useBuilder()
  const [text, setText] = useState(value)
  const checked = PositionId.safeParse(text)
  const fault = !checked.success
    ? checked.error.issues[0]?.message
    : text !== value && taken.includes(text)
      ? "Another one has this name"
      : undefined
  const settle = () => {
    if (fault === undefined && text !== value) onRename(text)
  }
  return (
    <Field label={label} help={help} error={fault}>
      <Input
        spellCheck={false}
        maxLength={40}
        disabled={!mayEdit}
        className="font-mono text-sm"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onBlur={settle}
        onKeyDown={(event) => event.key === "Enter" && settle()}
      />
    </Field>
  )
}
