import { useNavigate } from "@tanstack/react-router"
import { FileUp } from "lucide-react"
import { useState, type DragEvent } from "react"
import { crewsApi, type CrewImportReport } from "#core/contract/crews"
import type { CrewId } from "#core/ids"
import { Button } from "#web/ui/button.tsx"
import { cn } from "#web/ui/cn.ts"
import { Dialog } from "#web/ui/dialog.tsx"
import { Field } from "#web/ui/field.tsx"
import { FormDialog } from "#web/ui/form-dialog.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { Segments } from "#web/ui/segments.tsx"
import { useForm, type FormState } from "#web/ui/use-form.ts"
import { useCrewActs } from "../queries.ts"
import { ImportReport } from "./import-report.tsx"

type Values = {
  name: string
  agents_yaml: string
  tasks_yaml: string
  collaboration_pattern: "sequential" | "hierarchical"
}

/** Takes a crew over from CrewAI: two files, pasted or dropped, then what became of each field. */
export default function ImportDialog({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const { bringIn } = useCrewActs()
  const [done, setDone] = useState<{ id: CrewId; name: string; report: CrewImportReport } | null>(null)
  const form = useForm<Values, (typeof crewsApi.import.body)["_output"]>({
    initial: { name: "", agents_yaml: "", tasks_yaml: "", collaboration_pattern: "sequential" },
    toBody: (values) => ({ ...values, name: values.name.trim() || "Imported crew" }),
    schema: crewsApi.import.body,
    submit: async (body) => {
      const { crew, report } = await bringIn.mutateAsync(body)
      setDone({ id: crew.id, name: crew.name, report })
    },
  })
  if (done) {
    const open = () => void navigate({ to: "/crews/$crewId", params: { crewId: done.id } })
    return (
      <Dialog
        open
        onOpenChange={onClose}
        size="lg"
        title={`Imported “${done.name}”`}
        footer={
          <>
            <Button tone="ghost" onClick={onClose}>
              Close
            </Button>
            <Button tone="primary" onClick={open}>
              Open the crew
            </Button>
          </>
        }
      >
        <ImportReport report={done.report} />
      </Dialog>
    )
  }
  return (
    <FormDialog
      form={form}
      act="Import crew"
      onClose={onClose}
      size="lg"
      title="Import from CrewAI"
      description="Paste or drop agents.yaml and tasks.yaml. What has no counterpart here is listed, and nothing is dropped silently."
    >
      <Field label="Name" error={form.errors["name"]}>
        <Input
          maxLength={120}
          placeholder="Imported crew"
          value={form.values.name}
          onChange={({ target }) => form.set({ name: target.value })}
        />
      </Field>
      <div className="grid gap-4 md:grid-cols-2">
        <FileField form={form} field="agents_yaml" label="agents.yaml" />
        <FileField form={form} field="tasks_yaml" label="tasks.yaml" />
      </div>
      <Segments
        label="Pattern"
        value={form.values.collaboration_pattern}
        onChange={(collaboration_pattern) => form.set({ collaboration_pattern })}
        segments={[
          { value: "sequential", label: "Sequential" },
          { value: "hierarchical", label: "Hierarchical" },
        ]}
      />
    </FormDialog>
  )
}

/** Which of the two a file is, by its name and else by what stands in it. */
export function fieldOfFile(name: string, text: string): "agents_yaml" | "tasks_yaml" | null {
  if (/task/i.test(name)) return "tasks_yaml"
  if (/agent/i.test(name)) return "agents_yaml"
  if (/^\s+expected_output:/m.test(text)) return "tasks_yaml"
  return /^\s+(role|backstory|goal):/m.test(text) ? "agents_yaml" : null
}

type FileFieldProps = {
  form: FormState<Values>
  field: "agents_yaml" | "tasks_yaml"
  label: string
}

function FileField({ form, field, label }: FileFieldProps) {
  const [isOver, setOver] = useState(false)
  const take = async (files: readonly File[]) => {
    const texts = await Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() })))
    // Both dropped at once find their places by themselves.
    for (const { name, text } of texts) {
      form.set({ [texts.length === 1 ? field : (fieldOfFile(name, text) ?? field)]: text })
    }
  }
  const onDrop = (event: DragEvent) => {
    if (event.dataTransfer.files.length === 0) return
    event.preventDefault()
    setOver(false)
    void take([...event.dataTransfer.files])
  }
  const pick = () => {
    const picker = document.createElement("input")
    picker.type = "file"
    picker.multiple = true
    picker.accept = ".yaml,.yml,application/yaml"
    picker.addEventListener("change", () => void take([...(picker.files ?? [])]))
    picker.click()
  }
  return (
    <Field
      label={label}
      error={form.errors[field]}
      action={
        <Button size="xs" tone="ghost" onClick={pick}>
          <FileUp aria-hidden />
          Choose a file
        </Button>
      }
    >
      <Textarea
        rows={10}
        spellCheck={false}
        placeholder="Paste it here, or drop the file"
        value={form.values[field]}
        onChange={({ target }) => form.set({ [field]: target.value })}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
        className={cn("font-mono text-sm", isOver && "border-accent ring-1 ring-accent")}
      />
    </Field>
  )
}
