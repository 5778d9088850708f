import { useQuery } from "@tanstack/react-query"
import { useState, type ComponentProps } from "react"
import type { BudgetScope } from "#core/governor/budget"
import {
  agentSearchQuery,
  crewSearchQuery,
  flowChoicesQuery,
  providerChoicesQuery,
} from "#web/api/choices.ts"
import { Combobox } from "#web/ui/combobox.tsx"
import { Field } from "#web/ui/field.tsx"

type Target = { id: string; name: string }
type TargetFieldProps = {
  scope: Exclude<BudgetScope, "tenant">
  chosen: Target | null
  error: string | undefined
  onChoose: (target: Target) => void
}

const labels = { provider: "Model provider", crew: "Crew", agent: "Agent", execution: "Flow" } as const

/** What a budget is of, found by a part of its name. */
export const TargetField = ({ scope, chosen, error, onChoose }: TargetFieldProps) => (
  <Field
    label={labels[scope]}
    error={error}
    {...(scope === "execution"
      ? { note: "optional", help: "Without one, it holds executions of every flow." }
      : {})}
  >
    <Picker scope={scope} chosen={chosen} onChoose={onChoose} />
  </Field>
)

type PickerProps = Omit<ComponentProps<"input">, "value" | "onChange" | "onSelect"> &
  Omit<TargetFieldProps, "error">

function Picker({ scope, chosen, onChoose, ...rest }: PickerProps) {
  const [typed, setTyped] = useState("")
  const { targets, isPending } = useTargets(scope, typed)
  return (
    <Combobox
      {...rest}
      chosen={chosen?.name ?? ""}
      typed={typed}
      onType={setTyped}
      options={targets.map(({ id, name }) => ({ value: id, label: name }))}
      onChoose={({ value, label }) => onChoose({ id: value, name: label })}
      nothing={isPending ? "Looking…" : "Nothing has this in its name"}
      placeholder="Search by name"
    />
  )
}

function useTargets(
  scope: TargetFieldProps["scope"],
  typed: string,
): { targets: Target[]; isPending: boolean } {
  const providers = useQuery({ ...providerChoicesQuery, enabled: scope === "provider" })
  const crews = useQuery({ ...crewSearchQuery(typed), enabled: scope === "crew" })
  const agents = useQuery({ ...agentSearchQuery(typed), enabled: scope === "agent" })
  const flows = useQuery({ ...flowChoicesQuery, enabled: scope === "execution" })
  const found = {
    provider: providers.data?.llm_providers,
    crew: crews.data?.crews,
    agent: agents.data?.agents,
    execution: flows.data?.flows,
  }[scope]
  const wanted = typed.toLowerCase()
  const targets = (found ?? []).filter(({ name }) => name.toLowerCase().includes(wanted))
  return { targets, isPending: found === undefined }
}
