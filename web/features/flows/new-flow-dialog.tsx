import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useState, type ReactNode } from "react"
import { FlowDraft } from "#core/contract/flows"
import { cn } from "#web/ui/cn.ts"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Input, SearchInput } from "#web/ui/input.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { blankDraft } from "./blank.ts"
import { matching } from "./gallery.ts"
import { templatesQuery, useFlowActs } from "./queries.ts"
import { BlankFace, cardLook, TemplateFace, type Template } from "./template-card.tsx"
import { TemplatePreview } from "./template-preview.tsx"

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
    <FormDialog form={form} act="Create flow" onClose={onClose} size="xl" title="New flow" className="gap-5">
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
  const [search, setSearch] = useState("")
  const found = matching(templates.data?.templates ?? [], search)
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-medium">Begin with</legend>
      {templates.error && <ErrorNote error={templates.error} className="mb-3" />}
      <div className="grid gap-5 md:grid-cols-[minmax(0,1fr)_18rem]">
        <div className="min-w-0">
          <div
            role="presentation"
            // Enter would make a flow of what was chosen before.
            onKeyDown={(event) => {
              if (event.key !== "Enter") return
              event.preventDefault()
              if (found[0]) onChoose(found[0])
            }}
          >
            <SearchInput
              label="Search templates"
              value={search}
              onChange={setSearch}
              className="mb-3 w-full"
            />
          </div>
          <div className="grid gap-3 sm:grid-cols-2">
            {search.trim() === "" && (
              <Choice checked={chosen === null} onChoose={() => onChoose(null)}>
                <BlankFace />
              </Choice>
            )}
            {found.map((template) => (
              <Choice
                key={template.id}
                checked={chosen?.id === template.id}
                onChoose={() => onChoose(template)}
              >
                <TemplateFace template={template} isWhole={chosen?.id === template.id} />
              </Choice>
            ))}
          </div>
          {templates.data && found.length === 0 && (
            <p role="status" className="py-4 text-muted">
              No template has all of these words.
            </p>
          )}
        </div>
        {/* Beside the cards, so that none of them moves when another is chosen. On a phone the card says it all. */}
        <div className="max-md:hidden">
          <TemplatePreview template={chosen} />
        </div>
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
