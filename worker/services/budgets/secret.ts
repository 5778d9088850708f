import type { BudgetDraft } from "#core/contract/budgets"
import type { BudgetId } from "#core/ids"
import type { Ctx } from "#worker/context"
import type { BudgetRow } from "#worker/db/budgets"
import { hintOf, sealSecret, type VaultSettings } from "#worker/services/vault"
import { newSigningSecret } from "#worker/services/webhooks"
import { secretPlace } from "./shape.ts"

type Kept = Pick<BudgetRow, "alert_webhook_secret" | "alert_webhook_hint">

/**
 * The secret that a budget's alerts are signed with (Standard Webhooks): the one that it has for this address, else a new one, which is
 * told once. Another address gets another secret, so that whoever knew the old one cannot speak there.
 */
export async function chooseSecret(
  ctx: Ctx,
  settings: VaultSettings,
  id: BudgetId,
  { alert_webhook_url }: Pick<BudgetDraft, "alert_webhook_url">,
  before?: BudgetRow,
): Promise<{ kept: Kept; told: string | null }> {
  if (alert_webhook_url === null)
    return { kept: { alert_webhook_secret: null, alert_webhook_hint: null }, told: null }
  if (before?.alert_webhook_secret && before.alert_webhook_url === alert_webhook_url) {
    const { alert_webhook_secret, alert_webhook_hint } = before
    return { kept: { alert_webhook_secret, alert_webhook_hint }, told: null }
  }
  const secret = newSigningSecret(ctx.chance)
  const sealed = await sealSecret(ctx, settings, secretPlace(ctx.tenant.id, id), secret)
  return { kept: { alert_webhook_secret: sealed, alert_webhook_hint: hintOf(secret) }, told: secret }
}
