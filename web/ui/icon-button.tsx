import { LoaderCircle } from "lucide-react"
import type { ReactNode } from "react"
import { buttonLook } from "./button-look.ts"
import { swallow, type ButtonProps } from "./button.tsx"
import { cn } from "./cn.ts"
import { Tooltip } from "./tooltip.tsx"

type IconButtonProps = Omit<ButtonProps, "children" | "aria-label"> & {
  /** The accessible name; also the tooltip. */
  label: string
  /** The keys that do the same, shown in the tooltip. */
  keys?: string
  children: ReactNode
  /** Off where a menu opens from the button and a tooltip would cover it. */
  tooltip?: boolean
}

export function IconButton({
  label,
  keys,
  tone = "ghost",
  size,
  tooltip = true,
  className,
  busy,
  ...rest
}: IconButtonProps) {
  const { children, asChild: _asChild, ...others } = rest
  const button = (
    <button
      type="button"
      {...others}
      aria-label={label}
      aria-busy={busy || undefined}
      // Switched off it would lose the focus.
      aria-disabled={busy || undefined}
      onClick={busy ? swallow : rest.onClick}
      className={cn(buttonLook({ tone, size, shape: "icon" }), className)}
    >
      {busy ? <LoaderCircle aria-hidden className="animate-spin" /> : children}
    </button>
  )
  if (!tooltip) return button
  return (
    <Tooltip text={label} {...(keys ? { keys } : {})}>
      {button}
    </Tooltip>
  )
}
