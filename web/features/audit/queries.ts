import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query"
import { auditApi } from "#core/contract/audit"
import { auditWebhookApi } from "#core/contract/audit-webhook"
import { authApi } from "#core/contract/auth"
import type { QueryIn } from "#core/contract/endpoint"
import type { AuditId } from "#core/ids"
import { addressOf, call } from "#web/api/call.ts"
import { queryKeys } from "#web/api/query-keys.ts"
import { checkEntry } from "./check-entry.ts"

export type AuditQuery = Omit<NonNullable<QueryIn<typeof auditApi.list>>, "before" | "limit">

const pageSize = 100
const refreshMs = 10_000

/** The log, page by page. A search looks through part of the log at a time, so a page may be empty and not the last. */
export const auditQuery = (query: AuditQuery) =>
  infiniteQueryOptions({
    queryKey: queryKeys.auditList(query),
    queryFn: ({ pageParam, signal }) =>
      call(auditApi.list, {
        query: { ...query, limit: pageSize, ...(pageParam === null ? {} : { before: pageParam }) },
        signal,
      }),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) => refreshMs * Math.max(1, state.data?.pages.length ?? 1),
  })

export const auditStateQuery = queryOptions({
  queryKey: queryKeys.auditState,
  queryFn: ({ signal }) => call(auditApi.state, { signal }),
  refetchInterval: refreshMs,
})

/** Where checkpoints are sent, and what became of the last. */
export const webhookQuery = queryOptions({
  queryKey: queryKeys.auditWebhook,
  queryFn: ({ signal }) => call(auditWebhookApi.get, { signal }),
  refetchInterval: refreshMs,
})

/** An entry, and what this browser found when it checked it for itself. */
export const entryQuery = (id: AuditId) =>
  queryOptions({
    queryKey: queryKeys.auditEntry(id),
    queryFn: async ({ signal }) => {
      const found = await call(auditApi.get, { params: { audit_id: id }, signal })
      return { ...found, check: await checkEntry(found) }
    },
    // What waits is sealed within two seconds.
    refetchInterval: ({ state }) => (state.data?.check.is === "waiting" ? 1_000 : false),
  })

/** An address that gives the whole log as a file, once: the browser writes it to disk while it comes. */
export async function exportAddress(): Promise<string> {
  const { ticket } = await call(authApi.ticket, { body: { resource: addressOf(auditApi.export) } })
  return addressOf(auditApi.export, {}, { ticket })
}
