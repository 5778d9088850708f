import type { TenantId, TriggerId } from "#core/ids"
import type { MissedPolicy } from "#core/schedule/missed"
import type { Timing } from "#core/schedule/timing"

/** Whose clock it is. */
export type TenantRef = { id: TenantId; slot: string }

/** A schedule as the tenant's database has it. */
export type Schedule = {
  id: TriggerId
  timing: Timing
  missed: MissedPolicy
  /** When it was to fire next when it was last changed, in ms. */
  next: number | undefined
}

/** What a round has left: nothing, more of the same, or no tenant any more, so that its clock stops as well. */
export type Swept = "rest" | "more" | "gone"

/** What a clock asks of the outside world. All may be asked again after a crash, with the same arguments. */
export type ClockPorts = {
  /** Every schedule that is to fire. */
  schedules(tenant: TenantRef): Promise<Schedule[]>
  /** Whether nothing is to be fired now, since the tenant is suspended. */
  isHeld(tenant: TenantRef): boolean | Promise<boolean>
  /** Fires a trigger for a time: once, however often it is asked to. Throws when that is to be tried again. */
  fire(tenant: TenantRef, trigger: TriggerId, at: number): Promise<void>
  /** Tells of fires that were left out, and when the trigger fires next. */
  moved(tenant: TenantRef, trigger: TriggerId, skipped: number[], next: number | undefined): Promise<void>
  /** Looks after executions that nobody else looks after, and forgets a portion of what is old. Of an erased tenant, all that is left. */
  sweep(tenant: TenantRef): Promise<Swept>
  now(): number
}
