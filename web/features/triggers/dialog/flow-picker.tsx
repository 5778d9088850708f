import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { useState, type ComponentProps } from "react"
import { flowsApi } from "#core/contract/flows"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { Combobox } from "#web/ui/combobox.tsx"
import { useSettled } from "#web/ui/use-settled.ts"

type FlowPickerProps = Omit<ComponentProps<"input">, "value" | "onChange" | "onSelect"> & {
  /** The chosen flow's name, or its id when the name is not known. */
  chosen: string
  onChoose: (flow: { id: string; name: string }) => void
}

/** One of the tenant's flows, found by a part of its name. */
export function FlowPicker({ chosen, onChoose, ...rest }: FlowPickerProps) {
  const [typed, setTyped] = useState("")
  const search = useSettled(typed)
  const query = { search, limit: 20, sort: search ? "name" : "-updated_at" }
  const found = useQuery({
    queryKey: queryKeys.flowList({ picker: query }),
    queryFn: ({ signal }) => call(flowsApi.list, { query, signal }),
    placeholderData: keepPreviousData,
  })
  return (
    <Combobox
      {...rest}
      chosen={chosen}
      typed={typed}
      onType={setTyped}
      options={(found.data?.flows ?? []).map(({ id, name, published_version: version }) => ({
        value: id,
        label: name,
        ...(version === null ? { note: "draft" } : {}),
      }))}
      onChoose={({ value, label }) => onChoose({ id: value, name: label })}
      nothing={found.isPending ? "Looking…" : "No flow has this in its name"}
      placeholder="Search flows"
    />
  )
}
