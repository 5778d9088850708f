import { formatMicros } from "#core/money"
import type { AlertNote, TenantRef } from "#durable/governor/ports"
import * as budgets from "#worker/db/budgets"
import { controlDb, tenantDb } from "#worker/db/tenant"
import { digestOf } from "#worker/digest"
import { settingsOf, type Env } from "#worker/env"
import { openSecret } from "#worker/services/vault"
import { postSigned, webhookFault } from "#worker/services/webhooks"
import { secretPlace } from "./shape.ts"

export type Told = {
  way: "webhook" | "email"
  to: string
  ok: boolean
  error: { code: string; message: string } | null
}
type Way = Pick<Told, "way" | "to">

/** What the governor keeps of a way that failed: without the address, which somebody may want to be forgotten. */
const keyOf = ({ way, to }: Way): string => (way === "webhook" ? way : `${way}:${digestOf(to)}`)

/** Tells of a budget by its webhook and by email, as its owner has chosen; answers those ways that failed. */
export async function tellOfBudget(
  env: Env,
  tenant: TenantRef,
  note: AlertNote,
  keys: readonly string[] | undefined,
): Promise<string[]> {
  const row = await budgets.byId(await tenantDb(env, tenant.slot), note.budget_id)
  // Whoever deleted it wants to hear no more of it.
  if (!row) return []
  const ways = waysOf(env, row).filter((way) => keys?.includes(keyOf(way)) ?? true)
  const told = await Promise.all(ways.map((way) => tellBy(env, tenant, row, note, way)))
  return told.filter(({ ok }) => !ok).map(keyOf)
}

/** Whoever is told of a budget. Without `send_email` nobody is by email. */
export const waysOf = (env: Env, { alert_webhook_url: url, alert_emails }: budgets.BudgetRow): Way[] => [
  ...(url === null ? [] : [{ way: "webhook" as const, to: url }]),
  ...(env.MAIL === undefined || settingsOf(env).MAIL_FROM === ""
    ? []
    : alert_emails.map((to) => ({ way: "email" as const, to }))),
]

export async function tellBy(
  env: Env,
  tenant: TenantRef,
  row: budgets.BudgetRow,
  note: AlertNote,
  way: Way,
): Promise<Told> {
  try {
    if (way.way === "webhook") await post(env, tenant, row, note)
    else await mail(env, note, way.to)
    return { ...way, ok: true, error: null }
  } catch (error) {
    const fault = webhookFault(error, "alert")
    // Neither the address nor what it answered: both are the tenant's.
    console.warn("budgets: an alert did not arrive", { way: way.way, code: fault.code })
    return { ...way, ok: false, error: fault }
  }
}

async function post(env: Env, tenant: TenantRef, row: budgets.BudgetRow, note: AlertNote): Promise<void> {
  const { alert_webhook_url: url, alert_webhook_secret: sealed } = row
  if (url === null || sealed === null) return
  const keeper = { tenant, control: () => controlDb(env) }
  const secret = await openSecret(keeper, settingsOf(env), secretPlace(tenant.id, row.id), sealed)
  const { id, ...data } = note
  const body = {
    type: `budget.${note.kind}`,
    timestamp: note.at,
    data: { tenant_id: tenant.id, ...data },
  }
  await postSigned(env, { url, secret, id, body })
}

async function mail(env: Env, note: AlertNote, to: string): Promise<void> {
  const { budget_name, percent, kind, limit_micros, spent_micros, account } = note
  const limit = formatMicros(limit_micros)
  const subjects = {
    refused: `The budget "${budget_name}" refuses calls`,
    threshold: `The budget "${budget_name}" is at ${percent} %`,
    test: `A test of the budget "${budget_name}"`,
  }
  const text = [
    `${formatMicros(spent_micros)} of ${limit} are spent (${account}).`,
    kind === "refused"
      ? "A call was refused, since it might have cost more than is left. Further ones will be until the budget is raised or begins anew."
      : "",
  ]
    .filter(Boolean)
    .join("\n\n")
  await env.MAIL?.send({ from: settingsOf(env).MAIL_FROM, to, subject: oneLine(subjects[kind]), text })
}

/** Line breaks in a subject would be headers of their own. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
