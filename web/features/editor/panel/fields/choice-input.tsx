import { useState, type ComponentProps } from "react"
import { Combobox, type ComboOption } from "#web/ui/combobox.tsx"

type ChoiceInputProps = Pick<ComponentProps<"input">, "id" | "aria-describedby" | "aria-invalid"> & {
  value: string | undefined
  /** Undefined while they are looked up. */
  options: readonly ComboOption[] | undefined
  onChoose: (option: ComboOption) => void
  disabled: boolean
  /** What is chosen from: "agent". */
  noun: string
}

/** One thing of the tenant, chosen by its name. */
export function ChoiceInput({ value, options, onChoose, disabled, noun, ...rest }: ChoiceInputProps) {
  const [typed, setTyped] = useState("")
  const wanted = typed.trim().toLowerCase()
  const chosen = options?.find((one) => one.value === value)?.label
  return (
    <Combobox
      {...rest}
      disabled={disabled}
      chosen={value === undefined ? "" : (chosen ?? (options ? `This ${noun} is gone` : "…"))}
      typed={typed}
      onType={setTyped}
      placeholder={`Search ${noun}s`}
      nothing={options ? `No ${noun} is called that.` : `Looking for ${noun}s…`}
      options={(options ?? []).filter(({ label, note }) =>
        `${label} ${note ?? ""}`.toLowerCase().includes(wanted),
      )}
      onChoose={onChoose}
    />
  )
}
