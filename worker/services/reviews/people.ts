import { actorId } from "#core/access/roles"
import type { Review } from "#core/contract/reviews"
import { erasedName } from "#core/privacy/erasure"
import { isCurrent } from "#core/flow/review"
import type { Ctx } from "#worker/context"
import * as apiKeys from "#worker/db/api-keys"
import type { FlowRow } from "#worker/db/flows"
import * as reviews from "#worker/db/reviews"

/** The person who acts, also where they use a key of theirs: nobody answers themselves by one. */
export async function personBehind(ctx: Ctx): Promise<string> {
  const { actor } = ctx
  if (actor.is !== "api_key") return actorId(actor)
  return (await apiKeys.ownerOf(await ctx.control(), actor.id)) ?? actor.id
}

/** Reviews as the contract shows them, with the names of who asked and who answered. */
export async function shown(ctx: Ctx, rows: readonly reviews.ReviewRow[], flow: FlowRow): Promise<Review[]> {
  if (rows.length === 0) return []
  const ids = rows.flatMap(({ requested_by, answered_by }) => [
    requested_by,
    ...(answered_by ? [answered_by] : []),
  ])
  const names = await reviews.namesOf(await ctx.control(), ctx.tenant.id, ids)
  const somebody = (id: string) => ({
    id,
    name: names.get(id) ?? (id.startsWith("user_") ? erasedName : id),
  })
  return rows.map((row) => ({
    id: row.id,
    flow_id: row.flow_id,
    status: row.status,
    is_current: isCurrent(row, draftOf(flow)),
    base_version: row.base_version,
    published_as: row.published_as,
    note: row.note,
    requested_by: somebody(row.requested_by),
    requested_at: row.requested_at,
    answered_by: row.answered_by === null ? null : somebody(row.answered_by),
    answered_at: row.answered_at,
    reason: row.reason,
  }))
}

/** A flow's draft as far as reviews go. */
export const draftOf = ({ graph_digest, published_version }: FlowRow) => ({
  digest: graph_digest,
  published_version,
})
