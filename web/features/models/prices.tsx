import { useQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { SearchX } from "lucide-react"
import { useMemo } from "react"
import { ProviderType } from "#core/contract/llm-providers"
import type { aliasesApi } from "#core/contract/model-aliases"
import type { ReplyOf } from "#core/contract/endpoint"
import { formatMicros } from "#core/money"
import { Badge } from "#web/ui/badge.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import type { Column } from "#web/ui/table/model.ts"
import { Table } from "#web/ui/table/table.tsx"
import { pricesQuery } from "./aliases/queries.ts"
import { providerTypes } from "./provider-types.ts"

type Price = ReplyOf<typeof aliasesApi.prices>["prices"][number]

/** What models cost: the table that every step is priced by. */
export function Prices() {
  const { q = "" } = useSearch({ from: "/shell/inside/models" })
  const navigate = useNavigate({ from: "/models" })
  const prices = useQuery(pricesQuery)
  const all = prices.data?.prices
  const rows = useMemo(() => {
    const wanted = q.trim().toLowerCase()
    return all?.filter((one) => `${one.model} ${labelOf(one)}`.toLowerCase().includes(wanted))
  }, [all, q])
  if (prices.error && !all)
    return <ErrorState error={prices.error} onRetry={() => void prices.refetch()} className="my-auto" />
  return (
    <>
      <div className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1.5">
        <SearchInput
          label="Search models"
          value={q}
          onChange={(next) =>
            void navigate({ search: (before) => ({ ...before, q: next || undefined }), replace: true })
          }
          className="max-md:w-auto max-md:flex-1"
        />
        <p className="text-sm text-muted">
          Dollars for a million tokens
          {prices.data && ` · table ${prices.data.version}, kept with every step that it priced`}
        </p>
      </div>
      <Table
        label="Prices"
        rows={rows}
        rowKey={keyOf}
        rowLabel={nameOf}
        columns={columns}
        narrow={narrow}
        empty={
          <EmptyState icon={SearchX} title="No model matches">
            A model without a price costs nothing in the accounts. Say what it costs at its provider.
          </EmptyState>
        }
      />
    </>
  )
}

const keyOf = (price: Price) => `${price.llm_provider_id ?? price.provider_type} ${price.model}`
const nameOf = (price: Price) => price.model

function labelOf({ provider_type: type }: Price): string {
  const known = ProviderType.safeParse(type)
  return known.success ? providerTypes[known.data].label : type
}

/** Micro-USD for a million tokens, as dollars. */
const dollars = (micros: number | null): string => (micros === null ? "–" : formatMicros(micros))

type Amount = "input" | "output" | "cache_read" | "cache_write" | "reasoning"

const amount = (id: Amount, header: string, room?: "wide"): Column<Price> => ({
  id,
  header,
  width: "6.5rem",
  align: "end",
  ...(room ? { room } : {}),
  cell: (price) => <span className="tabular">{dollars(price[id])}</span>,
})

const columns: readonly Column<Price>[] = [
  {
    id: "model",
    header: "Model",
    width: "minmax(0, 1fr)",
    cell: (price) => (
      <span className="truncate font-mono text-sm font-medium" title={price.model}>
        {price.model}
      </span>
    ),
  },
  {
    id: "type",
    header: "Vendor",
    width: "10rem",
    cell: (price) => (
      <span className="flex min-w-0 items-center gap-2">
        <span className="truncate text-muted">{labelOf(price)}</span>
        {price.llm_provider_id !== null && <Badge>Yours</Badge>}
      </span>
    ),
  },
  amount("input", "Input"),
  amount("output", "Output"),
  amount("cache_read", "Cache read", "wide"),
  amount("cache_write", "Cache write", "wide"),
  amount("reasoning", "Reasoning", "wide"),
]

const narrow = (price: Price) => (
  <>
    <span className="block truncate font-mono text-base font-medium">{price.model}</span>
    <span className="tabular flex gap-3 text-sm text-muted">
      <span>
        {labelOf(price)}
        {price.llm_provider_id !== null && " · yours"}
      </span>
      <span className="ml-auto">
        {dollars(price.input)} in · {dollars(price.output)} out
      </span>
    </span>
  </>
)
