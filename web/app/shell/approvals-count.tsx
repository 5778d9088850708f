import { useQuery } from "@tanstack/react-query"
import { approvalsApi } from "#core/contract/approvals"
import { call } from "#web/api/call.ts"
import { useCan } from "#web/api/me.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { cn } from "#web/ui/cn.ts"

const most = 99

/** How many open questions wait for this person; nothing where none does, or where the count cannot be had. */
export default function ApprovalsCount({ className }: { className?: string }) {
  const mayAnswer = useCan("approval.answer")
  const { data } = useQuery({
    queryKey: [...queryKeys.approvals, "count"],
    queryFn: ({ signal }) =>
      call(approvalsApi.list, { query: { status: "open", mine: "true", limit: 1 }, signal }),
    enabled: mayAnswer,
    refetchInterval: 30_000,
  })
  const total = data?.total ?? 0
  if (total === 0) return null
  return (
    <span
      className={cn(
        "tabular ml-auto inline-flex h-4 min-w-4 items-center justify-center rounded-full bg-accent px-1 text-xs font-medium text-on-accent",
        className,
      )}
    >
      {total > most ? `${most}+` : total}
      <span className="sr-only"> open</span>
    </span>
  )
}
