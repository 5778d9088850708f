import { useQuery } from "@tanstack/react-query"
import { CircleCheck, CircleOff, TriangleAlert, type LucideIcon } from "lucide-react"
import type { Check, ProviderHealth, TenantQueue } from "#core/contract/admin"
import { StatusBadge, type Tone } from "#web/ui/badge.tsx"
import { ErrorState } from "#web/ui/error-state.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { RelativeTime, sayDuration } from "#web/ui/relative-time.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { sayCount } from "#web/ui/say-count.ts"
import { installationQuery } from "./queries.ts"

const names: Record<Check["name"], string> = {
  control_database: "Control database",
  tenant_databases: "Tenant databases",
  slots: "Room for new tenants",
  sandbox: "Sandbox",
}

const looks: Record<Check["status"], { tone: Tone; icon: LucideIcon; word: string }> = {
  ok: { tone: "succeeded", icon: CircleCheck, word: "Fine" },
  degraded: { tone: "attention", icon: TriangleAlert, word: "Look here" },
  failing: { tone: "failed", icon: TriangleAlert, word: "Failing" },
  off: { tone: "cancelled", icon: CircleOff, word: "Off" },
}

/** How the installation is, asked anew twice a minute. */
export function HealthPage() {
  const found = useQuery(installationQuery)
  const { data } = found
  return (
    <>
      <PageHeader crumbs={[{ label: "Admin", to: "/admin" }, { label: "Health" }]} />
      {found.error && !data ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} className="my-auto" />
      ) : (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <div className="flex max-w-4xl flex-col gap-9 px-6 py-6 max-md:px-4">
            {data ? <Checks checks={data.checks} /> : <Waiting />}
            {data && <Providers providers={data.providers} />}
            {data && <Queues queues={data.queues} />}
          </div>
        </div>
      )}
    </>
  )
}

const Waiting = () => (
  <Loading what="the health" className="flex flex-col gap-4">
    {["w-2/3", "w-1/2", "w-3/5", "w-2/5"].map((width) => (
      <Skeleton key={width} className={width} />
    ))}
  </Loading>
)

const Checks = ({ checks }: { checks: readonly Check[] }) => (
  <section>
    <h2 className="text-md font-semibold">Checks</h2>
    <ul className="mt-3 divide-y divide-line rounded-lg border border-line">
      {checks.map(({ name, status, detail, latency_ms }) => {
        const { tone, icon, word } = looks[status]
        return (
          <li key={name} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3">
            <span className="w-40 shrink-0 font-medium">{names[name]}</span>
            <StatusBadge tone={tone} icon={icon} className="w-24 shrink-0">
              {word}
            </StatusBadge>
            <span className="min-w-0 flex-1 basis-60 text-muted">{detail}</span>
            {latency_ms !== null && (
              <span className="tabular text-sm text-muted">{sayDuration(latency_ms)}</span>
            )}
          </li>
        )
      })}
    </ul>
  </section>
)

const head = "px-4 py-2 text-left text-sm font-normal text-muted"
const number = "tabular px-4 py-2 text-right text-soft"
const time = (ms: number | null): string => (ms === null ? "–" : sayDuration(ms))

function Providers({ providers }: { providers: readonly ProviderHealth[] }) {
  const sorted = providers.toSorted(
    (a, b) => b.failures / b.calls - a.failures / a.calls || b.calls - a.calls,
  )
  return (
    <section>
      <h2 className="text-md font-semibold">Model providers</h2>
      <p className="mt-0.5 text-muted">Calls of the last 24 hours, those that fail most first.</p>
      {sorted.length === 0 ? (
        <p className="mt-3 text-muted">No model was called.</p>
      ) : (
        <div
          className="mt-3 overflow-x-auto rounded-lg border border-line"
          // A region that scrolls must be reachable by keyboard (WCAG 2.1.1).
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          role="group"
          aria-label="Model providers"
        >
          <table className="w-full min-w-xl">
            <thead>
              <tr className="border-b border-line">
                <th className={head}>Provider</th>
                <th className={head}>Tenant</th>
                <th className={`${head} text-right`}>Calls</th>
                <th className={`${head} text-right`}>Failed</th>
                <th className={`${head} text-right`}>Median</th>
                <th className={`${head} text-right`}>Slowest 5 %</th>
                <th className={head}>Last error</th>
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {sorted.map(({ tenant, provider, calls, failures, p50_ms, p95_ms, last_error }) => (
                <tr key={`${tenant.id} ${provider.id}`}>
                  <td className="max-w-48 truncate px-4 py-2 font-medium" title={provider.name}>
                    {provider.name}
                  </td>
                  <td className="max-w-40 truncate px-4 py-2 text-muted" title={tenant.name}>
                    {tenant.name}
                  </td>
                  <td className={number}>{calls.toLocaleString("en")}</td>
                  <td className={number}>
                    <span className={failures > 0 ? "text-failed" : undefined}>
                      {failures.toLocaleString("en")}
                    </span>
                  </td>
                  <td className={number}>{time(p50_ms)}</td>
                  <td className={number}>{time(p95_ms)}</td>
                  <td className="px-4 py-2 text-sm text-muted">
                    {last_error ? (
                      <>
                        <span className="font-mono">{last_error.code}</span>{" "}
                        <RelativeTime at={last_error.at} />
                      </>
                    ) : (
                      "–"
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function Queues({ queues }: { queues: readonly TenantQueue[] }) {
  const busy = queues.filter((one) => one.queued + one.running + one.waiting + one.needs_attention > 0)
  return (
    <section>
      <h2 className="text-md font-semibold">Executions that have not ended</h2>
      {busy.length === 0 ? (
        <p className="mt-3 text-muted">None.</p>
      ) : (
        <ul className="mt-3 divide-y divide-line rounded-lg border border-line">
          {busy.map(({ tenant, queued, running, waiting, needs_attention, oldest_at }) => (
            <li key={tenant.id} className="flex flex-wrap items-baseline gap-x-5 gap-y-1 px-4 py-2.5">
              <span className="w-48 truncate font-medium" title={tenant.name}>
                {tenant.name}
              </span>
              <span className="tabular text-soft">{queued.toLocaleString("en")} queued</span>
              <span className="tabular text-soft">{running.toLocaleString("en")} running</span>
              <span className="tabular text-soft">{waiting.toLocaleString("en")} waiting</span>
              {needs_attention > 0 && (
                <span className="tabular text-attention">
                  {sayCount(needs_attention, "execution")} to be looked at
                </span>
              )}
              {oldest_at && (
                <span className="text-sm text-muted">
                  oldest <RelativeTime at={oldest_at} />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
