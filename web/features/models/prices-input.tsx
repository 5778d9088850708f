import { Plus, X } from "lucide-react"
import type { Price } from "#core/llm/price"
import { Button } from "#web/ui/button.tsx"
import { Field, FieldSet } from "#web/ui/field.tsx"
import { IconButton } from "#web/ui/icon-button.tsx"
import { Input } from "#web/ui/input.tsx"
import { NumberInput } from "#web/ui/number-input.tsx"

type Amount = keyof Price

/** What one model costs, in dollars for a million tokens, as it is typed. */
export type PriceRow = { key: number; model: string } & { [amount in Amount]?: number | undefined }

const amounts: readonly { id: Amount; label: string }[] = [
  { id: "input", label: "Input" },
  { id: "output", label: "Output" },
  { id: "cache_read", label: "Cache read" },
  { id: "cache_write", label: "Cache write" },
  { id: "reasoning", label: "Reasoning" },
]

const microsADollar = 1_000_000
const mostPrices = 100

export const priceRowsOf = (prices: Readonly<Record<string, Price>> = {}): PriceRow[] =>
  Object.entries(prices).map(([model, price], key) => ({
    key,
    model,
    ...Object.fromEntries(
      amounts.flatMap(({ id }) => (price[id] === undefined ? [] : [[id, price[id] / microsADollar]])),
    ),
  }))

/** As the contract takes them. A name that stands twice cannot be a key twice: it is sent as none, which the contract refuses. */
export const pricesOf = (rows: readonly PriceRow[]): Record<string, Partial<Price>> =>
  Object.fromEntries(
    rows.map((row, at) => [
      isRepeated(rows, at) ? "" : row.model.trim(),
      Object.fromEntries(
        amounts.flatMap(({ id }) => {
          const dollars = row[id]
          return dollars === undefined ? [] : [[id, Math.round(dollars * microsADollar)]]
        }),
      ),
    ]),
  )

const isRepeated = (rows: readonly PriceRow[], at: number): boolean =>
  rows.slice(0, at).some((row) => row.model.trim() === rows[at]?.model.trim())

type PricesInputProps = {
  rows: readonly PriceRow[]
  /** By field: `prices.gpt-5.input`. */
  errors: Readonly<Record<string, string>>
  onChange: (rows: readonly PriceRow[]) => void
}

/** What the models of a provider cost, where the table does not say it, or says another price than one pays. */
export function PricesInput({ rows, errors, onChange }: PricesInputProps) {
  const put = (key: number, patch: Partial<PriceRow>) =>
    onChange(rows.map((row) => (row.key === key ? { ...row, ...patch } : row)))
  const add = () => onChange([...rows, { key: Math.max(-1, ...rows.map(({ key }) => key)) + 1, model: "" }])
  return (
    <FieldSet
      legend="Prices"
      help="Dollars for a million tokens, for models that the price list does not know or that cost you another price. Executions that have begun keep the price they began with."
      error={errors["prices"]}
    >
      {rows.length > 0 && (
        <ul className="flex flex-col gap-2">
          {rows.map((row, at) => (
            <li key={row.key} className="rounded-md border border-line bg-sunken p-3">
              <PriceFields
                row={row}
                at={at}
                faultOf={(amount) => errors[`prices.${row.model.trim()}.${amount}`]}
                nameFault={nameFault(rows, at, errors)}
                onChange={(patch) => put(row.key, patch)}
                onRemove={() => onChange(rows.filter(({ key }) => key !== row.key))}
              />
            </li>
          ))}
        </ul>
      )}
      <Button size="sm" className="self-start" disabled={rows.length >= mostPrices} onClick={add}>
        <Plus aria-hidden />
        Add a price
      </Button>
    </FieldSet>
  )
}

function nameFault(
  rows: readonly PriceRow[],
  at: number,
  errors: Readonly<Record<string, string>>,
): string | undefined {
  const name = rows[at]?.model.trim() ?? ""
  if (name !== "" && isRepeated(rows, at)) return "This model has a price above"
  return errors[`prices.${name}`] === undefined ? undefined : "Name the model"
}

type PriceFieldsProps = {
  row: PriceRow
  at: number
  faultOf: (amount: Amount) => string | undefined
  nameFault: string | undefined
  onChange: (patch: Partial<PriceRow>) => void
  onRemove: () => void
}

const PriceFields = ({ row, at, faultOf, nameFault: fault, onChange, onRemove }: PriceFieldsProps) => (
  <div role="group" aria-label={`Price ${at + 1}`} className="flex flex-col gap-2">
    <Field
      label="Model"
      error={fault}
      action={
        <IconButton label={`Remove price ${at + 1}`} size="xs" onClick={onRemove}>
          <X />
        </IconButton>
      }
    >
      <Input
        list="provider-models"
        spellCheck={false}
        maxLength={200}
        className="font-mono text-sm"
        value={row.model}
        onChange={({ target }) => onChange({ model: target.value })}
      />
    </Field>
    <div className="grid grid-cols-5 items-start gap-2 max-md:grid-cols-2">
      {amounts.map(({ id, label }) => (
        <Field key={id} label={label} error={faultOf(id)}>
          <NumberInput
            placeholder={id === "input" || id === "output" ? "0.25" : "–"}
            value={row[id]}
            refuse={(dollars) => (dollars < 0 ? "Use 0 or more" : undefined)}
            onChange={(dollars) => onChange({ [id]: dollars })}
          />
        </Field>
      ))}
    </div>
  </div>
)
