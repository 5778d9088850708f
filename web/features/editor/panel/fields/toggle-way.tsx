import { Button } from "#web/ui/button.tsx"

type ToggleWayProps = {
  isText: boolean
  onToggle: () => void
  /** Said where an expression stands: the way back. */
  back?: string
}

/** Leads from a control to an expression in its place, and back. */
export const ToggleWay = ({ isText, onToggle, back = "Write it out" }: ToggleWayProps) => (
  <Button tone="ghost" size="sm" className="-my-1 h-6 px-1.5 text-sm" onClick={onToggle}>
    {isText ? back : "Use an expression"}
  </Button>
)
