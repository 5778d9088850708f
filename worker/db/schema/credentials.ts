import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { CredentialConfig, CredentialKind } from "#core/contract/credentials"
import type { CredentialId } from "#core/ids"

export const credentials = sqliteTable(
  "credentials",
  {
    id: text().$type<CredentialId>().primaryKey(),
    name: text().notNull(),
    kind: text().$type<CredentialKind>().notNull(),
    config: text({ mode: "json" }).$type<CredentialConfig>().notNull(),
    /** Sealed by the vault. */
    secret: text().notNull(),
    /** The masked end of the secret. */
    hint: text().notNull(),
    allowed_hosts: text({ mode: "json" }).$type<string[]>().notNull(),
    is_active: integer({ mode: "boolean" }).notNull(),
    version: integer().notNull(),
    created_at: text().notNull(),
    updated_at: text().notNull(),
    deleted_at: text(),
  },
  (row) => [index("credentials_created").on(row.created_at)],
)
