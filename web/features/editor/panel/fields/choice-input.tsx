import type { ComponentProps } from "react"
import { Combobox, type ComboOption } from "#web/ui/combobox.tsx"

type ChoiceInputProps = Pick<ComponentProps<"input">, "id" | "aria-describedby" | "aria-invalid"> & {
  /** What is chosen: its name, `null` where it is gone, undefined while it is looked up; empty when nothing is. */
  chosen: string | null | undefined
  typed: string
  onType: (typed: string) => void
  /** What fits what is typed; undefined while it is looked for. */
  options: readonly ComboOption[] | undefined
  onChoose: (option: ComboOption) => void
  disabled: boolean
  /** What is chosen from: "agent". */
  noun: string
}

/** One thing of the tenant, found by its name. */
export const ChoiceInput = ({ chosen, options, noun, ...rest }: ChoiceInputProps) => (
  <Combobox
    {...rest}
    chosen={chosen === null ? `This ${noun} is gone` : (chosen ?? "…")}
    placeholder={`Search ${noun}s`}
    nothing={options ? `No ${noun} is called that.` : `Looking for ${noun}s…`}
    options={options ?? []}
  />
)
