import { useQuery } from "@tanstack/react-query"
import { X } from "lucide-react"
import { useState, type ComponentProps } from "react"
import { Combobox } from "#web/ui/combobox.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { useSettled } from "#web/ui/use-settled.ts"
import { flowNameQuery, flowSearchQuery } from "../queries.ts"

type FlowInputProps = Pick<ComponentProps<"input">, "id" | "aria-describedby" | "aria-invalid"> & {
  value: string | undefined
  onChange: (id: string | undefined) => void
  disabled: boolean
  /** A flow that cannot be chosen: the one that is edited. */
  except: string
  /** What an empty choice means; without it a flow has to be chosen. */
  none?: string
}

/** A flow of the tenant, found by its name. */
export function FlowInput({ value, onChange, disabled, except, none, ...rest }: FlowInputProps) {
  const [typed, setTyped] = useState("")
  const found = useQuery(flowSearchQuery(useSettled(typed.trim(), 150))).data ?? []
  const name = useQuery({ ...flowNameQuery(value ?? ""), enabled: value !== undefined })
  const chosen = value === undefined ? "" : (name.data ?? (name.isError ? "A flow that is gone" : "…"))
  return (
    <div className="flex gap-1">
      <div className="min-w-0 flex-1">
        <Combobox
          {...rest}
          disabled={disabled}
          chosen={chosen}
          typed={typed}
          onType={setTyped}
          placeholder={none ?? "Search flows"}
          nothing="No other flow is called that."
          options={found
            .filter((flow) => flow.id !== except)
            .map((flow) => ({
              value: flow.id,
              label: flow.name,
              note: flow.published_version === null ? "not published" : `version ${flow.published_version}`,
            }))}
          onChoose={(option) => onChange(option.value)}
        />
      </div>
      {none !== undefined && value !== undefined && !disabled && (
        <IconButton label="Choose no flow" className="shrink-0" onClick={() => onChange(undefined)}>
          <X />
        </IconButton>
      )}
    </div>
  )
}
