import type { ComponentProps } from "react"
import { cn } from "./cn.ts"
import { fieldLook } from "./input.tsx"

type SelectOption = { value: string; label: string; disabled?: boolean }

type SelectProps = Omit<ComponentProps<"select">, "children" | "onChange"> & {
  options: readonly SelectOption[]
  onChange?: (value: string) => void
}

/**
 * The browser's own select, so that phones show their picker and every key works; select.css dresses its list where the
 * browser allows it.
 */
export function Select({ options, onChange, className, ...rest }: SelectProps) {
  return (
    <select
      {...rest}
      onChange={(event) => onChange?.(event.target.value)}
      className={cn(fieldLook, "select h-control cursor-default", className)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value} disabled={option.disabled}>
          {option.label}
        </option>
      ))}
    </select>
  )
}
