import type { AlertStep } from "#core/governor/budget"
import type { TenantId } from "#core/ids"
import type { Micros } from "#core/money"

/** Whose governor it is. */
export type TenantRef = { id: TenantId; slot: string }

/** What somebody is told of a budget. */
export type AlertNote = {
  /** The same for every try, so that whoever is told twice can know. */
  id: string
  budget_id: string
  budget_name: string
  /** The period: a day, a month, or an execution's id. */
  account: string
  /** `test`: somebody wants to see whether it arrives. */
  kind: "threshold" | "refused" | "test"
  percent: AlertStep
  limit_micros: Micros
  spent_micros: Micros
  /** ISO 8601 UTC. */
  at: string
}

/** What a governor asks of the outside world. */
export type GovernorPorts = {
  /**
   * Tells of a budget by each of the ways that are named, or by all that its owner has chosen; answers those that failed and are to be
   * tried again. May be asked again after a crash, with the same note.
   */
  tell(tenant: TenantRef, note: AlertNote, ways: readonly string[] | undefined): Promise<string[]>
  now(): number
}
