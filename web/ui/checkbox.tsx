import { Check, Minus } from "lucide-react"
import { Checkbox as CheckboxPrimitive, Switch as SwitchPrimitive } from "radix-ui"
import type { ComponentProps, ReactNode } from "react"
import { cn } from "./cn.ts"

type CheckboxProps = ComponentProps<typeof CheckboxPrimitive.Root>

export function Checkbox({ className, ...rest }: CheckboxProps) {
  return (
    <CheckboxPrimitive.Root
      {...rest}
      className={cn(
        "focus-ring group relative flex size-4 shrink-0 items-center justify-center rounded-sm border border-field bg-surface transition-colors duration-[120ms] after:absolute after:-inset-2 hover:border-muted disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent",
        className,
      )}
    >
      <CheckboxPrimitive.Indicator className="text-on-accent">
        <Check aria-hidden className="size-3 stroke-[2.5px] group-data-[state=indeterminate]:hidden" />
        <Minus aria-hidden className="hidden size-3 stroke-[2.5px] group-data-[state=indeterminate]:block" />
      </CheckboxPrimitive.Indicator>
    </CheckboxPrimitive.Root>
  )
}

/** A checkbox with its words; the whole line is the target. */
export function CheckboxLine({
  label,
  help,
  className,
  ...rest
}: CheckboxProps & { label: ReactNode; help?: ReactNode }) {
  return (
    <label
      className={cn("flex min-h-6 items-start gap-2.5 py-0.5", rest.disabled && "opacity-60", className)}
    >
      <Checkbox {...rest} className="mt-0.5" />
      <span>
        <span className="block">{label}</span>
        {help && <span className="block text-sm text-muted">{help}</span>}
      </span>
    </label>
  )
}

export function Switch({ className, ...rest }: ComponentProps<typeof SwitchPrimitive.Root>) {
  return (
    <SwitchPrimitive.Root
      {...rest}
      className={cn(
        "focus-ring relative inline-flex h-[1.125rem] w-[1.875rem] shrink-0 items-center rounded-full bg-field p-0.5 transition-colors duration-[140ms] after:absolute after:-inset-1.5 disabled:opacity-50 data-[state=checked]:bg-accent",
        className,
      )}
    >
      <SwitchPrimitive.Thumb className="size-3.5 rounded-full bg-on-accent shadow-near transition-transform duration-[140ms] ease-out data-[state=checked]:translate-x-3" />
    </SwitchPrimitive.Root>
  )
}

/** A switch with its words at the left, as settings have it. */
export function SwitchLine({
  label,
  help,
  ...rest
}: ComponentProps<typeof SwitchPrimitive.Root> & { label: ReactNode; help?: ReactNode }) {
  return (
    <label className="flex items-start justify-between gap-4">
      <span>
        <span className="block text-sm font-medium">{label}</span>
        {help && <span className="block text-sm text-muted">{help}</span>}
      </span>
      <Switch {...rest} className="mt-0.5" />
    </label>
  )
}
