import type { AgentDraft } from "#core/agent/agent"
import { Field } from "#web/ui/field.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"

type Limits = AgentDraft["config"]["limits"]

const microsInDollar = 1_000_000

type LimitFieldsProps = {
  value: Limits
  onChange: (value: Limits) => void
  faultOf: (field: keyof Limits) => string | undefined
  disabled: boolean
}

/** How much one task may take: turns, time, pace and money. */
export function LimitFields({ value: limits, onChange, faultOf: fault, disabled }: LimitFieldsProps) {
  const put = (patch: Partial<Limits>) => onChange({ ...limits, ...patch })
  const micros = limits.max_cost_micros
  return (
    <div className="grid grid-cols-4 items-start gap-3 max-xl:grid-cols-2">
      <Field label="Turns" help="Questions to the model" error={fault("max_iterations")}>
        <NumberInput
          integer
          disabled={disabled}
          value={limits.max_iterations}
          onChange={(max_iterations) => put({ max_iterations: max_iterations ?? 0 })}
        />
      </Field>
      <Field label="Seconds" error={fault("max_seconds")}>
        <NumberInput
          integer
          disabled={disabled}
          value={limits.max_seconds}
          onChange={(max_seconds) => put({ max_seconds })}
        />
      </Field>
      <Field label="Calls a minute" error={fault("max_calls_per_minute")}>
        <NumberInput
          integer
          disabled={disabled}
          value={limits.max_calls_per_minute}
          onChange={(max_calls_per_minute) => put({ max_calls_per_minute })}
        />
      </Field>
      <Field label="Dollars" help="Such as 0.05" error={fault("max_cost_micros")}>
        <NumberInput
          disabled={disabled}
          value={micros === undefined ? undefined : micros / microsInDollar}
          onChange={(dollars) =>
            put({ max_cost_micros: dollars === undefined ? undefined : Math.round(dollars * microsInDollar) })
          }
        />
      </Field>
    </div>
  )
}
