import { index, sqliteTable, text } from "drizzle-orm/sqlite-core"

/** Writes that carried an Idempotency-Key, claimed before they begin and kept 24 hours. */
export const idempotency_claims = sqliteTable(
  "idempotency_claims",
  {
    /** SHA-256 of actor, route and the caller's key. */
    key: text().primaryKey(),
    /** SHA-256 of the path, query and body. */
    fingerprint: text().notNull(),
    request_id: text().notNull(),
    created_at: text().notNull(),
  },
  (row) => [index("idempotency_claims_created").on(row.created_at)],
)

/**
 * Their answers, inserted in the batch of the effect: a second effect under the same key breaks the primary key, and its batch
 * with it, also when a claim was taken over from a request that was thought dead.
 */
export const idempotency_answers = sqliteTable(
  "idempotency_answers",
  {
    key: text().primaryKey(),
    /** JSON; null when the answer holds a secret that is shown only once. */
    answer: text(),
    created_at: text().notNull(),
  },
  (row) => [index("idempotency_answers_created").on(row.created_at)],
)
