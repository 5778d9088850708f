import type { FlowId } from "#core/ids"
import type { SpanKind, SpanStatus } from "#core/trace/span"
import type { TraceQuery } from "./queries.ts"

/** What the address holds of the list. */
export type ListSearch = {
  q?: string | undefined
  sort?: string | undefined
  flow_id?: FlowId | undefined
  node?: string | undefined
  kind?: SpanKind[] | undefined
  status?: SpanStatus[] | undefined
  from?: string | undefined
  to?: string | undefined
  /** In milliseconds. */
  longer?: number | undefined
  model?: string | undefined
  /** The call that is looked at. */
  span?: string | undefined
}

/** The same as the server is asked for it. */
export const queryOf = (search: ListSearch): TraceQuery => ({
  sort: search.sort ?? "-start_time",
  ...(search.q ? { text: search.q } : {}),
  ...(search.flow_id ? { flow_id: search.flow_id } : {}),
  ...(search.node ? { node_id: search.node } : {}),
  ...(search.kind?.length ? { kind: search.kind.join(",") } : {}),
  ...(search.status?.length ? { status: search.status.join(",") } : {}),
  ...(search.from ? { from: search.from } : {}),
  ...(search.to ? { to: search.to } : {}),
  ...(search.longer === undefined ? {} : { min_duration_ms: search.longer }),
  ...(search.model ? { model: search.model } : {}),
})

/** No search and no filter. */
export const nothing: ListSearch = {
  q: undefined,
  flow_id: undefined,
  node: undefined,
  kind: undefined,
  status: undefined,
  from: undefined,
  to: undefined,
  longer: undefined,
  model: undefined,
}
