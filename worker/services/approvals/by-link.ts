import type { Approval, AskedByLink } from "#core/contract/approvals"
import { Failure, unwrap } from "#core/errors"
import { isSettled } from "#core/execution/status"
import type { PublicCtx } from "#worker/context"
import type { Env } from "#worker/env"
import { ask } from "#worker/stubs"
import { pointedAt, type PointedAt } from "#worker/services/executions/pointed-at"

type Tenant = PointedAt["tenant"]

/** The question behind a signed link. */
export async function getByLink(env: Env, ctx: PublicCtx, token: string): Promise<{ approval: AskedByLink }> {
  const { tenant, asked } = await askedByLink(env, ctx, token)
  return { approval: shownByLink(asked, tenant) }
}

/**
 * What a link points at. It names a step: flows hand links out before the question is asked, and then it is not asked yet; when it
 * never will be, it is closed. A link that was made for one question says nothing of the next that the step asks.
 */
export async function askedByLink(env: Env, ctx: PublicCtx, token: string) {
  const { tenant, lane, address } = await pointedAt(env, ctx, token, "approval")
  const asked = await lane.asked(address.e, address.k)
  if (!asked.ok && asked.code === "execution.not_found") throw new Failure("approval.link_invalid")
  if (!asked.ok && asked.code === "approval.not_found") {
    const { execution } = await ask(lane.get(address.e))
    throw new Failure(isSettled(execution.status) ? "approval.closed" : "approval.not_asked")
  }
  const approval = unwrap(asked)
  if (address.a !== undefined && address.a !== approval.id) throw new Failure("approval.closed")
  return { tenant, lane, asked: approval }
}

export const shownByLink = (
  { status, title, message, form_schema, buttons, due, answered_at, button, flow_name }: Approval,
  tenant: Tenant,
): AskedByLink => ({
  status,
  title,
  message,
  form_schema,
  buttons,
  due,
  answered_at,
  button,
  flow_name,
  tenant_name: tenant.name,
})
