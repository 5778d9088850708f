import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"
import type { TriggerKind } from "#core/contract/trigger-config"
import type { DeliveryOutcome, Trigger } from "#core/contract/triggers"
import type { DeliveryId, ExecutionId, FlowId, TriggerId } from "#core/ids"

export const triggers = sqliteTable(
  "triggers",
  {
    id: text().$type<TriggerId>().primaryKey(),
    flow_id: text().$type<FlowId>().notNull(),
    name: text().notNull(),
    kind: text().$type<TriggerKind>().notNull(),
    config: text({ mode: "json" }).$type<Trigger["config"]>().notNull(),
    is_active: integer({ mode: "boolean" }).notNull(),
    /** Webhooks and forms: SHA-256 of the address' token, and how often it was replaced. */
    token_digest: text().unique(),
    token_number: integer().notNull(),
    /** Webhooks: sealed by the vault, with its masked end. */
    secret: text(),
    hint: text(),
    /** Flow triggers: whose ends fire it. */
    source_flow_id: text().$type<FlowId>(),
    last_fired_at: text(),
    next_fire_at: text(),
    failures_in_a_row: integer().notNull(),
    last_error: text(),
    last_error_code: text(),
    last_error_at: text(),
    /** The test listener of a webhook: until when, whether it starts executions too, and what it has heard. */
    listen_until: text(),
    listen_starts: integer({ mode: "boolean" }).notNull(),
    heard_delivery: text().$type<DeliveryId>(),
    /** Rises with every change of a person's; the ETag. */
    version: integer().notNull(),
    created_by: text().notNull(),
    created_at: text().notNull(),
    updated_at: text().notNull(),
    deleted_at: text(),
  },
  (row) => [
    index("triggers_created").on(row.created_at),
    index("triggers_flow").on(row.flow_id),
    index("triggers_source").on(row.source_flow_id),
  ],
)

export const trigger_deliveries = sqliteTable(
  "trigger_deliveries",
  {
    id: text().$type<DeliveryId>().primaryKey(),
    trigger_id: text().$type<TriggerId>().notNull(),
    /** What fired it once and no more: `at <ms>` of a schedule, the execution of a flow trigger. */
    once: text(),
    at: text().notNull(),
    outcome: text().$type<DeliveryOutcome>().notNull(),
    reason: text(),
    status: integer(),
    execution_id: text().$type<ExecutionId>(),
    method: text(),
    query: text({ mode: "json" }).$type<Record<string, string>>().notNull(),
    /** Masked where they hold secrets. */
    headers: text({ mode: "json" }).$type<Record<string, string>>().notNull(),
    digest: text(),
    /** The whole body, as far as it may be delivered again. */
    body: text(),
    body_bytes: integer().notNull(),
    scheduled_for: text(),
    source_execution_id: text().$type<ExecutionId>(),
    redelivery_of: text().$type<DeliveryId>(),
  },
  (row) => [
    index("trigger_deliveries_execution").on(row.execution_id),
    index("trigger_deliveries_trigger").on(row.trigger_id, row.at),
    index("trigger_deliveries_at").on(row.at),
    uniqueIndex("trigger_deliveries_once").on(row.trigger_id, row.once),
  ],
)

/** What a webhook has seen, by id and by body: deliveries of the same share one claim, and so one execution. */
export const trigger_receipts = sqliteTable(
  "trigger_receipts",
  {
    trigger_id: text().$type<TriggerId>().notNull(),
    key: text().notNull(),
    claim: text().$type<DeliveryId>().notNull(),
    execution_id: text().$type<ExecutionId>(),
    /** ms since 1970. */
    expires: integer().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.trigger_id, row.key] }),
    index("trigger_receipts_claim").on(row.claim),
    index("trigger_receipts_expires").on(row.expires),
  ],
)
