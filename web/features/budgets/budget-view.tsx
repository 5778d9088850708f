import { useQuery } from "@tanstack/react-query"
import { Bell, Pencil } from "lucide-react"
import type { ReactNode } from "react"
import type { Budget, BudgetAlert } from "#core/contract/budgets"
import { formatMicros } from "#core/money"
import { Button } from "#web/ui/button.tsx"
import { Dialog } from "#web/ui/dialog.tsx"
import { RelativeTime } from "#web/ui/relative-time.tsx"
import { Skeleton } from "#web/ui/skeleton.tsx"
import { toast } from "#web/ui/toast.tsx"
import { BudgetStatus, SpentMeter } from "./budget-columns.tsx"
import { BurnDown } from "./burn-down.tsx"
import { sayForecast, sayLimit, sayShare, sayTime, shareOf, targetOf } from "./model.ts"
import { historyQuery, useBudgetActs } from "./queries.ts"

type BudgetViewProps = { budget: Budget; onEdit: (() => void) | undefined; onClose: () => void }

/** One budget: where it stands, where it is going, its periods and what was told of it. */
export function BudgetView({ budget, onEdit, onClose }: BudgetViewProps) {
  const { state } = budget
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      size="lg"
      title={budget.name}
      description={`${targetOf(budget)}, ${sayLimit(budget)}, ${budget.mode}`}
      footer={
        onEdit && (
          <>
            <TestButton budget={budget} />
            <Button tone="primary" onClick={onEdit}>
              <Pencil aria-hidden />
              Edit
            </Button>
          </>
        )
      }
    >
      <div className="flex flex-col gap-5">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <BudgetStatus budget={budget} />
          <SpentMeter budget={budget} className="max-w-60 flex-1" />
          <span className="tabular">{sayShare(shareOf(budget))}</span>
        </div>
        {state ? (
          <Figures budget={budget} state={state} />
        ) : (
          <p>The ledger cannot be asked for the moment.</p>
        )}
        <BurnDown budget={budget} large />
        {state?.began_at && state.resets_at && (
          <p className="-mt-3 flex justify-between text-sm text-muted">
            <span>{sayTime(state.began_at)}</span>
            <span>{sayTime(state.resets_at)}</span>
          </p>
        )}
        <History budget={budget} />
      </div>
    </Dialog>
  )
}

const Fact = ({ term, children }: { term: string; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-sm text-muted">{term}</dt>
    <dd className="tabular truncate text-md font-medium">{children}</dd>
  </div>
)

const Figures = ({ budget, state }: { budget: Budget; state: NonNullable<Budget["state"]> }) => (
  <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
    <Fact term="Spent">{formatMicros(state.spent_micros)}</Fact>
    <Fact term="Held for calls">{formatMicros(state.reserved_micros)}</Fact>
    <Fact term="Left">{formatMicros(state.left_micros)}</Fact>
    {state.executions === null ? (
      <Fact term="Forecast">{sayForecast(budget) ?? "–"}</Fact>
    ) : (
      <Fact term="Executions in 30 days">{state.executions.toLocaleString("en")}</Fact>
    )}
    <Fact term="Refused calls">{state.refused.toLocaleString("en")}</Fact>
    <Fact term="Told of">{state.alerted_percent === 0 ? "nothing" : `${state.alerted_percent} %`}</Fact>
  </dl>
)

const ends: Record<BudgetAlert["state"], string> = {
  waiting: "will be told again",
  told: "told",
  given_up: "nobody could be told",
}

function History({ budget }: { budget: Budget }) {
  const { data, error } = useQuery(historyQuery(budget.id))
  if (error) return <p className="text-muted">Its history cannot be shown for the moment.</p>
  if (!data) return <Skeleton className="h-24" />
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <Part
        title={budget.period === "execution" ? "Executions" : "Periods"}
        none="Nothing was spent of it yet."
      >
        {data.periods.map(({ account, spent_micros, refused }) => (
          <li key={account} className="flex justify-between gap-3 border-b border-line py-1.5 last:border-0">
            <span className="truncate font-mono text-sm">{account}</span>
            <span className="tabular shrink-0">
              {formatMicros(spent_micros)}
              {refused > 0 && <span className="text-muted"> · {refused} refused</span>}
            </span>
          </li>
        ))}
      </Part>
      <Part title="Alerts" none="Nobody was told of anything yet.">
        {data.alerts.map(({ kind, percent, account, at, state }) => (
          <li
            key={`${at} ${kind} ${percent} ${account}`}
            className="border-b border-line py-1.5 last:border-0"
          >
            <span className="flex justify-between gap-3">
              <span>{kind === "refused" ? "A call was refused" : `${percent} % spent`}</span>
              <RelativeTime at={at} className="shrink-0 text-muted" />
            </span>
            <span className="block text-sm text-muted">
              {account}, {ends[state]}
            </span>
          </li>
        ))}
      </Part>
    </div>
  )
}

const Part = ({ title, none, children }: { title: string; none: string; children: readonly ReactNode[] }) => (
  <section>
    <h3 className="mb-1 text-sm font-medium">{title}</h3>
    {children.length > 0 ? <ul>{children}</ul> : <p className="text-muted">{none}</p>}
  </section>
)

function TestButton({ budget }: { budget: Budget }) {
  const { test } = useBudgetActs()
  if (budget.alert_webhook_url === null && budget.alert_emails.length === 0) return null
  const send = () =>
    test.mutate(budget.id, {
      onSuccess: ({ told }) => {
        const failed = told.find(({ ok }) => !ok)
        if (told.length === 0) toast.done("This installation sends no mail, so nobody was told")
        else if (failed) toast.failed(new Error(failed.error?.message ?? "It did not arrive"), failed.to)
        else toast.done("The test has arrived")
      },
    })
  return (
    <Button className="mr-auto" busy={test.isPending} onClick={send}>
      <Bell aria-hidden />
      Send a test
    </Button>
  )
}
