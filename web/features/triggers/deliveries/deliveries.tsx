import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query"
import { useNavigate, useSearch } from "@tanstack/react-router"
import { useCallback, useMemo } from "react"
import { DeliveryOutcome, type Delivery, type Trigger } from "#core/contract/triggers"
import { EmptyState } from "#web/ui/empty-state.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx"
import { Table } from "#web/ui/table/table.tsx"
import { triggerKinds } from "../kinds.ts"
import { deliveriesQuery } from "../queries.ts"
import { DeliveryDialog } from "./delivery-dialog.tsx"
import { deliveryColumns, DeliveryNarrow, gistOf } from "./delivery-columns.tsx"
import { outcomeOptions, outcomes } from "./outcomes.ts"

const filters: Filter[] = [{ id: "outcome", label: "Outcome", options: outcomeOptions }]

/** What came in last, newest first; a row opens to all that is known of it. */
export function Deliveries({ trigger, mayEdit }: { trigger: Trigger; mayEdit: boolean }) {
  const { outcome, delivery: openId } = useSearch({ from: "/shell/inside/triggers/$triggerId" })
  const navigate = useNavigate({ from: "/triggers/$triggerId" })
  const list = useInfiniteQuery({
    ...deliveriesQuery(trigger.id, outcome ? { outcome } : {}),
    placeholderData: keepPreviousData,
  })
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.deliveries), [list.data])
  const set = useCallback(
    (change: { outcome?: DeliveryOutcome | undefined; delivery?: string | undefined }) =>
      void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false }),
    [navigate],
  )
  const open = useCallback((delivery: Delivery) => set({ delivery: delivery.id }), [set])
  const opened = rows?.find(({ id }) => id === openId)
  return (
    <section aria-label="Deliveries" className="flex min-h-96 flex-1 flex-col">
      <div className="flex min-h-11 flex-wrap items-center gap-3 border-b border-line px-5 py-1.5 max-md:px-4">
        <h2 className="font-semibold">{trigger.kind === "schedule" ? "Fires" : "Deliveries"}</h2>
        <FilterChips
          filters={filters}
          values={{ outcome: outcome ? [outcome] : [] }}
          onChange={(_, [value]) => set({ outcome: DeliveryOutcome.safeParse(value).data })}
        />
      </div>
      {list.error && !rows ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <Table
          label="Deliveries"
          rows={rows}
          rowKey={keyOf}
          rowLabel={labelOf}
          columns={deliveryColumns}
          narrow={narrow}
          onOpen={open}
          total={list.data?.pages[0]?.total}
          onEnd={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
          empty={<Nothing trigger={trigger} isFiltered={outcome !== undefined} />}
        />
      )}
      {opened && (
        <DeliveryDialog
          key={opened.id}
          delivery={opened}
          mayEdit={mayEdit}
          onClose={() => set({ delivery: undefined })}
        />
      )}
    </section>
  )
}

const keyOf = (delivery: Delivery) => delivery.id
const labelOf = (delivery: Delivery) => `${outcomes[delivery.outcome].label} ${gistOf(delivery).slice(0, 80)}`
const narrow = (delivery: Delivery) => <DeliveryNarrow delivery={delivery} />

const waiting: Record<Trigger["kind"], string> = {
  webhook: "Send something to the address, or listen for what the sender sends.",
  schedule: "Each time the schedule fires, it stands here with the execution that it started.",
  form: "What is sent in by the form stands here with the execution that it started.",
  flow: "When the watched flow ends as it should, it stands here with the execution that it started.",
}

const Nothing = ({ trigger, isFiltered }: { trigger: Trigger; isFiltered: boolean }) => (
  <EmptyState
    icon={triggerKinds[trigger.kind].icon}
    title={isFiltered ? "Nothing ended like that" : "Nothing yet"}
    className="py-10"
  >
    {isFiltered ? "Choose another outcome, or none." : waiting[trigger.kind]}
  </EmptyState>
)
