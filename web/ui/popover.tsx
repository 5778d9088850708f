import { Popover as Primitive } from "radix-ui"
import type { ReactNode } from "react"
import { cn } from "./cn.ts"

type PopoverProps = {
  /** Names the dialog for those who do not see it. */
  label: string
  trigger: ReactNode
  children: ReactNode
  align?: "start" | "center" | "end"
  side?: "top" | "right" | "bottom" | "left"
  open?: boolean
  onOpenChange?: (open: boolean) => void
  className?: string
}

export function Popover({
  label,
  trigger,
  children,
  align = "start",
  side = "bottom",
  open,
  onOpenChange,
  className,
}: PopoverProps) {
  return (
    <Primitive.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})}>
      <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          aria-label={label}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className={cn(
            "z-50 max-w-[calc(100vw-1rem)] rounded-md bg-raised shadow-float outline-none data-[state=closed]:animate-vanish data-[state=open]:animate-pop-in",
            className,
          )}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
