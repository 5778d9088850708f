import type { AuditQuery } from "./queries.ts"

/** What the address holds of the list. */
export type ListSearch = {
  q?: string | undefined
  actor?: string | undefined
  action?: string | undefined
  target?: string | undefined
  from?: string | undefined
  to?: string | undefined
  /** The entry that is looked at. */
  entry?: string | undefined
}

/** The same as the server is asked for it. */
export const queryOf = ({ q, actor, action, target, from, to }: ListSearch): AuditQuery => ({
  ...(q ? { search: q } : {}),
  ...(actor ? { actor } : {}),
  ...(action ? { action } : {}),
  ...(target ? { target } : {}),
  ...(from ? { from } : {}),
  ...(to ? { to } : {}),
})

/** No search and no filter. */
export const nothing: ListSearch = {
  q: undefined,
  actor: undefined,
  action: undefined,
  target: undefined,
  from: undefined,
  to: undefined,
}
