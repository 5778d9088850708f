import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useState, type ReactNode } from "react"
import { FlowDraft } from "#core/contract/flows"
import { cn } from "#web/ui/cn.ts"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Input } from "#web/ui/input.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { blankDraft } from "./blank.ts"
import { templatesQuery, useFlowActs } from "./queries.ts"
import { BlankFace, cardLook, TemplateFace, type Template } from "./template-card.tsx"

/** Names a new flow and chooses what it begins with. */
export default function NewFlowDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const { create } = useFlowActs()
  const [chosen, setChosen] = useState<Template | null>(null)
  const form = useForm({
    initial: { name: "" },
    toBody: ({ name }) => {
      const named = name.trim() || chosen?.name || "Untitled flow"
      return chosen ? { ...chosen.flow, name: named } : blankDraft(named)
    },
    schema: FlowDraft,
    submit: async (draft) => {
      const { flow } = await create.mutateAsync(draft)
      await navigate({ to: "/flows/$flowId", params: { flowId: flow.id } })
    },
  })
  return (
    <FormDialog form={form} act="Create flow" onClose={onClose} size="lg" title="New flow" className="gap-5">
      <Field label="Name" error={form.errors["name"]}>
        <Input
          autoFocus
          maxLength={200}
          placeholder={chosen?.name ?? "Untitled flow"}
          value={form.values.name}
          onChange={(event) => form.set({ name: event.target.value })}
        />
      </Field>
      <TemplateChoice chosen={chosen} onChoose={setChosen} />
    </FormDialog>
  )
}

type TemplateChoiceProps = { chosen: Template | null; onChoose: (template: Template | null) => void }

function TemplateChoice({ chosen, onChoose }: TemplateChoiceProps) {
  const templates = useQuery(templatesQuery)
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-medium">Begin with</legend>
      {templates.error && <ErrorNote error={templates.error} className="mb-3" />}
      <div className="grid gap-3 sm:grid-cols-2 md:grid-cols-3">
        <Choice checked={chosen === null} onChoose={() => onChoose(null)}>
          <BlankFace />
        </Choice>
        {templates.data?.templates.map((template) => (
          <Choice key={template.id} checked={chosen?.id === template.id} onChoose={() => onChoose(template)}>
            <TemplateFace template={template} />
          </Choice>
        ))}
      </div>
    </fieldset>
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
    <input type="radio" name="template" checked={checked} onChange={onChoose} className="sr-only" />
    {children}
  </label>
)
