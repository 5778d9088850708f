import { PencilLine, RotateCcw } from "lucide-react"
import { useEffect, useId, useRef, useState, type ReactNode } from "react"
import { Badge } from "#web/ui/badge.tsx"
import { Button } from "#web/ui/button.tsx"

type OverrideProps = {
  /** What it is about, such as "Goal". */
  label: string
  /** Whether it is different here. */
  isOn: boolean
  /** What holds where nothing is different, in a line. */
  usual: ReactNode
  onBegin: () => void
  onReset: () => void
  disabled: boolean
  /** The field that says what holds here. */
  children: ReactNode
}

const control = "input:not([type=hidden]), textarea, select, button"

/** One thing that may be different about an agent in one place: as the agent has it, until somebody changes it here, and back. */
export function Override({ label, isOn, usual, onBegin, onReset, disabled, children }: OverrideProps) {
  const id = useId()
  const field = useRef<HTMLDivElement>(null)
  const change = useRef<HTMLButtonElement>(null)
  const [pressed, setPressed] = useState<"begin" | "reset" | null>(null)
  useEffect(() => {
    if (pressed === "begin") field.current?.querySelector<HTMLElement>(control)?.focus()
    if (pressed === "reset") change.current?.focus()
  }, [pressed])
  const press = (what: "begin" | "reset", act: () => void) => () => {
    act()
    setPressed(what)
  }
  return (
    <div role="group" aria-labelledby={id} className="flex flex-col gap-2 py-2.5">
      <div className="flex min-h-6 items-center gap-2">
        <span id={id} className="shrink-0 text-sm font-medium">
          {label}
        </span>
        {isOn ? (
          <Badge tone="accent">Changed here</Badge>
        ) : (
          <span className="min-w-0 flex-1 truncate text-sm text-muted">{usual}</span>
        )}
        {!disabled &&
          (isOn ? (
            <Button
              size="xs"
              tone="ghost"
              aria-label={`Reset ${label.toLowerCase()}`}
              onClick={press("reset", onReset)}
              className="ml-auto"
            >
              <RotateCcw aria-hidden className="size-3.5" />
              Reset
            </Button>
          ) : (
            <Button
              ref={change}
              size="xs"
              tone="ghost"
              aria-label={`Change ${label.toLowerCase()} here`}
              onClick={press("begin", onBegin)}
              className="ml-auto"
            >
              <PencilLine aria-hidden className="size-3.5" />
              Change
            </Button>
          ))}
      </div>
      {isOn && (
        <div ref={field} className="flex flex-col gap-3">
          {children}
        </div>
      )}
    </div>
  )
}
