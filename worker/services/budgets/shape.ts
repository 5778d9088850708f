import type { Budget, BudgetDraft, BudgetState } from "#core/contract/budgets"
import { Failure, type InputFault } from "#core/errors"
import type { Budget as Rule } from "#core/governor/budget"
import { forecast } from "#core/governor/forecast"
import { spanAt } from "#core/governor/period"
import { AgentId, CrewId, FlowId, ProviderId } from "#core/ids"
import type { Standing } from "#durable/governor/messages"
import { isoTime, type Ctx } from "#worker/context"
import * as agents from "#worker/db/agents"
import type { BudgetRow } from "#worker/db/budgets"
import * as crews from "#worker/db/crews"
import * as flows from "#worker/db/flows"
import * as providers from "#worker/db/llm-providers"
import type { Place } from "#worker/secrets/vault"

type Seen = { target_name: string | null; standing: Standing | undefined; now: number }

/** A budget as its readers see it. The secret of its webhook stays in the vault. */
export function budgetOf(row: BudgetRow, { target_name, standing, now }: Seen): Budget {
  const { alert_webhook_secret, alert_webhook_hint, created_by: _, deleted_at: __, ...rest } = row
  return {
    ...rest,
    target_name,
    alert_webhook_secret: { set: alert_webhook_secret !== null, hint: alert_webhook_hint ?? "" },
    state: standing ? stateOf(row, standing, now) : null,
  }
}

function stateOf(
  { period, limit_micros }: Pick<Rule, "period" | "limit_micros">,
  { account, spending, accounts }: Standing,
  now: number,
): BudgetState {
  const { spent, reserved, refused, alerted } = account
  const span = period === "execution" ? undefined : spanAt(period, now)
  const ahead = span && forecast(spent, limit_micros, span, now)
  const at = (ms: number | undefined): string | null => (ms === undefined ? null : isoTime(ms))
  return {
    account: account.account,
    spent_micros: spent,
    reserved_micros: reserved,
    left_micros: Math.max(0, limit_micros - spent - reserved),
    refused,
    alerted_percent: alerted,
    began_at: at(span?.from),
    resets_at: at(span?.until),
    forecast: ahead ? { at_end_micros: ahead.at_end, exhausted_at: at(ahead.exhausted) } : null,
    points: spending.map(({ hour, spent: in_hour }) => ({ at: isoTime(hour), spent_micros: in_hour })),
    executions: period === "execution" ? accounts : null,
  }
}

/** What the audit log keeps of a budget. */
export const factsOf = ({
  name,
  scope,
  target_id,
  limit_micros,
  period,
  mode,
  is_active,
  ...row
}: BudgetRow) => ({
  name,
  scope,
  target_id,
  limit_micros,
  period,
  mode,
  is_active,
  alert_webhook_url: row.alert_webhook_url,
  alert_emails: row.alert_emails.length,
})

/** Where the secret of a budget's webhook lies, which its ciphertext is bound to. */
export const secretPlace = (tenant: string, row: string): Place => ({
  tenant,
  table: "budgets",
  row,
  field: "alert_webhook_secret",
  version: 1,
})

/** What must be true of a budget as a whole; answers the name of what it is of. */
export async function assertWhole(ctx: Ctx, draft: BudgetDraft): Promise<string | null> {
  const errors: InputFault[] = []
  if ((draft.scope === "execution") !== (draft.period === "execution")) {
    const message =
      draft.scope === "execution"
        ? "A budget of executions counts for each execution: use execution"
        : "Only a budget of executions counts for each execution: use day or month"
    errors.push({ path: "period", message })
  }
  const target = await targetOf(ctx, draft)
  if (target === undefined) errors.push({ path: "target_id", message: wanted[draft.scope] })
  if (errors.length > 0) throw new Failure("request.invalid", { errors })
  return target ?? null
}

const wanted: Record<Rule["scope"], string> = {
  tenant: "A budget of the tenant is of nothing else: leave it out",
  provider: "Choose a model provider that there is",
  crew: "Choose a crew that there is",
  agent: "Choose an agent that there is",
  execution: "Choose a flow that there is, or leave it out for every execution",
}

/** The name of what a budget is of; null where it is of nothing by itself, undefined when there is no such thing. */
async function targetOf({ db }: Ctx, { scope, target_id }: BudgetDraft): Promise<string | null | undefined> {
  if (target_id === null) return scope === "tenant" || scope === "execution" ? null : undefined
  switch (scope) {
    case "tenant":
      return undefined
    case "provider":
      return named(ProviderId.safeParse(target_id), (id) => providers.byId(db, id))
    case "crew":
      return named(CrewId.safeParse(target_id), (id) => crews.byId(db, id))
    case "agent":
      return named(AgentId.safeParse(target_id), (id) => agents.byId(db, id))
    case "execution":
      return named(FlowId.safeParse(target_id), (id) => flows.byId(db, id))
    default:
      return scope satisfies never
  }
}

const named = async <T>(
  { data }: { data?: T | undefined },
  look: (id: T) => Promise<{ name: string } | undefined>,
): Promise<string | undefined> => (data === undefined ? undefined : (await look(data))?.name)
