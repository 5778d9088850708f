import type { ExecutionStatus } from "#core/execution/status"
import type { ExecutionListQuery } from "../queries.ts"

/** What the address holds of the list. */
export type ListSearch = Partial<
  Record<"q" | "sort" | "flow_id" | "from" | "to" | "actor", string | undefined>
> & {
  status?: ExecutionStatus[] | undefined
}

/** The same as the server is asked for it. */
export const queryOf = (search: ListSearch): ExecutionListQuery => ({
  sort: search.sort ?? "-created_at",
  ...(search.q ? { search: search.q } : {}),
  ...(search.flow_id ? { flow_id: search.flow_id } : {}),
  ...(search.status?.length ? { status: search.status.join(",") } : {}),
  ...(search.from ? { from: search.from } : {}),
  ...(search.to ? { to: search.to } : {}),
  ...(search.actor ? { actor: search.actor } : {}),
})
