import { actorId } from "#core/access/roles"
import type { Approval, approvalsApi, AskedByLink } from "#core/contract/approvals"
import type { BodyOf } from "#core/contract/endpoint"
import type { ApprovalId, ExecutionId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, type Ctx, type PublicCtx } from "#worker/context"
import * as approvals from "#worker/db/approvals"
import { commit } from "#worker/db/commit"
import { tenantDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"
import { coordinatorOf } from "#worker/services/executions/find"
import { ask } from "#worker/stubs"
import { askedByLink, shownByLink } from "./by-link.ts"
import { standingOf } from "./by-others.ts"
import { namesOf } from "./names.ts"

type Body = BodyOf<typeof approvalsApi.answer>

/** Answers in the caller's name. The object takes one answer; the inbox is told at once, before the object's own word arrives. */
export async function answerApproval(
  env: Env,
  ctx: Ctx,
  id: ExecutionId,
  approvalId: ApprovalId,
  body: Body,
): Promise<{ approval: Approval }> {
  allow(ctx.actor, "approval.answer")
  const by = { actor: actorId(ctx.actor), names: await namesOf(ctx) }
  const lane = await coordinatorOf(env, ctx, id)
  let taken = await lane.answerApproval(id, approvalId, { ...body, by })
  const who =
    !taken.ok && taken.code === "approval.by_others" ? await standingOf(env, ctx, id, approvalId) : undefined
  if (who === "other" || who === "alone")
    taken = await lane.answerApproval(id, approvalId, { ...body, by: { ...by, mayDecide: true } })
  const approval = await ask(Promise.resolve(taken))
  const facts = deed(approval)
  // Who allowed their own is told: there was nobody else.
  const told = who === "alone" ? { ...facts, after: { ...facts.after, is_own: true } } : facts
  return commit(ctx, { approval }, approvals.keep([approval]), audit(ctx, "approval.answer", told, true))
}

/** Answers by a signed link: whoever holds it was sent it, and is known by nothing else. */
export async function answerByLink(
  env: Env,
  ctx: PublicCtx,
  token: string,
  body: Body,
): Promise<{ approval: AskedByLink }> {
  const { tenant, lane, asked } = await askedByLink(env, ctx, token)
  const by = { actor: "link", names: "link" } as const
  const approval = await ask(lane.answerApproval(asked.execution_id, asked.id, { ...body, by }))
  const system = { ...ctx, tenant, actor: { is: "system" } as const }
  return commit(
    { db: await tenantDb(env, tenant.slot) },
    { approval: shownByLink(approval, tenant) },
    approvals.keep([approval]),
    audit(system, "approval.answer", deed(approval), true),
  )
}

const deed = ({ id, execution_id, button, answered_by }: Approval) => ({
  target: id,
  after: { execution_id, button, answered_by },
})
