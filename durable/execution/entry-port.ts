import type { Outcome } from "#core/errors"
import type { Head } from "#core/governor/queue"
import type { TenantId } from "#core/ids"

type TenantRef = { id: TenantId; slot: string }

/** Executions of a day (UTC) that a lane may still begin, and does not. */
export type LeftOver = {
  /** What they were given by. Whoever hears no answer gives them back again, and they are taken back once. */
  grant: number
  day: string
  begins: number
}

/** What a lane says of itself. */
export type LaneCount = {
  lane: string
  /** Given back. */
  left: LeftOver | undefined
  /** How many executions it has under way. */
  open: number
}

/** A lane wants to begin executions, or has some that wait for a place. */
export type EntryAsk = LaneCount & {
  /** So many starts have come that are not counted yet. */
  wanted: number
  /** So many executions wait here already. */
  waiting: number
  /** Who is next of those. */
  head: Head | undefined
  /** Whether a start may wait here for a place; a lane that cannot hold a queue has it refused. */
  may_wait: boolean
}

/** What a lane may do without asking again. */
export type Entered = {
  /** Counts what the lane was given. */
  grant: number
  day: string
  /** After so long it asks anew. */
  for_ms: number
  /** So many executions more may be taken in; Infinity where nobody counts. */
  begins: number
  /** So many under way at once, with those that are already; Infinity where nobody counts. */
  places: number
  /** So many of those that are taken in may wait for a place. */
  waits: number
}

/** Who counts the tenant's executions, over all lanes. */
export type EntryPort = {
  /**
   * Takes in as many as are wanted, and some ahead, or lets them wait; one at least, or `quota.exceeded`. Gives places to those who
   * wait, whether more are wanted or not.
   */
  enter(tenant: TenantRef, ask: EntryAsk): Promise<Outcome<Entered>>
  leave(tenant: TenantRef, count: LaneCount): Promise<void>
}
