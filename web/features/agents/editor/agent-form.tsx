import { AgentStatus, type AgentDraft } from "#core/agent/agent"
import { FormSection } from "#web/agent/form-section.tsx"
import { GuardrailsInput } from "#web/agent/guardrails-input.tsx"
import { LimitFields } from "#web/agent/limit-fields.tsx"
import { ModelFields } from "#web/agent/model-fields.tsx"
import { SchemaField } from "#web/agent/schema-field.tsx"
import { faultsUnder, faultWithin } from "#web/agent/use-draft.ts"
import { SwitchLine } from "#web/ui/checkbox.tsx"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { Input, Textarea } from "#web/ui/input.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"
import { Select } from "#web/ui/select.tsx"
import { agentStatuses } from "../list/agent-columns.tsx"
import { OwnTools } from "./own-tools.tsx"
import type { Parts } from "./parts.ts"

/** Everything that makes an agent, from who it is to what its answers must keep to. */
export const AgentForm = (parts: Parts) => (
  <>
    <Identity {...parts} />
    <Instructions {...parts} />
    <Model {...parts} />
    <FormSection
      title="Tools"
      help="What it may call while it works, and nothing else, whatever the model says."
    >
      <OwnTools {...parts} />
    </FormSection>
    <FormSection title="Limits" help="One task ends when any of them is reached. Empty: no such limit.">
      <Limits {...parts} />
    </FormSection>
    <Answer {...parts} />
    <Memory {...parts} />
  </>
)

const statusOptions = AgentStatus.options.map((value) => ({ value, label: agentStatuses[value].word }))

const Identity = ({ draft: { draft, set, faults }, disabled }: Parts) => (
  <FormSection title="Agent">
    <div className="grid grid-cols-[minmax(0,1fr)_9rem] items-start gap-3">
      <Field label="Name" error={faults["name"]}>
        <Input
          disabled={disabled}
          maxLength={120}
          value={draft.name}
          onChange={({ target }) => set({ name: target.value })}
        />
      </Field>
      <Field label="Status" error={faults["status"]}>
        <Select
          disabled={disabled}
          options={statusOptions}
          value={draft.status}
          onChange={(status) => set({ status: AgentStatus.parse(status) })}
        />
      </Field>
    </div>
    <Text
      label="Description"
      field="description"
      help="For people who look for an agent; models do not see it."
      lines={2}
      draft={{ draft, set, faults }}
      disabled={disabled}
    />
  </FormSection>
)

const Instructions = (parts: Parts) => (
  <FormSection title="Who it is" help="All of this is told to the model before every task.">
    <Text {...parts} label="Role" field="role" lines={1} placeholder="Senior market researcher" />
    <Text
      {...parts}
      label="Goal"
      field="goal"
      lines={2}
      placeholder="Find what is true and say where it stands"
    />
    <Text {...parts} label="Backstory" field="backstory" lines={3} />
    <Text
      {...parts}
      label="System prompt"
      field="system_prompt"
      lines={6}
      help="Said before role, goal and backstory. Rules go here."
    />
  </FormSection>
)

type TextField = "description" | "role" | "goal" | "backstory" | "system_prompt"

type TextProps = Parts & {
  label: string
  field: TextField
  lines: number
  help?: string
  placeholder?: string
}

function Text({
  draft: { draft, set, faults },
  disabled,
  label,
  field,
  lines,
  help,
  placeholder,
}: TextProps) {
  const patch = (value: string): Partial<AgentDraft> => ({ [field]: value })
  const shared = {
    disabled,
    value: draft[field],
    ...(placeholder ? { placeholder } : {}),
  }
  return (
    <Field label={label} note="optional" error={faults[field]} {...(help ? { help } : {})}>
      {lines === 1 ? (
        <Input {...shared} onChange={({ target }) => set(patch(target.value))} />
      ) : (
        <Textarea {...shared} rows={lines} onChange={({ target }) => set(patch(target.value))} />
      )}
    </Field>
  )
}

function Model({ draft: { draft, set, faults }, disabled }: Parts) {
  const { config } = draft
  return (
    <FormSection title="Model">
      <ModelFields
        value={{ model: draft.model, llm_provider_id: draft.llm_provider_id }}
        onChange={set}
        faultOf={(field) => faults[field]}
        disabled={disabled}
      />
      <div className="grid grid-cols-2 items-start gap-3">
        <Field label="Temperature" note="optional" error={faults["config.temperature"]}>
          <NumberInput
            disabled={disabled}
            placeholder="The model's own"
            value={config.temperature}
            onChange={(temperature) => set({ config: { ...config, temperature } })}
          />
        </Field>
        <Field label="Most tokens an answer" note="optional" error={faults["config.max_tokens"]}>
          <NumberInput
            integer
            disabled={disabled}
            placeholder="The model's own"
            value={config.max_tokens}
            onChange={(max_tokens) => set({ config: { ...config, max_tokens } })}
          />
        </Field>
      </div>
    </FormSection>
  )
}

const Limits = ({ draft: { draft, set, faults }, disabled }: Parts) => (
  <LimitFields
    value={draft.config.limits}
    onChange={(limits) => set({ config: { ...draft.config, limits } })}
    faultOf={(field) => faults[`config.limits.${field}`]}
    disabled={disabled}
  />
)

function Answer({ draft: { draft, set, faults }, disabled }: Parts) {
  const { config } = draft
  return (
    <FormSection
      title="Answer"
      help="An answer that breaks a rule goes back to the agent with what is wrong, as often as you say."
    >
      <SchemaField
        label="Output schema"
        help="JSON Schema. The answer is then an object that fits it; empty: text."
        value={config.output_schema}
        error={faultWithin(faults, "config.output_schema")}
        disabled={disabled}
        onChange={(output_schema) => set({ config: { ...config, output_schema } })}
      />
      <FieldSet legend="Guardrails">
        <GuardrailsInput
          value={config.guardrails}
          faults={faultsUnder(faults, "config.guardrails")}
          disabled={disabled}
          onChange={(guardrails) => set({ config: { ...config, guardrails } })}
        />
      </FieldSet>
      {config.guardrails.length > 0 && (
        <Field
          label="Further tries"
          error={faults["config.guardrail_retries"]}
          help="After that the task fails."
          className="w-40"
        >
          <NumberInput
            integer
            disabled={disabled}
            value={config.guardrail_retries}
            onChange={(tries) => set({ config: { ...config, guardrail_retries: tries ?? 0 } })}
          />
        </Field>
      )}
    </FormSection>
  )
}

function Memory({ draft: { draft, set }, disabled }: Parts) {
  const { config } = draft
  return (
    <FormSection title="Memory and delegation">
      <SwitchLine
        label="Memory"
        help="What it learns in one execution it knows in the next. See the tab Memory for what it has kept."
        checked={config.memory}
        disabled={disabled}
        onCheckedChange={(memory) => set({ config: { ...config, memory } })}
      />
      <SwitchLine
        label="May delegate"
        help="In a crew it may hand work to those whom the crew lets it."
        checked={config.allow_delegation}
        disabled={disabled}
        onCheckedChange={(allow_delegation) => set({ config: { ...config, allow_delegation } })}
      />
    </FormSection>
  )
}
