import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { quotasApi } from "#core/contract/quotas"
import { call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { quotaRow } from "#web/api/quotas.ts"
import { ErrorState } from "#web/ui/error-state.tsx"
import { MeterList } from "#web/ui/meter.tsx"
import { PageHeader } from "#web/ui/page-header.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { Section, SettingsColumn } from "#web/ui/settings-section.tsx"

const everyMs = 15_000

/** What this workspace may have or do in a day, and how much of it is left. */
export function QuotasPage() {
  const found = useQuery({
    queryKey: queryKeys.quotas,
    queryFn: async ({ signal }) => (await call(quotasApi.list, { signal })).quotas,
    refetchInterval: everyMs,
  })
  return (
    <>
      <PageHeader crumbs={[{ label: "Settings", to: "/settings" }, { label: "Quotas" }]} />
      {found.error && !found.data ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} className="my-auto" />
      ) : (
        <SettingsColumn>
          <Section
            title="What this workspace may use"
            lead={
              <>
                Set by the operator of this installation. What goes beyond is refused, and nothing that is
                there is lost. What models may cost, you set yourself: see{" "}
                <Link to="/budgets" className="focus-ring rounded-sm font-medium text-accent-ink underline">
                  budgets
                </Link>
                .
              </>
            }
          >
            {found.data ? (
              <MeterList label="Quotas" rows={found.data.map(quotaRow)} />
            ) : (
              <Loading what="the quotas" className="flex flex-col gap-5">
                {["flows", "data", "executions", "tokens", "at once"].map((one) => (
                  <Skeleton key={one} className="h-10 w-full" />
                ))}
              </Loading>
            )}
          </Section>
        </SettingsColumn>
      )}
    </>
  )
}
