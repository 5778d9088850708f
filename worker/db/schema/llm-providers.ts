import { sql } from "drizzle-orm"
import { integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"
import type { ProviderConfig, ProviderType } from "#core/contract/llm-providers"
import type { ProviderId } from "#core/ids"
import type * as z from "zod"

export const llm_providers = sqliteTable(
  "llm_providers",
  {
    id: text().$type<ProviderId>().primaryKey(),
    name: text().notNull(),
    provider_type: text().$type<ProviderType>().notNull(),
    /** Sealed by the vault; null when there are none. */
    credentials: text(),
    /** The masked end of the API key. */
    hint: text(),
    config: text({ mode: "json" }).$type<z.infer<typeof ProviderConfig>>().notNull(),
    is_active: integer({ mode: "boolean" }).notNull(),
    is_default: integer({ mode: "boolean" }).notNull(),
    version: integer().notNull(),
    created_at: text().notNull(),
    updated_at: text().notNull(),
    deleted_at: text(),
  },
  (row) => [
    uniqueIndex("llm_providers_default")
      .on(row.is_default)
      .where(sql`is_default = 1`),
  ],
)
