import { useQuery } from "@tanstack/react-query"
import { Gauge } from "lucide-react"
import { lazy, Suspense, useState } from "react"
import type { AdminTenant } from "#core/contract/admin"
import { quotaRow } from "#web/api/quotas.ts"
import { Button } from "#web/ui/button.tsx"
import { ErrorNote } from "#web/ui/error-note.tsx"
import { MeterList } from "#web/ui/meter.tsx"
import { Loading, Skeleton } from "#web/ui/skeleton.tsx"
import { tenantQuotasQuery } from "./queries.ts"

const QuotaDialog = lazy(async () => ({ default: (await import("./quota-dialog.tsx")).QuotaDialog }))

/** What a tenant may have and what is left of it; the operator sets it here. */
export function TenantQuotas({ tenant }: { tenant: AdminTenant }) {
  const found = useQuery(tenantQuotasQuery(tenant.id))
  const [isSetting, setSetting] = useState(false)
  const quotas = found.data
  return (
    <section aria-label="Quotas" className="border-b border-line px-4 py-4">
      <div className="flex items-center justify-between">
        <h2 className="text-md font-semibold">Quotas</h2>
        <Button size="sm" disabled={!quotas} onClick={() => setSetting(true)}>
          <Gauge aria-hidden />
          Set quotas
        </Button>
      </div>
      <div className="mt-3 max-w-2xl">
        {found.error && !quotas && <ErrorNote error={found.error} />}
        {quotas && <MeterList label="Quotas" rows={quotas.map(quotaRow)} />}
        {!quotas && !found.error && (
          <Loading what="the quotas" className="flex flex-col gap-3">
            <Skeleton className="w-2/3" />
            <Skeleton className="w-2/3" />
          </Loading>
        )}
      </div>
      {quotas && isSetting && (
        <Suspense>
          <QuotaDialog tenant={tenant} quotas={quotas} onClose={() => setSetting(false)} />
        </Suspense>
      )}
    </section>
  )
}
