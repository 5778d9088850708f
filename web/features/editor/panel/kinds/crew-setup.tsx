import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { ArrowUpRight } from "lucide-react"
import { useState } from "react"
import { crewNameQuery, crewSearchQuery } from "#web/api/choices.ts"
import { Field } from "#web/ui/field.tsx"
import { useSettled } from "#web/ui/use-settled.ts"
import { useEditor } from "../../editor-context.ts"
import { panelFields } from "../../model/schema-fields.ts"
import { ChoiceInput } from "../fields/choice-input.tsx"
import { FieldControl } from "../fields/field-control.tsx"
import { CrewOverrides } from "./crew-overrides.tsx"
import type { SetupProps } from "./http-setup.tsx"

/** Which crew works here, and on what. */
export function CrewSetup({ node, faultAt }: SetupProps) {
  const { commands, mayEdit } = useEditor()
  const id = typeof node.data["crew_id"] === "string" ? node.data["crew_id"] || undefined : undefined
  const [typed, setTyped] = useState("")
  const found = useQuery(crewSearchQuery(useSettled(typed.trim()))).data?.crews
  const named = useQuery({ ...crewNameQuery(id ?? ""), enabled: id !== undefined })
  const input = panelFields(node.type).own.find((one) => one.path === "input")
  return (
    <>
      <div className="flex flex-col gap-4 p-3">
        <Field
          label="Crew"
          error={faultAt("crew_id")}
          action={
            id !== undefined && (
              <Link
                to="/crews/$crewId"
                params={{ crewId: id }}
                className="focus-ring inline-flex items-center gap-1 rounded-sm text-sm text-accent-ink hover:underline"
              >
                Open
                <ArrowUpRight aria-hidden className="size-3" />
              </Link>
            )
          }
        >
          <ChoiceInput
            noun="crew"
            chosen={id === undefined ? "" : named.isError ? null : named.data}
            typed={typed}
            onType={setTyped}
            disabled={!mayEdit}
            options={found?.map((one) => ({
              value: one.id,
              label: one.name,
              note: one.collaboration_pattern,
            }))}
            onChoose={({ value, label }) => {
              commands.setField(node.id, "crew_id", value)
              // The node is called as its crew is, until somebody gives it a name of its own.
              if (!node.label || node.label === named.data) commands.setLabel(node.id, label)
            }}
          />
        </Field>
        {input && <FieldControl node={node} field={input} faultAt={faultAt} />}
      </div>
      {id !== undefined && !named.isError && (
        <CrewOverrides key={id} node={node} crewId={id} faultAt={faultAt} />
      )}
    </>
  )
}
