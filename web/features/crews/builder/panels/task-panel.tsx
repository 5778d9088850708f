import { Trash2 } from "lucide-react"
import type { CrewDraft, CrewTask } from "#core/crew/crew"
import { FormSection } from "#web/agent/form-section.tsx"
import { GuardrailsInput } from "#web/agent/guardrails-input.tsx"
import { SchemaField } from "#web/agent/schema-field.tsx"
import { faultsUnder, type Faults } from "#web/agent/use-draft.ts"
import { CheckboxLine, SwitchLine } from "#web/ui/checkbox.tsx"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Textarea } from "#web/ui/input.tsx"
import { Select } from "#web/ui/select.tsx"
import { toast } from "#web/ui/toast.tsx"
import { useBuilder, wordsAt } from "../builder-context.ts"
import { withoutTask, withTaskAt } from "../edits.ts"
import { NameField, PanelHead } from "./parts.tsx"

type TaskParts = {
  task: CrewTask
  at: number
  put: (patch: Partial<CrewTask>) => void
  /** What is wrong with a field, from whichever side. */
  faultOf: (field: string) => string | undefined
}

/** One task: what is to be done, by whom, with what, and what its result must keep to. */
export function TaskPanel({ id }: { id: string }) {
  const builder = useBuilder()
  const { crew, set, mayEdit, faults, onOpen } = builder
  const at = crew.tasks.findIndex((task) => task.id === id)
  const task = crew.tasks[at]
  if (!task) return null
  const parts: TaskParts = {
    task,
    at,
    put: (patch) => set(withTaskAt(crew, at, patch)),
    faultOf: (field) => faults[`tasks.${at}.${field}`] ?? wordsAt(builder, id, field),
  }
  const remove = () => {
    const { tasks } = crew
    set(withoutTask(crew, at))
    onOpen({ is: "crew" })
    toast.done(`Removed the task ${id}`, { onClick: () => set({ tasks }) })
  }
  return (
    <>
      <PanelHead
        title={id}
        under={`Task ${at + 1} of ${crew.tasks.length}`}
        actions={
          mayEdit && (
            <IconButton label={`Remove the task ${id}`} size="sm" onClick={remove}>
              <Trash2 />
            </IconButton>
          )
        }
      />
      <FormSection title="Task">
        <NameField
          label="Name"
          help={`Later tasks speak of its result as {{ tasks.${id} }}.`}
          value={id}
          taken={crew.tasks.map((one) => one.id)}
          onRename={(name) => {
            set(withTaskAt(crew, at, { id: name }))
            onOpen({ is: "task", id: name })
          }}
        />
        <What {...parts} />
        <Who {...parts} />
      </FormSection>
      <FormSection title="Given from before">
        <Context {...parts} />
      </FormSection>
      <FormSection title="Result">
        <Result {...parts} />
      </FormSection>
    </>
  )
}

function What({ task, put, faultOf }: TaskParts) {
  const { mayEdit } = useBuilder()
  return (
    <>
      <Field
        label="What is to be done"
        error={faultOf("description")}
        help="May hold expressions, such as {{ input.topic }}."
      >
        <Textarea
          rows={5}
          disabled={!mayEdit}
          value={task.description}
          onChange={({ target }) => put({ description: target.value })}
        />
      </Field>
      <Field
        label="Expected output"
        note="optional"
        error={faultOf("expected_output")}
        help="What a good result looks like."
      >
        <Textarea
          rows={2}
          disabled={!mayEdit}
          value={task.expected_output}
          onChange={({ target }) => put({ expected_output: target.value })}
        />
      </Field>
    </>
  )
}

const nobody: Record<CrewDraft["collaboration_pattern"], string> = {
  sequential: "Choose a member",
  parallel: "Choose a member",
  hierarchical: "Whom the manager chooses",
  debate: "Everybody, and the judge decides",
}

