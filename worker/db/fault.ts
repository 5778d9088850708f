import { Failure, type FailureCode } from "#core/errors"

/** What a broken unique index means, by the columns that SQLite names. */
const uniques: Record<string, FailureCode> = {
  "tenants.slug": "tenant.slug_taken",
  "flow_versions.flow_id, flow_versions.version": "conflict.stale",
  "agent_versions.agent_id, agent_versions.version": "conflict.stale",
  "crew_versions.crew_id, crew_versions.version": "conflict.stale",
  "llm_providers.is_default": "conflict.stale",
  "idempotency_answers.key": "idempotency.in_flight",
}

/** Passing troubles that D1 documents, and a local file that another process holds. */
const passing =
  /SQLITE_BUSY|database is locked|Network connection lost|storage caused object to be reset|reset because its code was updated|D1 DB is overloaded|isolate exceeded its memory limit/i

/** The failure that a database error stands for, or undefined when it is nobody's but ours. */
export function faultOf(error: unknown): Failure | undefined {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    if (one instanceof Failure) return one
    const unique = /UNIQUE constraint failed: ([\w., ]+?)(?::|$)/.exec(one.message)?.[1]
    if (unique) return new Failure(uniques[unique.trim()] ?? "conflict.duplicate")
    const missing = /NOT NULL constraint failed: ([\w.]+)/.exec(one.message)?.[1]
    if (missing === "flows.name") return new Failure("quota.full")
    if (passing.test(one.message)) return new Failure("storage.busy", { retryAfterSeconds: 1 })
  }
  return undefined
}
