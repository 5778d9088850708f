import { useQuery } from "@tanstack/react-query"
import { useState, type ComponentProps } from "react"
import { risks } from "#web/agent/tools/risk-badge.tsx"
import { sayToolKind } from "#web/agent/tools/say-kind.ts"
import { toolSearchQuery } from "#web/api/choices.ts"
import { useSettled } from "#web/ui/use-settled.ts"
import type { NodeTool } from "../use-tool.ts"
import { ChoiceInput } from "./choice-input.tsx"

type ToolInputProps = Pick<ComponentProps<"input">, "id" | "aria-describedby" | "aria-invalid"> & {
  /** What is chosen; null where it is gone, undefined while it is looked up or nothing is. */
  chosen: NodeTool | null | undefined
  isChosen: boolean
  disabled: boolean
  onChoose: (id: string, name: string) => void
}

/** A tool of the tenant or of everybody, found by a part of its name or of what it does. */
export function ToolInput({ chosen, isChosen, onChoose, ...rest }: ToolInputProps) {
  const [typed, setTyped] = useState("")
  const search = useSettled(typed.trim())
  const offered = useQuery(toolSearchQuery(search)).data
  return (
    <ChoiceInput
      {...rest}
      noun="tool"
      chosen={isChosen ? (chosen === null ? null : chosen?.name) : ""}
      typed={typed}
      onType={setTyped}
      options={offered?.map(({ id, name, risk, own }) => ({
        value: id,
        label: name,
        note: `${sayToolKind(own)} · ${risks[risk].word.toLowerCase()}`,
      }))}
      onChoose={({ value, label }) => onChoose(value, label)}
    />
  )
}
