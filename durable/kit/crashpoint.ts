/**
 * Every named place at which the server may die and executions must go on as if it had not. What an `after-` point names is
 * written and, one turn later, durable.
 */
export type CrashPoint =
  | "after-queued"
  | "before-journal"
  | "after-journal"
  | "before-effect"
  | "after-effect"
  | "before-result"
  | "after-result"
  | "before-outbox"
  | "after-outbox"
  | "before-alarm"
  | "after-alarm"
  | "in-alarm"
  | "before-cancelled"
  | "after-timer-fired"
  | "approval-answered"
  | "callback-received"
  | "scope-opened"
  | "scope-closed"

type Names = string | undefined | readonly (string | undefined)[]

declare global {
  /**
   * Says that a point is passed: by which executions or appointments, and about which nodes. Synchronous, since it may stand
   * between two writes of one turn. wrangler.toml defines it as undefined, so that the bundler leaves out every
   * `globalThis.crashpoint?.(…)`, name and all; only the build of the chaos harness has one (test/chaos/worker).
   */
  // Only `var` declares a property of globalThis.
  var crashpoint: ((point: CrashPoint, by: Names, nodes?: Names) => void) | undefined
}
