import { useQuery } from "@tanstack/react-query"
import { useNavigate } from "@tanstack/react-router"
import { useState, type ReactNode } from "react"
import { CrewDraft } from "#core/crew/crew"
import { cn } from "#web/ui/cn.ts"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Input } from "#web/ui/input.tsx"
import { useForm } from "#web/ui/use-form.ts"
import { blankCrew, crewExamplesQuery, useCrewActs } from "../queries.ts"
import { blankFace, CardFace, cardLook, sampleOf, type Example } from "./example-card.tsx"

/** Names a new crew, or takes an example with its agents. */
export default function NewCrewDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const { create, begin } = useCrewActs()
  const examples = useQuery(crewExamplesQuery)
  const [chosen, setChosen] = useState<Example | null>(null)
  const form = useForm({
    initial: { name: "" },
    toBody: ({ name }) => blankCrew(name.trim() || "Untitled crew"),
    schema: CrewDraft,
    submit: async (draft) => {
      const { crew } = chosen ? await begin.mutateAsync(chosen.id) : await create.mutateAsync(draft)
      const search = chosen ? sampleOf(chosen) : {}
      await navigate({ to: "/crews/$crewId", params: { crewId: crew.id }, search })
    },
  })
  return (
    <FormDialog form={form} act="Create crew" onClose={onClose} size="lg" title="New crew" className="gap-5">
      <Field
        label="Name"
        error={form.errors["name"]}
        help={chosen ? "The example keeps its name; you can change it afterwards." : undefined}
      >
        <Input
          autoFocus
          maxLength={120}
          disabled={chosen !== null}
          placeholder={chosen?.name ?? "Untitled crew"}
          value={chosen ? "" : form.values.name}
          onChange={(event) => form.set({ name: event.target.value })}
        />
      </Field>
      <fieldset>
        <legend className="mb-2 text-sm font-medium">Begin with</legend>
        {examples.error && <ErrorNote error={examples.error} className="mb-3" />}
        <div className="grid gap-3 sm:grid-cols-2 md:grid-cols-3">
          <Choice checked={chosen === null} onChoose={() => setChosen(null)}>
            <CardFace {...blankFace} />
          </Choice>
          {examples.data?.examples.map((example) => (
            <Choice key={example.id} checked={chosen?.id === example.id} onChoose={() => setChosen(example)}>
              <CardFace {...example} />
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
