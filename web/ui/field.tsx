import { CircleAlert } from "lucide-react"
import { Slot } from "radix-ui"
import { useId, type ReactNode } from "react"
import { cn } from "./cn.ts"

type FieldProps = {
  label: ReactNode
  help?: ReactNode
  error?: string | undefined
  /** Said beside the label, such as "optional". */
  note?: ReactNode
  /** A link or button at the label's right end. */
  action?: ReactNode
  className?: string
  /** The control; it receives `id`, `aria-describedby` and `aria-invalid`. */
  children: ReactNode
}

/** Label above, help under, and the error where the eye already is. */
export function Field({ label, help, error, note, action, className, children }: FieldProps) {
  const id = useId()
  const described = [error && `${id}-error`, help && `${id}-help`].filter(Boolean).join(" ")
  return (
    <div className={cn("flex min-w-0 flex-col gap-1", className)}>
      <div className="flex min-h-5 items-baseline justify-between gap-3">
        <label htmlFor={id} className="text-sm font-medium text-ink">
          {label}
          {note && <span className="ml-0.5 font-normal text-muted"> {note}</span>}
        </label>
        {action}
      </div>
      <Slot.Root id={id} aria-describedby={described || undefined} aria-invalid={error ? true : undefined}>
        {children}
      </Slot.Root>
      {error && (
        <p id={`${id}-error`} role="alert" className="flex items-start gap-1.5 text-sm text-failed">
          <CircleAlert aria-hidden className="mt-px size-3.5" />
          <span className="min-w-0 break-words">{error}</span>
        </p>
      )}
      {help && (
        <p id={`${id}-help`} className="text-sm text-muted">
          {help}
        </p>
      )}
    </div>
  )
}

/** Several controls under one question, such as a list of checkboxes. */
export function FieldSet({
  legend,
  help,
  error,
  children,
}: {
  legend: ReactNode
  help?: ReactNode
  error?: string | undefined
  children: ReactNode
}) {
  const id = useId()
  return (
    <fieldset
      className="flex min-w-0 flex-col gap-1.5"
      aria-describedby={error ? `${id}-error` : help ? `${id}-help` : undefined}
    >
      <legend className="mb-1 text-sm font-medium">{legend}</legend>
      {help && (
        <p id={`${id}-help`} className="-mt-1 mb-1 text-sm text-muted">
          {help}
        </p>
      )}
      {children}
      {error && (
        <p id={`${id}-error`} role="alert" className="flex items-start gap-1.5 text-sm text-failed">
          <CircleAlert aria-hidden className="mt-px size-3.5" />
          {error}
        </p>
      )}
    </fieldset>
  )
}
