import type { AgentDraft, AgentOverrides, Guardrail } from "#core/agent/agent"
import { formatMicros } from "#core/money"
import { SwitchLine } from "#web/ui/checkbox.tsx"
import { Field } from "#web/ui/field.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"
import { GuardrailsInput } from "../guardrails-input.tsx"
import { LimitFields } from "../limit-fields.tsx"
import { SchemaField } from "../schema-field.tsx"
import type { Faults } from "../use-draft.ts"
import { Override } from "./override.tsx"
import type { OverrideParts } from "./parts.ts"

type Config = NonNullable<AgentOverrides["config"]>
type ConfigParts = Omit<OverrideParts, "put" | "base" | "own"> & {
  base: AgentDraft["config"]
  own: Config
  put: (patch: Config) => void
}

/** How the agent works in this place: its limits, what its answers must keep to, memory and delegation. */
export function ConfigOverrides({ base, own, put, faultAt, disabled }: OverrideParts) {
  const config = own.config ?? {}
  const parts: ConfigParts = {
    base: base.config,
    own: config,
    put: (patch) => {
      const said = Object.entries({ ...config, ...patch }).filter(([, value]) => value !== undefined)
      put({ config: said.length === 0 ? undefined : (Object.fromEntries(said) as Config) })
    },
    faultAt: (path) => faultAt(`config.${path}`),
    disabled,
  }
  return (
    <>
      <Amount {...parts} field="temperature" label="Temperature" start={0} />
      <Amount {...parts} field="max_tokens" label="Most tokens" start={1_000} />
      <Limits {...parts} />
      <Guardrails {...parts} />
      <OutputSchema {...parts} />
      <OnOff {...parts} field="memory" label="Memory" />
      <OnOff {...parts} field="allow_delegation" label="May delegate" />
    </>
  )
}

type AmountProps = ConfigParts & { field: "temperature" | "max_tokens"; label: string; start: number }

const Amount = ({ base, own, put, faultAt, disabled, field, label, start }: AmountProps) => (
  <Override
    label={label}
    isOn={own[field] !== undefined}
    usual={base[field] === undefined ? "The model's own" : base[field].toLocaleString("en")}
    onBegin={() => put({ [field]: base[field] ?? start })}
    onReset={() => put({ [field]: undefined })}
    disabled={disabled}
  >
    <Field label={`${label} here`} error={faultAt(field)} className="w-40">
      <NumberInput
        integer={field === "max_tokens"}
        disabled={disabled}
        value={own[field]}
        // Empty is no number: what follows the agent is reset.
        onChange={(value) => value !== undefined && put({ [field]: value })}
      />
    </Field>
  </Override>
)

function sayLimits({ max_iterations, max_seconds, max_calls_per_minute, max_cost_micros }: Limits): string {
  return [
    `${max_iterations} turns`,
    max_seconds !== undefined && `${max_seconds} s`,
    max_calls_per_minute !== undefined && `${max_calls_per_minute} calls a minute`,
    max_cost_micros !== undefined && formatMicros(max_cost_micros),
  ]
    .filter(Boolean)
    .join(", ")
}

type Limits = AgentDraft["config"]["limits"]

const Limits = ({ base, own, put, faultAt, disabled }: ConfigParts) => (
  <Override
    label="Limits"
    isOn={own.limits !== undefined}
    usual={sayLimits(base.limits)}
    onBegin={() => put({ limits: base.limits })}
    onReset={() => put({ limits: undefined })}
    disabled={disabled}
  >
    <LimitFields
      value={own.limits ?? base.limits}
      onChange={(limits) => put({ limits })}
      faultOf={(field) => faultAt(`limits.${field}`)}
      disabled={disabled}
    />
  </Override>
)

const ruleFields = ["most", "pattern", "when", "message"]

/** The findings that lie at the rules, as the list of rules takes them. */
function faultsOf(rules: readonly Guardrail[], faultAt: ConfigParts["faultAt"]): Faults {
  const found = rules.flatMap((_, at) =>
    ruleFields.map((field): [string, string | undefined] => [
      `${at}.${field}`,
      faultAt(`guardrails.${at}.${field}`),
    ]),
  )
  return Object.fromEntries(found.filter((one): one is [string, string] => one[1] !== undefined))
}

function Guardrails({ base, own, put, faultAt, disabled }: ConfigParts) {
  const rules = own.guardrails ?? []
  const tries = own.guardrail_retries ?? base.guardrail_retries
  return (
    <Override
      label="Guardrails"
      isOn={own.guardrails !== undefined || own.guardrail_retries !== undefined}
      usual={
        base.guardrails.length === 0
          ? "None"
          : `${base.guardrails.length}, ${base.guardrail_retries} further tries`
      }
      onBegin={() => put({ guardrails: base.guardrails })}
      onReset={() => put({ guardrails: undefined, guardrail_retries: undefined })}
      disabled={disabled}
    >
      <GuardrailsInput
        value={rules}
        onChange={(guardrails) => put({ guardrails })}
        faults={faultsOf(rules, faultAt)}
        disabled={disabled}
      />
      {rules.length > 0 && (
        <Field label="Further tries" error={faultAt("guardrail_retries")} className="w-40">
          <NumberInput
            integer
            disabled={disabled}
            value={tries}
            onChange={(guardrail_retries) => guardrail_retries !== undefined && put({ guardrail_retries })}
          />
        </Field>
      )}
    </Override>
  )
}

const OutputSchema = ({ base, own, put, faultAt, disabled }: ConfigParts) => (
  <Override
    label="Output schema"
    isOn={own.output_schema !== undefined}
    usual={base.output_schema === undefined ? "Text" : "An object that fits its schema"}
    onBegin={() => put({ output_schema: base.output_schema ?? { type: "object", properties: {} } })}
    onReset={() => put({ output_schema: undefined })}
    disabled={disabled}
  >
    <SchemaField
      label="Output schema here"
      value={own.output_schema}
      error={faultAt("output_schema")}
      disabled={disabled}
      onChange={(output_schema) => put({ output_schema })}
    />
  </Override>
)

type OnOffProps = ConfigParts & { field: "memory" | "allow_delegation"; label: string }

const OnOff = ({ base, own, put, disabled, field, label }: OnOffProps) => (
  <Override
    label={label}
    isOn={own[field] !== undefined}
    usual={base[field] ? "On" : "Off"}
    onBegin={() => put({ [field]: !base[field] })}
    onReset={() => put({ [field]: undefined })}
    disabled={disabled}
  >
    <SwitchLine
      label={`${label} here`}
      checked={own[field] ?? base[field]}
      disabled={disabled}
      onCheckedChange={(on) => put({ [field]: on })}
    />
  </Override>
)
