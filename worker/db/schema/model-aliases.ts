import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { AliasSettings, AliasTarget } from "#core/contract/model-aliases"
import type { AliasId } from "#core/ids"
import type { KeptAnswer } from "#core/llm/answer-cache"

export const model_aliases = sqliteTable("model_aliases", {
  id: text().$type<AliasId>().primaryKey(),
  name: text().notNull().unique(),
  description: text().notNull(),
  targets: text({ mode: "json" }).$type<AliasTarget[]>().notNull(),
  settings: text({ mode: "json" }).$type<AliasSettings>().notNull(),
  version: integer().notNull(),
  created_at: text().notNull(),
  updated_at: text().notNull(),
})

/** Answers to questions at temperature 0, for aliases that keep them. */
export const model_answers = sqliteTable(
  "model_answers",
  {
    /** A digest of the alias, its version and everything that was asked. */
    key: text().primaryKey(),
    answer: text({ mode: "json" }).$type<KeptAnswer>().notNull(),
    expires_at: text().notNull(),
  },
  (row) => [index("model_answers_expiry").on(row.expires_at)],
)
