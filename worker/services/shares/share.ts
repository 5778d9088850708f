import { isBound } from "#core/access/shares"
import type { ShareLevel } from "#core/access/level"
import { actorId } from "#core/access/roles"
import type { SharingDraft, SharingReply } from "#core/contract/shares"
import { Failure } from "#core/errors"
import type { UserId } from "#core/ids"
import { audit } from "#worker/audit/record"
import { allow, assertVersion, isoTime, type Ctx } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as shares from "#worker/db/shares"
import { peopleOf, shown, type People } from "./read.ts"
import { makerOf, personOf } from "./resource.ts"

type Levels = Record<UserId, ShareLevel>

/** Says anew who comes how far with a flow, a crew or an agent. */
export async function share(
  ctx: Ctx,
  id: shares.ResourceId,
  was: number | undefined,
  draft: SharingDraft,
): Promise<SharingReply> {
  allow(ctx.actor, id.startsWith("flow_") ? "flow.edit" : "agent.edit")
  const maker = await makerOf(ctx, id)
  const [before, people] = await Promise.all([shares.byResource(ctx.db, id), peopleOf(ctx)])
  assertVersion(before?.access_version ?? 0, was)
  const owner = before ? before.owner_id : await personOf(ctx, maker)
  assertKnown(draft, owner, people)
  const levels: Levels = Object.fromEntries(draft.shares.map(({ user_id, level }) => [user_id, level]))
  assertStaysIn(ctx, draft.access, owner, levels)
  const row: shares.SharingRow = {
    resource_id: id,
    access: draft.access,
    owner_id: owner,
    shares: levels,
    access_version: (before?.access_version ?? 0) + 1,
    shared_by: actorId(ctx.actor),
    shared_at: isoTime(ctx.now),
  }
  return commit(
    ctx,
    shown(row, owner, people),
    shares.save(ctx.db, row),
    audit(ctx, `${id.split("_", 1)[0]}.share`, { target: id, ...difference(before, row) }),
  )
}

function assertKnown({ shares: wanted }: SharingDraft, owner: UserId | null, people: People): void {
  const errors = wanted.flatMap(({ user_id }, i) => {
    const path = `shares.${i}.user_id`
    if (!people.has(user_id)) return [{ path, message: "Nobody here has this id" }]
    if (user_id === owner) return [{ path, message: "It is theirs already: their role decides" }]
    return []
  })
  if (errors.length > 0) throw new Failure("request.invalid", { errors: errors.slice(0, 50) })
}

/** Nobody shuts themselves out by mistake: there would be no way back for them. */
function assertStaysIn(
  { actor, person }: Ctx,
  access: SharingDraft["access"],
  owner: UserId | null,
  levels: Levels,
): void {
  const isFree = (actor.is !== "user" && actor.is !== "api_key") || !isBound(actor.role)
  if (isFree || person === undefined || person === owner) return
  if ((levels[person] ?? (access === "role" ? "edit" : undefined)) === "edit") return
  throw new Failure("share.own_access")
}

/** Only what changed, for the log: a name that is missing on one side had no share there. */
function difference(before: shares.SharingRow | undefined, after: shares.SharingRow) {
  const [was, now] = [new Map(Object.entries(before?.shares ?? {})), new Map(Object.entries(after.shares))]
  const changed = [...new Set([...was.keys(), ...now.keys()])].filter((id) => was.get(id) !== now.get(id))
  const of = (levels: ReadonlyMap<string, ShareLevel>) =>
    Object.fromEntries(changed.flatMap((id) => (levels.has(id) ? [[id, levels.get(id)]] : [])))
  return {
    before: { access: before?.access ?? "role", shares: of(was) },
    after: { access: after.access, shares: of(now) },
  }
}
