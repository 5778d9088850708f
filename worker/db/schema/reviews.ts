import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { ReviewStatus } from "#core/contract/reviews"
import type { FlowId, ReviewId } from "#core/ids"
import { flows } from "./flows.ts"

/** What people ask others to approve before it is published. */
export const flow_reviews = sqliteTable(
  "flow_reviews",
  {
    id: text().$type<ReviewId>().primaryKey(),
    flow_id: text()
      .$type<FlowId>()
      .notNull()
      .references(() => flows.id),
    status: text().$type<ReviewStatus>().notNull(),
    /** Of the draft that it is about. */
    digest: text().notNull(),
    /** What was published when it was asked. */
    base_version: integer(),
    /** The version that was published by it. */
    published_as: integer(),
    note: text().notNull(),
    requested_by: text().notNull(),
    /** The person behind who asked: of an API key its owner. They cannot answer. */
    requester: text().notNull(),
    requested_at: text().notNull(),
    answered_by: text(),
    answered_at: text(),
    reason: text().notNull().default(""),
  },
  (row) => [index("flow_reviews_flow").on(row.flow_id, row.requested_at)],
)
