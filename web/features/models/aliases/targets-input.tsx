import { ArrowDown, ArrowUp, Plus, X } from "lucide-react"
import type { Provider } from "#core/contract/llm-providers"
import type { AliasTarget } from "#core/contract/model-aliases"
import { Button } from "#web/ui/button.tsx"
import { CheckboxLine } from "#web/ui/checkbox.tsx"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Input } from "#web/ui/input.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"
import { Select } from "#web/ui/select.tsx"
import { useLastTest } from "../provider-test.tsx"
import { ladderOf, orderedTargets } from "./model.ts"

/** A target, and whether it shares the calls of the one before it instead of waiting for it to fail. */
export type TargetRow = AliasTarget & { alongside: boolean }

type TargetsInputProps = {
  rows: readonly TargetRow[]
  providers: readonly Provider[]
  /** By field: `targets.0.model`. */
  errors: Readonly<Record<string, string>>
  onChange: (rows: readonly TargetRow[]) => void
}

const mostTargets = 20

/** The model that is asked where nobody names one. */
export const usualModel = ({ provider_type, config }: Provider): string =>
  config.default_model ?? (provider_type === "builtin" ? "builtin" : "")

/** The models that are asked, one after another. */
export function TargetsInput({ rows, providers, errors, onChange }: TargetsInputProps) {
  const put = (at: number, patch: Partial<TargetRow>) =>
    onChange(rows.map((row, i) => (i === at ? { ...row, ...patch } : row)))
  const move = (from: number, to: number) => {
    const next = rows.filter((_, i) => i !== from)
    next.splice(to, 0, rows[from]!)
    onChange(next)
  }
  const add = () => {
    const provider = providers.find((one) => one.is_active) ?? providers[0]
    if (!provider) return
    const model = usualModel(provider)
    onChange([...rows, { llm_provider_id: provider.id, model, order: 0, weight: 1, alongside: false }])
  }
  const shares = sharesOf(rows)
  return (
    <FieldSet legend="Targets" error={errors["targets"]}>
      <ol className="flex flex-col gap-2">
        {rows.map((row, at) => (
          <li key={at} className="rounded-md border border-line bg-sunken p-3">
            <Target
              row={row}
              at={at}
              share={shares[at]}
              providers={providers}
              faultOf={(field) => errors[`targets.${at}.${field}`]}
              onChange={(patch) => put(at, patch)}
            />
            <div className="mt-2 flex items-center gap-1">
              {at > 0 && (
                <CheckboxLine
                  label="Shares the calls of the one above"
                  checked={row.alongside}
                  onCheckedChange={(alongside) => put(at, { alongside })}
                />
              )}
              <span className="flex-1" />
              <IconButton
                label={`Move target ${at + 1} up`}
                size="xs"
                disabled={at === 0}
                onClick={() => move(at, at - 1)}
              >
                <ArrowUp />
              </IconButton>
              <IconButton
                label={`Move target ${at + 1} down`}
                size="xs"
                disabled={at === rows.length - 1}
                onClick={() => move(at, at + 1)}
              >
                <ArrowDown />
              </IconButton>
              <IconButton
                label={`Remove target ${at + 1}`}
                size="xs"
                onClick={() => onChange(rows.filter((_, i) => i !== at))}
              >
                <X />
              </IconButton>
            </div>
          </li>
        ))}
      </ol>
      <Button
        size="sm"
        className="self-start"
        disabled={rows.length >= mostTargets || providers.length === 0}
        onClick={add}
      >
        <Plus aria-hidden />
        Add a target
      </Button>
    </FieldSet>
  )
}

/** How much of the calls of its order each target gets; undefined where it gets them all. */
function sharesOf(rows: readonly TargetRow[]): (number | undefined)[] {
  const ordered = orderedTargets(rows)
  const rungs = new Map(ladderOf(ordered).map((rung) => [rung.order, rung.targets]))
  return ordered.map(({ order, weight }) => {
    const rung = rungs.get(order)!
    const whole = rung.reduce((sum, one) => sum + one.weight, 0)
    return rung.length > 1 ? weight / whole : undefined
  })
}

type TargetProps = {
  row: TargetRow
  at: number
  share: number | undefined
  providers: readonly Provider[]
  faultOf: (field: keyof AliasTarget) => string | undefined
  onChange: (patch: Partial<TargetRow>) => void
}

function Target({ row, at, share, providers, faultOf, onChange }: TargetProps) {
  const provider = providers.find((one) => one.id === row.llm_provider_id)
  const models = useLastTest(row.llm_provider_id)?.models ?? []
  const offered = [
    ...new Set([...(provider?.config.default_model ? [provider.config.default_model] : []), ...models]),
  ]
  return (
    <div
      role="group"
      aria-label={`Target ${at + 1}`}
      className="grid grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)_5.5rem_5.5rem_6rem] items-start gap-2 max-md:grid-cols-2"
    >
      <Field label="Provider" error={faultOf("llm_provider_id")}>
        <Select
          value={row.llm_provider_id}
          onChange={(id) => {
            const next = providers.find((one) => one.id === id)
            // A model that nobody chose goes with its provider.
            const isUsual = row.model === "" || (provider && row.model === usualModel(provider))
            onChange({ llm_provider_id: id, ...(next && isUsual ? { model: usualModel(next) } : {}) })
          }}
          options={[
            ...providers.map(({ id, name, is_active }) => ({
              value: id,
              label: is_active ? name : `${name} (off)`,
            })),
            ...(provider ? [] : [{ value: row.llm_provider_id, label: "A provider that is gone" }]),
          ]}
        />
      </Field>
      <Field label="Model" error={faultOf("model")}>
        <Input
          list={`models-${at}`}
          spellCheck={false}
          className="font-mono text-sm"
          value={row.model}
          onChange={({ target }) => onChange({ model: target.value })}
        />
      </Field>
      <datalist id={`models-${at}`}>
        {offered.map((model) => (
          <option key={model} value={model}>
            {model}
          </option>
        ))}
      </datalist>
      <Field
        label="Weight"
        note={share === undefined ? undefined : `${Math.round(share * 100)} %`}
        error={faultOf("weight")}
      >
        <NumberInput integer value={row.weight} onChange={(weight) => onChange({ weight: weight ?? 0 })} />
      </Field>
      <Field label="Temperature" error={faultOf("temperature")}>
        <NumberInput value={row.temperature} onChange={(temperature) => onChange({ temperature })} />
      </Field>
      <Field label="Most tokens" error={faultOf("max_tokens")}>
        <NumberInput integer value={row.max_tokens} onChange={(max_tokens) => onChange({ max_tokens })} />
      </Field>
    </div>
  )
}
