import * as z from "zod"
import { budgetModes, budgetPeriods, budgetScopes, mostMicros } from "#core/governor/budget"
import { BudgetId } from "#core/ids"
import { webAddress } from "#core/web-address"
import { endpoint, listQuery, PageInfo, Time } from "./endpoint.ts"

export const BudgetScope = z.enum(budgetScopes)
export const BudgetPeriod = z.enum(budgetPeriods)
export const BudgetMode = z.enum(budgetModes)

/** Whole micro-USD. */
const amount = z
  .int({ error: "Enter a whole number of micro-USD" })
  .min(0, { error: "Use 0 or more" })
  .max(mostMicros, { error: "Use at most 1,000,000,000 dollars" })

const draft = {
  name: z.string().trim().min(1, { error: "Enter a name" }).max(120),
  /** `execution` holds each execution by itself. */
  scope: BudgetScope,
  /** The provider, crew or agent that it is of; for `execution` a flow, or null for every execution; for `tenant` null. */
  target_id: z.string().max(64).nullable().default(null),
  limit_micros: amount,
  /** In UTC; `execution` for budgets of executions, and for no others. */
  period: BudgetPeriod.default("month"),
  /** `hard` refuses a call that might not fit; `soft` only tells of it. */
  mode: BudgetMode.default("hard"),
  /** Who is told at 50, 80 and 100 per cent, and when a call is refused for the first time in a period. */
  alert_webhook_url: webAddress(2_000, "Enter an address such as https://example.com/hook")
    .nullable()
    .default(null),
  alert_emails: z
    .array(z.email({ error: "Enter an email address" }).max(254))
    .max(10)
    .default([]),
  is_active: z.boolean().default(true),
}
export const BudgetDraft = z.strictObject(draft).meta({ id: "BudgetDraft" })
export type BudgetDraft = z.infer<typeof BudgetDraft>

/** How a budget stands in its period; of an execution's budget, in the dearest execution that is remembered. */
export const BudgetState = z
  .object({
    /** `2026-11-22`, `2026-11`, or an execution's id; empty while there is none. */
    account: z.string(),
    spent_micros: z.int(),
    /** Held for calls under way. */
    reserved_micros: z.int(),
    left_micros: z.int(),
    refused: z.int().meta({ description: "Calls that were refused in this period" }),
    alerted_percent: z
      .int()
      .meta({ description: "The highest of 50, 80 and 100 that was told of; 0 for none" }),
    began_at: Time.nullable(),
    resets_at: Time.nullable(),
    forecast: z
      .object({ at_end_micros: z.int(), exhausted_at: Time.nullable() })
      .nullable()
      .meta({ description: "What will have been spent at the end if it goes on as until now" }),
    /** What was spent in each hour in which anything was. */
    points: z.array(z.object({ at: Time, spent_micros: z.int() })),
    executions: z
      .int()
      .nullable()
      .meta({ description: "Executions that are remembered, of an execution's budget" }),
  })
  .meta({ id: "BudgetState" })
export type BudgetState = z.infer<typeof BudgetState>

export const Budget = z
  .object({
    id: BudgetId,
    ...draft,
    /** As it was written: a name in any script is one. */
    alert_webhook_url: z.string().nullable(),
    /** The name of what it is of; null when that is deleted, or when it is of the tenant. */
    target_name: z.string().nullable(),
    /** Signs the alerts (Standard Webhooks); told once, when the address is set. */
    alert_webhook_secret: z.object({ set: z.boolean(), hint: z.string() }),
    /** Null while the ledger cannot be asked. */
    state: BudgetState.nullable(),
    version: z.int(),
    created_at: Time,
    updated_at: Time,
  })
  .meta({ id: "Budget" })
export type Budget = z.infer<typeof Budget>

export const BudgetAlert = z
  .object({
    kind: z
      .enum(["threshold", "refused"])
      .meta({ description: "`refused`: the first call of a period that was" }),
    percent: z.int(),
    account: z.string(),
    limit_micros: z.int(),
    spent_micros: z.int(),
    state: z.enum(["waiting", "told", "given_up"]),
    at: Time,
  })
  .meta({ id: "BudgetAlert" })
export type BudgetAlert = z.infer<typeof BudgetAlert>

const params = z.object({ budget_id: BudgetId })
const tag = "Budgets"
const one = z.object({ budget: Budget })
/** The secret is told when one was made, and never again. */
const oneWithSecret = one.extend({ alert_webhook_secret: z.string().nullable() })
const ifMatch = { "If-Match": "The ETag you read; 412 when it has changed since" }

export const budgetsApi = {
  list: endpoint({
    method: "GET",
    path: "/budgets",
    needs: "budget.read",
    tag,
    summary: "List budgets, and how they stand",
    query: listQuery(["created_at", "name", "limit_micros"]).extend({ scope: BudgetScope.optional() }),
    reply: z.object({ budgets: z.array(Budget), total: z.int(), page_info: PageInfo }),
  }),
  create: endpoint({
    method: "POST",
    path: "/budgets",
    needs: "budget.edit",
    proof: true,
    tag,
    summary: "Set a budget",
    description:
      "What a call may cost at most is held on every budget that it belongs to before it is sent, and trued up when it has ended. " +
      "A budget counts from when it is made. Calls that began before are not in it; within 5 seconds no other is left out.",
    status: 201,
    body: BudgetDraft,
    reply: oneWithSecret,
  }),
  get: endpoint({
    method: "GET",
    path: "/budgets/:budget_id",
    needs: "budget.read",
    tag,
    summary: "One budget, and how it stands",
    params,
    reply: one,
  }),
  update: endpoint({
    method: "PUT",
    path: "/budgets/:budget_id",
    needs: "budget.edit",
    proof: true,
    tag,
    summary: "Change a budget; what was spent stays",
    description: "What it is of and how long it counts stay as they are: make another for that.",
    params,
    body: BudgetDraft,
    reply: oneWithSecret,
    headers: ifMatch,
  }),
  remove: endpoint({
    method: "DELETE",
    path: "/budgets/:budget_id",
    needs: "budget.edit",
    proof: true,
    tag,
    summary: "Delete a budget",
    status: 204,
    params,
    headers: ifMatch,
  }),
  restore: endpoint({
    method: "POST",
    path: "/budgets/:budget_id/restore",
    needs: "budget.edit",
    proof: true,
    tag,
    summary: "Bring a deleted budget back with what was spent",
    params,
    reply: one,
  }),
  testAlert: endpoint({
    method: "POST",
    path: "/budgets/:budget_id/test-alert",
    needs: "budget.edit",
    tag,
    summary: "Tell whoever is told of this budget, as a test, and say what became of it",
    params,
    reply: z.object({
      told: z.array(
        z.object({
          way: z.enum(["webhook", "email"]),
          to: z.string(),
          ok: z.boolean(),
          error: z.object({ code: z.string(), message: z.string() }).nullable(),
        }),
      ),
    }),
  }),
  history: endpoint({
    method: "GET",
    path: "/budgets/:budget_id/history",
    needs: "budget.read",
    tag,
    summary: "A budget's periods, the latest first, and what was told of it",
    params,
    query: z.strictObject({ limit: z.coerce.number().int().min(1).max(400).default(30) }),
    reply: z.object({
      periods: z.array(
        z.object({
          account: z.string(),
          spent_micros: z.int(),
          reserved_micros: z.int(),
          refused: z.int(),
        }),
      ),
      alerts: z.array(BudgetAlert),
    }),
  }),
} as const
