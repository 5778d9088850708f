import type { ReactNode } from "react"
import { cn } from "./cn.ts"
import { ErrorNote } from "./error-note.tsx"
import type { FormState } from "./use-form.ts"

type FormProps = {
  form: Pick<FormState<object>, "bind" | "failure">
  /** Ties a button outside of it, such as one in a dialog's footer. */
  id?: string
  className?: string
  children: ReactNode
}

/** Fields in a column under what went wrong as a whole. Checking is ours: the browser's bubbles say less. */
export const Form = ({ form, id, className, children }: FormProps) => (
  <form id={id} {...form.bind} noValidate className={cn("flex flex-col gap-4", className)}>
    {form.failure !== null && <ErrorNote error={form.failure} />}
    {children}
  </form>
)
