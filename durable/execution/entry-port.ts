import type { Outcome } from "#core/errors"
import type { TenantId } from "#core/ids"

type TenantRef = { id: TenantId; slot: string }

/** Executions of a day (UTC) that a lane may still begin, and does not. */
export type LeftOver = { day: string; begins: number }

/** What a lane says of itself. */
export type LaneCount = {
  lane: string
  /** Given back. */
  left: LeftOver | undefined
  /** How many executions it has under way. */
  open: number
}

/** What a lane may do without asking again. */
export type Entered = {
  day: string
  /** After so long it asks anew. */
  for_ms: number
  /** So many executions more; Infinity where nobody counts. */
  begins: number
  /** So many under way at once, with those that are already; Infinity where nobody counts. */
  places: number
}

/** Who counts the tenant's executions, over all lanes. */
export type EntryPort = {
  /** Lets as many begin as are wanted, and some ahead; one at least, or `quota.exceeded`. */
  enter(tenant: TenantRef, ask: LaneCount & { wanted: number }): Promise<Outcome<Entered>>
  leave(tenant: TenantRef, count: LaneCount): Promise<void>
}
