import { Plus } from "lucide-react"
import { TriggerKind } from "#core/contract/trigger-config"
import { Button } from "#web/ui/button.tsx"
import { Menu } from "#web/ui/menu.tsx"
import { triggerKinds } from "./kinds.ts"

/** Opens a menu of what can start a flow. */
export const NewTriggerButton = ({ onNew }: { onNew: (kind: TriggerKind) => void }) => (
  <Menu
    align="end"
    entries={TriggerKind.options.map((kind) => ({
      label: triggerKinds[kind].label,
      icon: triggerKinds[kind].icon,
      onSelect: () => onNew(kind),
    }))}
  >
    <Button tone="primary" size="sm">
      <Plus aria-hidden />
      New trigger
    </Button>
  </Menu>
)
