import { cva, type VariantProps } from "class-variance-authority"
import { LoaderCircle } from "lucide-react"
import { Slot } from "radix-ui"
import type { ComponentProps, ReactNode } from "react"
import { cn } from "./cn.ts"
import { Tooltip } from "./tooltip.tsx"

const look = cva(
  "focus-ring relative inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md font-medium transition-colors duration-[120ms] disabled:pointer-events-none disabled:opacity-50 aria-disabled:pointer-events-none aria-disabled:opacity-50",
  {
    variants: {
      tone: {
        primary: "bg-accent text-on-accent shadow-near hover:bg-accent-hover active:bg-accent-hover",
        secondary:
          "border border-line-strong bg-surface text-ink shadow-near hover:bg-hover active:bg-active data-[state=open]:bg-hover",
        ghost: "text-soft hover:bg-hover hover:text-ink active:bg-active data-[state=open]:bg-hover",
        danger: "bg-danger text-on-accent shadow-near hover:bg-danger-hover active:bg-danger-hover",
      },
      size: {
        xs: "h-6 gap-1 px-1.5 text-sm pointer-coarse:h-9 pointer-coarse:px-3",
        sm: "h-7 px-2 text-sm pointer-coarse:h-9 pointer-coarse:px-3",
        md: "h-control px-3 text-base",
        lg: "h-9 px-4 text-base pointer-coarse:h-11",
      },
      shape: { text: "", icon: "px-0" },
    },
    compoundVariants: [
      { shape: "icon", size: "xs", class: "w-6 pointer-coarse:w-9 pointer-coarse:px-0" },
      { shape: "icon", size: "sm", class: "w-7 pointer-coarse:w-9 pointer-coarse:px-0" },
      { shape: "icon", size: "md", class: "w-control" },
      { shape: "icon", size: "lg", class: "w-9 pointer-coarse:w-11" },
    ],
    defaultVariants: { tone: "secondary", size: "md", shape: "text" },
  },
)

type Look = Pick<VariantProps<typeof look>, "tone" | "size">

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
      <Slot.Root className={cn(look({ tone, size }), className)} {...rest}>
        {children}
      </Slot.Root>
    )
  }
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      disabled={rest.disabled || busy}
      className={cn(look({ tone, size }), busy && "opacity-80", className)}
    >
      {busy && <LoaderCircle aria-hidden className="absolute animate-spin" />}
      {busy ? <Hidden>{children}</Hidden> : children}
    </button>
  )
}

/** Keeps the width and the accessible name of a busy button while a spinner stands over it. */
const Hidden = ({ children }: { children: ReactNode }) => (
  <span className="inline-flex items-center gap-1.5 opacity-0">{children}</span>
)

export type IconButtonProps = Omit<ButtonProps, "children" | "aria-label"> & {
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
      disabled={rest.disabled || busy}
      className={cn(look({ tone, size, shape: "icon" }), className)}
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
