import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalSpaceBetween,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalSpaceBetween,
  LayoutDashboard,
  type LucideIcon,
} from "lucide-react"
import { IconButton } from "#web/ui/icon-button.tsx"
import { useEditor } from "../editor-context.ts"
import type { Alignment, Axis } from "../model/align.ts"

const alignments: { to: Alignment; label: string; keys: string; icon: LucideIcon }[] = [
  { to: "left", label: "Align left", keys: "alt+a", icon: AlignStartVertical },
  { to: "center", label: "Align centres", keys: "alt+h", icon: AlignCenterVertical },
  { to: "right", label: "Align right", keys: "alt+d", icon: AlignEndVertical },
  { to: "top", label: "Align top", keys: "alt+w", icon: AlignStartHorizontal },
  { to: "middle", label: "Align middles", keys: "alt+v", icon: AlignCenterHorizontal },
  { to: "bottom", label: "Align bottom", keys: "alt+s", icon: AlignEndHorizontal },
]

const spreads: { axis: Axis; label: string; keys: string; icon: LucideIcon }[] = [
  { axis: "x", label: "Spread evenly across", keys: "shift+alt+h", icon: AlignHorizontalSpaceBetween },
  { axis: "y", label: "Spread evenly down", keys: "shift+alt+v", icon: AlignVerticalSpaceBetween },
]

/** What brings several nodes into order. */
export function OrderTools({ count }: { count: number }) {
  const { commands } = useEditor()
  return (
    <div role="group" aria-label="Order" className="flex flex-wrap gap-0.5">
      {alignments.map(({ to, label, keys, icon: Icon }) => (
        <IconButton key={to} label={label} keys={keys} size="sm" onClick={() => commands.align(to)}>
          <Icon />
        </IconButton>
      ))}
      {count > 2 &&
        spreads.map(({ axis, label, keys, icon: Icon }) => (
          <IconButton
            key={axis}
            label={label}
            keys={keys}
            size="sm"
            onClick={() => commands.distribute(axis)}
          >
            <Icon />
          </IconButton>
        ))}
      <IconButton label="Lay out" keys="l" size="sm" onClick={() => commands.arrange()}>
        <LayoutDashboard />
      </IconButton>
    </div>
  )
}