function Who({ task, put, faultOf }: TaskParts) {
  const { crew, mayEdit } = useBuilder()
  const { collaboration_pattern: pattern } = crew
  const isGone = task.position !== undefined && !crew.agents.some((one) => one.position === task.position)
  // In a debate everybody speaks; a position that another pattern left behind is only shown to be taken away.
  if (pattern === "debate" && task.position === undefined) {
    return <p className="text-muted">Everybody speaks to it, and the judge decides.</p>
  }
  return (
    <Field label="Who does it" error={faultOf("position")}>
      <Select
        disabled={!mayEdit}
        value={task.position ?? ""}
        onChange={(position) => put({ position: position === "" ? undefined : position })}
        options={[
          { value: "", label: nobody[pattern] },
          ...crew.agents.map(({ position }) => ({ value: position, label: position })),
          ...(isGone ? [{ value: task.position ?? "", label: `${task.position}, who is gone` }] : []),
        ]}
      />
    </Field>
  )
}

/** The results that the task is given: the one before it, unless others are chosen. */
function Context({ task, at, put, faultOf }: TaskParts) {
  const { crew, mayEdit } = useBuilder()
  const earlier = crew.tasks.slice(0, at).map((one) => one.id)
  const chosen = task.context
  const strange = (chosen ?? []).filter((one) => !earlier.includes(one))
  const usual =
    crew.collaboration_pattern === "parallel"
      ? "Nothing: it begins with the others"
      : earlier.length > 0
        ? `The result of ${earlier.at(-1)}`
        : "Nothing: it is the first"
  const toggle = (id: string, on: boolean) =>
    put({ context: on ? [...(chosen ?? []), id] : (chosen ?? []).filter((one) => one !== id) })
  return (
    <FieldSet legend="Results of earlier tasks" error={faultOf("context")}>
      <CheckboxLine
        label={usual}
        help="As the pattern has it"
        checked={chosen === undefined}
        disabled={!mayEdit}
        onCheckedChange={(on) => put({ context: on ? undefined : earlier.slice(-1) })}
      />
      {chosen !== undefined && (
        <div className="ml-1 flex flex-col border-l border-line pl-3">
          {[...earlier, ...strange].map((id) => (
            <CheckboxLine
              key={id}
              label={
                <span className="font-mono text-sm">
                  {id}
                  {strange.includes(id) && <span className="ml-2 font-sans text-failed">not before it</span>}
                </span>
              }
              checked={chosen.includes(id)}
              disabled={!mayEdit}
              onCheckedChange={(on) => toggle(id, on)}
            />
          ))}
          {earlier.length + strange.length === 0 && <p className="text-muted">No task comes before it.</p>}
        </div>
      )}
    </FieldSet>
  )
}

function Result({ task, at, put, faultOf }: TaskParts) {
  const { mayEdit, faults, findings } = useBuilder()
  // Both sides speak of the same places by different beginnings.
  const guardrailFaults: Faults = {
    ...Object.fromEntries(
      findings.flatMap(({ node_id, path, message }) =>
        node_id === task.id && path?.startsWith("guardrails.")
          ? [[path.slice("guardrails.".length), message]]
          : [],
      ),
    ),
    ...faultsUnder(faults, `tasks.${at}.guardrails`),
  }
  return (
    <>
      <SwitchLine
        label="A person accepts it"
        help="The crew waits until somebody accepts the result, or sends it back with words."
        checked={task.needs_approval}
        disabled={!mayEdit}
        onCheckedChange={(needs_approval) => put({ needs_approval })}
      />
      <SchemaField
        label="Output schema"
        help="The result is then an object that fits it."
        value={task.output_schema}
        error={faultOf("output_schema")}
        disabled={!mayEdit}
        onChange={(output_schema) => put({ output_schema })}
      />
      <FieldSet legend="Guardrails">
        <GuardrailsInput
          value={task.guardrails}
          faults={guardrailFaults}
          disabled={!mayEdit}
          onChange={(guardrails) => put({ guardrails })}
        />
      </FieldSet>
    </>
  )
}
