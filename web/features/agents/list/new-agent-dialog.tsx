import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useState, type ReactNode } from "react"
import { AgentDraft } from "#core/agent/agent"
import { cn } from "#web/ui/cn.ts"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Input } from "#web/ui/input.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { agentExamplesQuery, blankAgent, useAgentActs } from "../queries.ts"
import { BlankFace, cardLook, ExampleFace, type Example } from "./example-card.tsx"

/** Names a new agent and chooses what it begins as. */
export default function NewAgentDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const { create } = useAgentActs()
  const examples = useQuery(agentExamplesQuery)
  const [chosen, setChosen] = useState<Example | null>(null)
  const form = useForm({
    initial: { name: "" },
    toBody: ({ name }) => {
      const named = name.trim() || chosen?.agent.name || "Untitled agent"
      return chosen ? { ...chosen.agent, name: named } : blankAgent(named)
    },
    schema: AgentDraft,
    submit: async (draft) => {
      const { agent } = await create.mutateAsync(draft)
      const search = chosen ? { task: chosen.sample_task } : {}
      await navigate({ to: "/agents/$agentId", params: { agentId: agent.id }, search })
    },
  })
  return (
    <FormDialog
      form={form}
      act="Create agent"
      onClose={onClose}
      size="lg"
      title="New agent"
      className="gap-5"
    >
      <Field label="Name" error={form.errors["name"]}>
        <Input
          autoFocus
          maxLength={120}
          placeholder={chosen?.agent.name ?? "Untitled agent"}
          value={form.values.name}
          onChange={(event) => form.set({ name: event.target.value })}
        />
      </Field>
      <fieldset>
        <legend className="mb-2 text-sm font-medium">Begin with</legend>
        {examples.error && <ErrorNote error={examples.error} className="mb-3" />}
        <div className="grid gap-3 sm:grid-cols-2 md:grid-cols-3">
          <Choice checked={chosen === null} onChoose={() => setChosen(null)}>
            <BlankFace />
          </Choice>
          {examples.data?.examples.map((example) => (
            <Choice key={example.id} checked={chosen?.id === example.id} onChoose={() => setChosen(example)}>
              <ExampleFace example={example} />
            </Choice>
          ))}
        </div>
      </fieldset>
    </FormDialog>
  )
}

type ChoiceProps = { checked: boolean; onChoose: () => void; children: ReactNode }

const Choice = ({ checked, onChoose, children }: ChoiceProps) => (
  <label
    className={cn(
      cardLook,
      "has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-focus",
      checked && "border-accent ring-1 ring-accent hover:border-accent",
    )}
  >
    <input type="radio" name="example" checked={checked} onChange={onChoose} className="sr-only" />
    {children}
  </label>
)
