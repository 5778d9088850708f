import { SearchX } from "lucide-react"
import { useCallback, useMemo } from "react"
import { Risk } from "#core/tool/tool"
import { risks } from "#web/agent/tools/risk-badge.tsx"
import { Button } from "#web/ui/button.tsx"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx"
import { SearchInput } from "#web/ui/input.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { offerColumns, OfferNarrow } from "./offer-columns.tsx"
import { tagsOf, type OfferFilter, type OfferRow } from "./offer.ts"
import type { Offers } from "./use-offers.ts"

type OfferListProps = {
  offers: Offers
  /** What they are: "operation". */
  noun: string
  /** What the first column is called. */
  placeWord: string
}

/** What can be imported, to be searched and chosen from; thousands of lines stay quick. */
export function OfferList({ offers, noun, placeWord }: OfferListProps) {
  const { rows, listed, ticked, choose, opened, open } = offers
  const columns = useMemo(() => offerColumns(placeWord), [placeWord])
  const onTick = useCallback((key: string) => choose(toggled(ticked, key)), [choose, ticked])
  const narrow = useCallback((row: OfferRow) => <OfferNarrow row={row} onTick={onTick} />, [onTick])
  return (
    <div className="flex min-h-0 min-w-0 flex-1 flex-col">
      <Toolbar offers={offers} noun={noun} />
      <Table
        label={`${noun.charAt(0).toUpperCase()}${noun.slice(1)}s`}
        rows={listed}
        rowKey={keyOf}
        rowLabel={labelOf}
        columns={columns}
        narrow={narrow}
        ticks={{ ticked, onChange: choose, can: canBe }}
        onOpen={(row) => open(row.offer.key)}
        current={opened?.offer.key ?? null}
        total={listed.length}
        empty={
          rows.length === 0 ? (
            <EmptyState icon={SearchX} title={`There is no ${noun}`}>
              What was read names nothing that could become a tool.
            </EmptyState>
          ) : (
            <EmptyState
              icon={SearchX}
              title={`No ${noun} matches`}
              action={<Button onClick={() => offers.narrow(nothing)}>Clear search and filters</Button>}
            >
              Search looks at names, paths and descriptions. What you chose stays chosen.
            </EmptyState>
          )
        }
      />
    </div>
  )
}

const nothing = { text: "", tag: undefined, risk: undefined, state: undefined }
const keyOf = (row: OfferRow) => row.offer.key
const labelOf = (row: OfferRow) => row.offer.key
const canBe = (row: OfferRow) => row.offer.tool !== null

const toggled = (ticked: ReadonlySet<string>, key: string): ReadonlySet<string> => {
  const next = new Set(ticked)
  if (!next.delete(key)) next.add(key)
  return next
}

const states = { chosen: "Chosen", faulty: "Needs a change", unusable: "Cannot be a tool" } as const
type State = keyof typeof states
const stateNames = Object.keys(states) as State[]

function Toolbar({ offers, noun }: { offers: Offers; noun: string }) {
  const { rows, listed, filter, narrow, ticked, choose, chosen } = offers
  const tags = useMemo(() => tagsOf(rows.map(({ offer }) => offer)), [rows])
  const filters: Filter[] = [
    {
      id: "state",
      label: "Show",
      options: stateNames.map((value) => ({ value, label: states[value] })),
    },
    {
      id: "risk",
      label: "Risk",
      options: Risk.options.map((value) => ({ value, label: risks[value].word })),
    },
    ...(tags.length > 1
      ? [{ id: "tag", label: "Heading", options: tags.map((value) => ({ value, label: value })) }]
      : []),
  ]
  const usable = listed.filter(canBe)
  const isAll = usable.length > 0 && usable.every(({ isChosen }) => isChosen)
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
      <SearchInput
        label={`Search ${noun}s`}
        value={filter.text}
        onChange={(text) => narrow({ text })}
        className="max-md:w-auto max-md:flex-1"
      />
      <FilterChips
        filters={filters}
        values={valuesOf(filter)}
        onChange={(id, [value]) => narrow({ [id]: value })}
      />
      <span className="ml-auto flex items-center gap-1">
        <p role="status" className="tabular mr-1 text-sm text-muted">
          {chosen.length.toLocaleString("en")} of {rows.length.toLocaleString("en")} chosen
        </p>
        <Button
          size="sm"
          tone="ghost"
          disabled={usable.length === 0 || isAll}
          onClick={() => choose(new Set([...ticked, ...usable.map(keyOf)]))}
        >
          {listed.length < rows.length ? `Choose these ${usable.length.toLocaleString("en")}` : "Choose all"}
        </Button>
        <Button size="sm" tone="ghost" disabled={chosen.length === 0} onClick={() => choose(new Set())}>
          Choose none
        </Button>
      </span>
    </div>
  )
}

const valuesOf = ({ tag, risk, state }: OfferFilter): Record<string, readonly string[]> => ({
  tag: tag === undefined ? [] : [tag],
  risk: risk === undefined ? [] : [risk],
  state: state === undefined ? [] : [state],
})
