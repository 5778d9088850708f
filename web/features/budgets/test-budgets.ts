import type { Budget } from "#core/contract/budgets"

let count = 0

/** A dollar a day, of which a quarter is spent at noon. */
export const testBudget = (more: Partial<Budget> = {}): Budget => ({
  id: `budget_01JD${String(count++).padStart(22, "0")}`,
  name: "All",
  scope: "tenant",
  target_id: null,
  target_name: null,
  limit_micros: 1_000_000,
  period: "day",
  mode: "hard",
  alert_webhook_url: null,
  alert_emails: [],
  alert_webhook_secret: { set: false, hint: "" },
  is_active: true,
  state: {
    account: "2026-11-22",
    spent_micros: 250_000,
    reserved_micros: 0,
    left_micros: 750_000,
    refused: 0,
    alerted_percent: 0,
    began_at: "2026-11-22T00:00:00.000Z",
    resets_at: "2026-11-23T00:00:00.000Z",
    forecast: { at_end_micros: 500_000, exhausted_at: null },
    points: [],
    executions: null,
  },
  version: 1,
  created_at: "2026-11-01T00:00:00.000Z",
  updated_at: "2026-11-01T00:00:00.000Z",
  ...more,
})
