import { Check, Minus } from "lucide-react"
import { Switch as SwitchPrimitive } from "radix-ui"
import { useId, type ComponentProps, type ReactNode } from "react"
import { cn } from "./cn.ts"

type CheckboxProps = Omit<ComponentProps<"input">, "type" | "checked" | "onChange" | "children"> & {
  checked: boolean | "indeterminate"
  onCheckedChange?: (checked: boolean) => void
}

const mark = "pointer-events-none absolute inset-0 m-auto size-3 stroke-[2.5px] text-on-accent opacity-0"

/** The browser's own checkbox in our dress. */
export function Checkbox({ checked, onCheckedChange, className, ...rest }: CheckboxProps) {
  const isMixed = checked === "indeterminate"
  return (
    <span className={cn("relative inline-flex size-4 shrink-0", className)}>
      <input
        {...rest}
        type="checkbox"
        checked={checked === true}
        ref={(input) => {
          if (input) input.indeterminate = isMixed
        }}
        onChange={(event) => onCheckedChange?.(event.target.checked)}
        className="peer focus-ring size-4 appearance-none rounded-sm border border-field bg-surface transition-colors duration-[120ms] after:absolute after:-inset-2 checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent hover:border-muted checked:hover:border-accent disabled:opacity-50"
      />
      {isMixed ? (
        <Minus aria-hidden className={cn(mark, "opacity-100")} />
      ) : (
        <Check aria-hidden className={cn(mark, "peer-checked:opacity-100")} />
      )}
    </span>
  )
}

/** The label is the name; the help is read after it, and not as a part of it. */
const namedBy = (id: string, help: ReactNode) => ({
  "aria-labelledby": `${id}-label`,
  ...(help ? { "aria-describedby": `${id}-help` } : {}),
})

type LineProps = { label: ReactNode; help?: ReactNode }

/** A checkbox with its words; the whole line is the target. */
export function CheckboxLine({ label, help, className, ...rest }: CheckboxProps & LineProps) {
  const id = useId()
  return (
    <label
      className={cn("flex min-h-6 items-start gap-2.5 py-0.5", rest.disabled && "opacity-60", className)}
    >
      <Checkbox {...rest} {...namedBy(id, help)} className="mt-0.5" />
      <span>
        <span id={`${id}-label`} className="block">
          {label}
        </span>
        {help && (
          <span id={`${id}-help`} className="block text-sm text-muted">
            {help}
          </span>
        )}
      </span>
    </label>
  )
}

/** On or off, at once. */
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
}: ComponentProps<typeof SwitchPrimitive.Root> & LineProps) {
  const id = useId()
  return (
    <label className="flex items-start justify-between gap-4">
      <span>
        <span id={`${id}-label`} className="block text-sm font-medium">
          {label}
        </span>
        {help && (
          <span id={`${id}-help`} className="block text-sm text-muted">
            {help}
          </span>
        )}
      </span>
      <Switch {...rest} {...namedBy(id, help)} className="mt-0.5" />
    </label>
  )
}
