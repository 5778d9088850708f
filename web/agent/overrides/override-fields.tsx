import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import type { AgentOverrides } from "#core/agent/agent"
import { overridden } from "#core/agent/overridden"
import { agentQuery } from "#web/api/choices.ts"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { Field } from "#web/ui/field.tsx"
import { Textarea } from "#web/ui/input.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { ModelFields } from "../model-fields.tsx"
import { ToolPicker } from "../tools/tool-picker.tsx"
import { ConfigOverrides } from "./config-overrides.tsx"
import { Override } from "./override.tsx"
import type { OverrideParts } from "./parts.ts"

type OverrideFieldsProps = {
  agentId: string
  /** What somebody has changed already before it gets here, such as a crew for a node. */
  before?: AgentOverrides | undefined
  value: AgentOverrides | undefined
  onChange: (value: AgentOverrides | undefined) => void
  /** By dotted path within the overrides. */
  faultAt: (path: string) => string | undefined
  disabled: boolean
}

/** Only what is said stays: an agent with nothing different about it has no overrides. */
function tidy(overrides: AgentOverrides): AgentOverrides | undefined {
  const said = Object.entries(overrides).filter(([, value]) => value !== undefined)
  return said.length === 0 ? undefined : Object.fromEntries(said)
}

/** Everything that may be different about an agent in one place. What is not changed follows the agent. */
export function OverrideFields({ agentId, before, value, onChange, faultAt, disabled }: OverrideFieldsProps) {
  const agent = useQuery(agentQuery(agentId))
  if (agent.error && !agent.data) return <ErrorNote error={agent.error} />
  if (!agent.data) {
    return (
      <Loading what="the agent" className="flex flex-col gap-3">
        {["w-2/3", "w-1/2", "w-3/5"].map((width) => (
          <Skeleton key={width} className={width} />
        ))}
      </Loading>
    )
  }
  const own = value ?? {}
  const parts: OverrideParts = {
    base: overridden(agent.data, before),
    own,
    put: (patch) => onChange(tidy({ ...own, ...patch })),
    faultAt,
    disabled,
  }
  return (
    <div className="flex flex-col divide-y divide-line">
      <Words {...parts} field="goal" label="Goal" lines={2} />
      <Words {...parts} field="system_prompt" label="System prompt" lines={4} />
      <Model {...parts} />
      <Tools {...parts} />
      <ConfigOverrides {...parts} />
    </div>
  )
}

type WordsProps = OverrideParts & { field: "goal" | "system_prompt"; label: string; lines: number }

const Words = ({ base, own, put, faultAt, disabled, field, label, lines }: WordsProps) => (
  <Override
    label={label}
    isOn={own[field] !== undefined}
    usual={base[field].trim() || "None"}
    onBegin={() => put({ [field]: base[field] })}
    onReset={() => put({ [field]: undefined })}
    disabled={disabled}
  >
    <Field label={`${label} here`} error={faultAt(field)}>
      <Textarea
        rows={lines}
        disabled={disabled}
        value={own[field] ?? ""}
        onChange={({ target }) => put({ [field]: target.value })}
      />
    </Field>
  </Override>
)

const none: AgentOverrides = { model: undefined, llm_provider_id: undefined }

function Model({ base, own, put, faultAt, disabled }: OverrideParts) {
  // Where the agent names no model there is nothing to begin with.
  const [isBegun, setBegun] = useState(false)
  const begin = (on: boolean) => {
    setBegun(on)
    put(on ? { model: base.model, llm_provider_id: base.llm_provider_id } : none)
  }
  return (
    <Override
      label="Model"
      isOn={isBegun || own.model !== undefined || own.llm_provider_id !== undefined}
      usual={base.model ?? "The provider's default"}
      onBegin={() => begin(true)}
      onReset={() => begin(false)}
      disabled={disabled}
    >
      <ModelFields
        value={{ model: own.model, llm_provider_id: own.llm_provider_id }}
        onChange={put}
        faultOf={faultAt}
        disabled={disabled}
        usual={base.model ?? "The agent's own"}
      />
    </Override>
  )
}

const sayTools = (count: number) => (count === 0 ? "None" : `${count} granted`)

const Tools = ({ base, own, put, faultAt, disabled }: OverrideParts) => (
  <Override
    label="Tools"
    isOn={own.tool_ids !== undefined}
    usual={sayTools(base.tool_ids.length)}
    onBegin={() => put({ tool_ids: base.tool_ids })}
    onReset={() => put({ tool_ids: undefined })}
    disabled={disabled}
  >
    <ToolPicker
      value={own.tool_ids ?? []}
      onChange={(tool_ids) => put({ tool_ids })}
      fault={faultAt("tool_ids")}
      disabled={disabled}
    />
  </Override>
)
