import { actorId } from "#core/access/roles"
import type { BodyOf, ReplyOf } from "#core/contract/endpoint"
import type { privacyApi } from "#core/contract/privacy"
import { Failure, found } from "#core/errors"
import { newId, type ChatId, type ErasureId, type UserId } from "#core/ids"
import type { ErasedCounts, Erasure, ErasureSubject } from "#core/privacy/erasure"
import { audit } from "#worker/audit/record"
import { allow, isoTime, type Ctx } from "#worker/context"
import * as chats from "#worker/db/chats"
import { commit } from "#worker/db/commit"
import * as erase from "#worker/db/erase"
import * as erasures from "#worker/db/erasures"
import { memberOf, namesOf } from "#worker/db/person"
import type { Env } from "#worker/env"
import { wakeClock } from "#worker/services/triggers/clock"
import { continueErasure } from "./erasing.ts"

/** A wish that nobody confirms lapses. */
const lifeMs = 24 * 3_600_000

export async function listErasures(ctx: Ctx): Promise<{ erasures: Erasure[] }> {
  allow(ctx.actor, "user.edit")
  return { erasures: await erasures.list(ctx.db) }
}

/**
 * Asks for somebody's data to be erased. Nothing goes yet: the answer says what would, and what must be typed to confirm it. Only
 * people ask, and nobody erases themselves: a workspace must not lose its last admin by that.
 */
export async function askErasure(
  ctx: Ctx,
  { user_id, chat_id, scope, reason }: BodyOf<typeof privacyApi.ask>,
): Promise<ReplyOf<typeof privacyApi.ask>> {
  allow(ctx.actor, "user.edit")
  if (user_id === personOf(ctx)) throw new Failure("privacy.own")
  const subject: ErasureSubject = found(user_id ?? chat_id, "request.invalid")
  const [confirm, affects] =
    user_id === undefined ? await ofVisitor(ctx, chat_id!) : await ofMember(ctx, user_id)
  const erasure: Erasure = {
    id: newId<ErasureId>("erasure", ctx.now, ctx.chance),
    subject,
    scope: user_id === undefined ? "everything" : scope,
    reason,
    status: "asked",
    counts: null,
    requested_by: actorId(ctx.actor),
    requested_at: isoTime(ctx.now),
    expires_at: isoTime(ctx.now + lifeMs),
    confirmed_by: null,
    confirmed_at: null,
    finished_at: null,
  }
  return commit(
    ctx,
    { erasure, confirm, affects },
    erasures.insert(erasure),
    audit(ctx, "privacy.erase_asked", { target: subject, after: { erasure: erasure.id, scope, reason } }),
  )
}

/** The second word. What is to go begins to go at once; what is not gone by the end of this request goes with the clock's rounds. */
export async function confirmErasure(
  env: Env,
  ctx: Ctx,
  id: ErasureId,
  { confirm }: BodyOf<typeof privacyApi.confirm>,
): Promise<{ erasure: Erasure }> {
  allow(ctx.actor, "user.edit")
  const me = personOf(ctx)
  const wanted = found(await erasures.byId(ctx.db, id), "privacy.erasure_not_found")
  if (wanted.subject === me) throw new Failure("privacy.own")
  if (wanted.status !== "asked" || wanted.expires_at <= isoTime(ctx.now))
    throw new Failure("privacy.erasure_closed")
  const [word] = isUser(wanted.subject)
    ? await ofMember(ctx, wanted.subject)
    : await ofVisitor(ctx, wanted.subject)
  if (confirm.trim().toLowerCase() !== word.toLowerCase()) throw new Failure("privacy.confirm_wrong")
  await wakeClock(env, ctx.tenant)
  const at = isoTime(ctx.now)
  await commit(
    ctx,
    undefined,
    erasures.confirm(ctx.db, id, actorId(ctx.actor), at),
    audit(ctx, "privacy.erase_confirmed", {
      target: wanted.subject,
      after: { erasure: id, scope: wanted.scope },
    }),
  )
  await continueErasure(env, ctx, found(await erasures.byId(ctx.db, id), "privacy.erasure_not_found"))
  return { erasure: found(await erasures.byId(ctx.db, id), "privacy.erasure_not_found") }
}

const isUser = (subject: ErasureSubject): subject is UserId => subject.startsWith("user_")

function personOf({ actor }: Ctx): UserId {
  if (actor.is === "user") return actor.id
  throw new Failure("access.denied", { detail: "Only a person may have data erased." })
}

/** What must be typed, and what goes. */
type Told = [confirm: string, affects: ErasedCounts]

async function ofMember(ctx: Ctx, user: UserId): Promise<Told> {
  const control = await ctx.control()
  const person = found(await memberOf(control, ctx.tenant.id, user), "member.not_found")
  const names = await namesOf(control, ctx.tenant.id, user)
  const [begun, executions] = await Promise.all([
    erase.chatsOf(ctx.db, names),
    erase.executionsOf(ctx.db, names),
  ])
  if (await erase.holdsOn(ctx.db, begun, executions, names)) throw new Failure("privacy.held")
  // They stay as they are: what is frozen in a version cannot be changed without anybody's knowing.
  const flows_naming_the_address = await erase.flowsNaming(ctx.db, person.email)
  const affects = {
    flows_naming_the_address,
    api_keys: names.length - 1,
    chats: begun.length,
    executions: executions.length,
    memories: await erase.memoriesOf(ctx.db, executions, names),
  }
  return [person.email, affects]
}

async function ofVisitor(ctx: Ctx, id: ChatId): Promise<Told> {
  const chat = found(await chats.byId(ctx.db, id), "chat.not_found")
  if (await erase.holdsOn(ctx.db, [id], [], [chat.created_by])) throw new Failure("privacy.held")
  return [id, { chats: 1, messages: chat.message_count }]
}
