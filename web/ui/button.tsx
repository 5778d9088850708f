import type { VariantProps } from "class-variance-authority"
import { LoaderCircle } from "lucide-react"
import { Slot } from "radix-ui"
import type { ComponentProps, MouseEvent, ReactNode } from "react"
import { buttonLook } from "./button-look.ts"
import { cn } from "./cn.ts"

type Look = Pick<VariantProps<typeof buttonLook>, "tone" | "size">

export type ButtonProps = ComponentProps<"button"> &
  Look & {
    /** Renders the child (a link) with the looks of a button. */
    asChild?: boolean
    /** Shows that the act is under way and takes no second click; the width stays. */
    busy?: boolean
  }

export function Button({ tone, size, asChild, busy = false, className, children, ...rest }: ButtonProps) {
  if (asChild) {
    return (
      <Slot.Root className={cn(buttonLook({ tone, size }), className)} {...rest}>
        {children}
      </Slot.Root>
    )
  }
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      // Switched off it would lose the focus.
      aria-disabled={busy || undefined}
      onClick={busy ? swallow : rest.onClick}
      className={cn(buttonLook({ tone, size }), busy && "opacity-80", className)}
    >
      {busy && <LoaderCircle aria-hidden className="absolute animate-spin" />}
      {busy ? <Hidden>{children}</Hidden> : children}
    </button>
  )
}

/** A second click, and Enter in a form, do nothing while the first is under way. */
export const swallow = (event: MouseEvent): void => event.preventDefault()

/** Keeps the width and the accessible name of a busy button while a spinner stands over it. */
const Hidden = ({ children }: { children: ReactNode }) => (
  <span className="inline-flex items-center gap-1.5 opacity-0">{children}</span>
)
