import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { ArrowUpRight } from "lucide-react"
import { useState } from "react"
import { AgentOverrides } from "#core/agent/agent"
import type { Json } from "#core/json"
import { OverrideFields } from "#web/agent/overrides/override-fields.tsx"
import { agentNameQuery, agentSearchQuery } from "#web/api/choices.ts"
import { Field } from "#web/ui/field.tsx"
import { useSettled } from "#web/ui/use-settled.ts"
import { useEditor } from "../../editor-context.ts"
import { panelFields } from "../../model/schema-fields.ts"
import { ChoiceInput } from "../fields/choice-input.tsx"
import { FieldControl } from "../fields/field-control.tsx"
import { Section } from "../section.tsx"
import type { SetupProps } from "./http-setup.tsx"

/** Which agent works here, on what, and what is different about it. */
export function AgentSetup({ node, faultAt }: SetupProps) {
  const { commands, mayEdit } = useEditor()
  const id = typeof node.data["agent_id"] === "string" ? node.data["agent_id"] || undefined : undefined
  const [typed, setTyped] = useState("")
  const found = useQuery(agentSearchQuery(useSettled(typed.trim()))).data?.agents
  const named = useQuery({ ...agentNameQuery(id ?? ""), enabled: id !== undefined })
  const field = (path: string) => panelFields(node.type).own.find((one) => one.path === path)
  const [task, history] = [field("task"), field("history")]
  return (
    <>
      <div className="flex flex-col gap-4 p-3">
        <Field
          label="Agent"
          error={faultAt("agent_id")}
          action={
            id !== undefined && (
              <Link
                to="/agents/$agentId"
                params={{ agentId: id }}
                className="focus-ring inline-flex items-center gap-1 rounded-sm text-sm text-accent-ink hover:underline"
              >
                Open
                <ArrowUpRight aria-hidden className="size-3" />
              </Link>
            )
          }
        >
          <ChoiceInput
            noun="agent"
            chosen={id === undefined ? "" : named.isError ? null : named.data?.name}
            typed={typed}
            onType={setTyped}
            disabled={!mayEdit}
            options={found
              ?.filter((one) => one.status !== "archived")
              .map((one) => ({ value: one.id, label: one.name, note: one.role.slice(0, 24) }))}
            onChoose={({ value, label }) => {
              commands.setField(node.id, "agent_id", value)
              // The node is called as its agent is, until somebody gives it a name of its own.
              if (!node.label || node.label === named.data?.name) commands.setLabel(node.id, label)
            }}
          />
        </Field>
        {task && <FieldControl node={node} field={task} faultAt={faultAt} />}
      </div>
      {id !== undefined && !named.isError && (
        <Section title="Different here" startsOpen={node.data["overrides"] !== undefined}>
          <Overrides node={node} agentId={id} faultAt={faultAt} />
        </Section>
      )}
      {history && (
        <Section title="What was said before" startsOpen={node.data["history"] !== undefined}>
          <FieldControl node={node} field={history} faultAt={faultAt} />
        </Section>
      )}
    </>
  )
}

/** What is different about the agent in this step. */
function Overrides({ node, agentId, faultAt }: SetupProps & { agentId: string }) {
  const { commands, mayEdit } = useEditor()
  return (
    <OverrideFields
      key={agentId}
      agentId={agentId}
      value={AgentOverrides.safeParse(node.data["overrides"] ?? {}).data}
      onChange={(overrides) => commands.setField(node.id, "overrides", overrides as Json | undefined)}
      faultAt={(path) => faultAt(`overrides.${path}`)}
      disabled={!mayEdit}
    />
  )
}
