import { and, asc, eq, gt, isNotNull } from "drizzle-orm"
import type { Db } from "./commit.ts"
import { audit_webhooks } from "./schema/audit-webhook.ts"
import { budgets } from "./schema/budgets.ts"
import { credentials } from "./schema/credentials.ts"
import { llm_providers } from "./schema/llm-providers.ts"
import { triggers } from "./schema/triggers.ts"

export type SealedRow = { id: string; sealed: string }

/** A column that holds what the vault has sealed, in rows that are deleted too. */
export type SealedColumn = {
  page: (db: Db, after: string, most: number) => Promise<SealedRow[]>
  /** The same secrets, sealed anew; a row that has got another since keeps that. */
  reseal: (db: Db, rows: readonly (SealedRow & { anew: string })[]) => Promise<void>
}

/** Every column of a tenant's database that holds a secret. */
export const sealedColumns = {
  llm_providers: columnOf(llm_providers, llm_providers.credentials, "credentials"),
  credentials: columnOf(credentials, credentials.secret, "secret"),
  triggers: columnOf(triggers, triggers.secret, "secret"),
  budgets: columnOf(budgets, budgets.alert_webhook_secret, "alert_webhook_secret"),
  audit_webhooks: columnOf(audit_webhooks, audit_webhooks.secret, "secret"),
} as const

type Table =
  | typeof llm_providers
  | typeof credentials
  | typeof triggers
  | typeof budgets
  | typeof audit_webhooks
type Column =
  | typeof llm_providers.credentials
  | typeof credentials.secret
  | typeof triggers.secret
  | typeof budgets.alert_webhook_secret
  | typeof audit_webhooks.secret

function columnOf(table: Table, column: Column, name: string): SealedColumn {
  return {
    page: async (db, after, most) => {
      const rows = await db
        .select({ id: table.id, sealed: column })
        .from(table)
        .where(and(isNotNull(column), gt(table.id, after as never)))
        .orderBy(asc(table.id))
        .limit(most)
      return rows.flatMap(({ id, sealed }) => (sealed === null ? [] : [{ id, sealed }]))
    },
    reseal: async (db, rows) => {
      const [first, ...rest] = rows.map(({ id, sealed, anew }) =>
        db
          .update(table)
          .set({ [name]: anew })
          .where(and(eq(table.id, id as never), eq(column, sealed))),
      )
      if (first) await db.batch([first, ...rest])
    },
  }
}
