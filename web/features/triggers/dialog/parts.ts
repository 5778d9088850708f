import type { FormState } from "#web/ui/use-form.ts"
import type { TriggerValues } from "./values.ts"

/** What each group of fields is given. */
export type Parts = Pick<FormState<TriggerValues>, "values" | "errors" | "set"> & {
  /** Hears whether a field holds text that cannot be sent yet, such as half an object. */
  onTypingFault: (field: string, fault: string | undefined) => void
}
