import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { FlowGraph } from "#core/flow/graph"
import type { FlowId } from "#core/ids"
import type { ForeignFormat } from "#core/exchange/format"

export const flows = sqliteTable(
  "flows",
  {
    id: text().$type<FlowId>().primaryKey(),
    name: text().notNull(),
    description: text().notNull(),
    /** The draft. */
    graph: text({ mode: "json" }).$type<FlowGraph>().notNull(),
    /** SHA-256 of the draft's JSON. */
    graph_digest: text().notNull(),
    node_count: integer().notNull(),
    /** Rises with every save; the ETag. */
    version: integer().notNull(),
    /** The number of the newest frozen version; 0 before the first. */
    last_version: integer().notNull(),
    published_version: integer(),
    published_digest: text(),
    /** Whether people have had it open together: its canvas is then the original, and the draft here a copy that may be seconds old. */
    has_canvas: integer({ mode: "boolean" }).notNull().default(false),
    created_by: text().notNull(),
    created_at: text().notNull(),
    updated_at: text().notNull(),
    deleted_at: text(),
  },
  (row) => [index("flows_created").on(row.created_at), index("flows_updated").on(row.updated_at)],
)

export const flow_versions = sqliteTable(
  "flow_versions",
  {
    flow_id: text()
      .$type<FlowId>()
      .notNull()
      .references(() => flows.id),
    version: integer().notNull(),
    graph: text({ mode: "json" }).$type<FlowGraph>().notNull(),
    /** SHA-256 of the graph's JSON: the name under which a lane keeps it. */
    definition: text().notNull(),
    note: text().notNull(),
    created_by: text().notNull(),
    created_at: text().notNull(),
  },
  (row) => [primaryKey({ columns: [row.flow_id, row.version] })],
)

/** The files of other products that flows were made of, without their secrets. */
export const flow_origins = sqliteTable("flow_origins", {
  flow_id: text()
    .$type<FlowId>()
    .primaryKey()
    .references(() => flows.id),
  format: text().$type<ForeignFormat>().notNull(),
  language: text().$type<"json" | "yaml">().notNull(),
  content: text().notNull(),
  created_at: text().notNull(),
})
