import { CollaborationPattern, type CrewConfig } from "#core/crew/crew"
import { FormSection } from "#web/agent/form-section.tsx"
import { SchemaField } from "#web/agent/schema-field.tsx"
import { SwitchLine } from "#web/ui/checkbox.tsx"
import { cn } from "#web/ui/cn.ts"
import { Field } from "#web/ui/field.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"
import { Select } from "#web/ui/select.tsx"
import { patterns } from "../../list/patterns.ts"
import { useBuilder, wordsAt } from "../builder-context.ts"
import { Severity } from "../findings-button.tsx"

/** The crew as a whole: what it is called, how it works together, and its bounds. */
export function CrewPanel() {
  const builder = useBuilder()
  const { crew, set, faults, mayEdit } = builder
  return (
    <>
      <WholeFindings />
      <FormSection title="Crew">
        <Field label="Name" error={faults["name"]}>
          <Input
            disabled={!mayEdit}
            maxLength={120}
            value={crew.name}
            onChange={({ target }) => set({ name: target.value })}
          />
        </Field>
        <Field label="Description" note="optional" error={faults["description"]}>
          <Textarea
            rows={2}
            disabled={!mayEdit}
            value={crew.description}
            onChange={({ target }) => set({ description: target.value })}
          />
        </Field>
      </FormSection>
      <FormSection title="How it works together">
        <PatternChoice />
        <PatternFields />
      </FormSection>
      <FormSection
        title="Delegation"
        help="Draw a line from one member to another to let the one hand work to the other."
      >
        <DelegationFields />
      </FormSection>
      <FormSection title="Input and memory">
        <SchemaField
          label="Input schema"
          help="JSON Schema. It makes the form of a run; tasks speak of its parts as {{ input.name }}."
          value={crew.input_schema}
          error={faults["input_schema"] ?? wordsAt(builder, undefined, "input_schema")}
          disabled={!mayEdit}
          onChange={(input_schema) => set({ input_schema })}
        />
        <SwitchLine
          label="Memory"
          help="What the crew learns in one execution it knows in the next."
          checked={crew.config.memory}
          disabled={!mayEdit}
          onCheckedChange={(memory) => set({ config: { ...crew.config, memory } })}
        />
      </FormSection>
    </>
  )
}

/** What concerns no field of this panel alone. */
function WholeFindings() {
  const { findings } = useBuilder()
  const whole = findings.filter(
    ({ node_id, path }) =>
      node_id === undefined &&
      (path === "agents" || path === "tasks" || path?.startsWith("config.delegation")),
  )
  if (whole.length === 0) return null
  return (
    <ul className="mx-5 mt-4 flex flex-col gap-1.5 rounded-md bg-sunken px-3 py-2">
      {whole.map((one, i) => (
        <li key={i} className="flex gap-2">
          <Severity severity={one.severity} />
          <span className="min-w-0 break-words">{one.message}</span>
        </li>
      ))}
    </ul>
  )
}

function PatternChoice() {
  const { crew, set, mayEdit } = useBuilder()
  return (
    <fieldset disabled={!mayEdit}>
      <legend className="mb-1.5 text-sm font-medium">Pattern</legend>
      <div className="grid grid-cols-2 gap-2">
        {CollaborationPattern.options.map((pattern) => {
          const { icon: Icon, label, says } = patterns[pattern]
          const checked = crew.collaboration_pattern === pattern
          return (
            <label
              key={pattern}
              className={cn(
                "rounded-md border border-line-strong p-2.5 hover:border-field has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-focus",
                checked && "border-accent ring-1 ring-accent hover:border-accent",
              )}
            >
              <input
                type="radio"
                name="pattern"
                checked={checked}
                onChange={() => set({ collaboration_pattern: pattern })}
                className="sr-only"
              />
              <span className="flex items-center gap-1.5 font-medium">
                <Icon aria-hidden className="size-3.5 text-muted" />
                {label}
              </span>
              <span className="mt-0.5 block text-sm text-muted">{says}</span>
            </label>
          )
        })}
      </div>
    </fieldset>
  )
}

/** What only one pattern needs to know. */
function PatternFields() {
  const { crew, set, mayEdit } = useBuilder()
  const { config, collaboration_pattern: pattern } = crew
  const put = (patch: Partial<CrewConfig>) => set({ config: { ...config, ...patch } })
  if (pattern === "hierarchical") return <Leader field="manager" label="Manager" />
  if (pattern !== "debate") return null
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_6rem] items-start gap-3">
      <Leader field="judge" label="Judge" />
      <Field label="Rounds">
        <NumberInput
          integer
          disabled={!mayEdit}
          value={config.rounds}
          refuse={(n) => (n >= 1 && n <= 10 ? undefined : "1 to 10")}
          onChange={(rounds) => rounds !== undefined && put({ rounds })}
        />
      </Field>
    </div>
  )
}

/** Who plans and reviews, or who decides at the end. */
function Leader({ field, label }: { field: "manager" | "judge"; label: string }) {
  const builder = useBuilder()
  const { crew, set, mayEdit, faults } = builder
  const value = crew.config[field]
  const isGone = value !== undefined && !crew.agents.some((one) => one.position === value)
  return (
    <Field label={label} error={faults[`config.${field}`] ?? wordsAt(builder, undefined, `config.${field}`)}>
      <Select
        disabled={!mayEdit}
        value={value ?? ""}
        onChange={(position) =>
          set({ config: { ...crew.config, [field]: position === "" ? undefined : position } })
        }
        options={[
          { value: "", label: "Choose a member" },
          ...crew.agents.map(({ position }) => ({ value: position, label: position })),
          ...(isGone ? [{ value, label: `${value}, who is gone` }] : []),
        ]}
      />
    </Field>
  )
}

function DelegationFields() {
  const { crew, set, mayEdit, faults } = useBuilder()
  const { config } = crew
  const put = (patch: Partial<CrewConfig>) => set({ config: { ...config, ...patch } })
  const fields = [
    { field: "max_depth", label: "Depth", help: "Delegations inside delegations", most: 5 },
    { field: "max_delegations", label: "Times a task", help: "Delegations in all", most: 100 },
  ] as const
  return (
    <>
      <div className="grid grid-cols-2 items-start gap-3">
        {fields.map(({ field, label, help, most }) => (
          <Field key={field} label={label} help={help} error={faults[`config.${field}`]}>
            <NumberInput
              integer
              disabled={!mayEdit}
              value={config[field]}
              refuse={(n) => (n >= 1 && n <= most ? undefined : `1 to ${most}`)}
              onChange={(n) => n !== undefined && put({ [field]: n })}
            />
          </Field>
        ))}
      </div>
      {config.delegation && mayEdit && crew.collaboration_pattern === "hierarchical" && (
        <button
          type="button"
          onClick={() => put({ delegation: undefined })}
          className="focus-ring self-start rounded-sm text-sm text-accent-ink hover:underline"
        >
          Let the manager hand work to everybody again
        </button>
      )}
    </>
  )
}
