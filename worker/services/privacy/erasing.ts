import type { Actor } from "#core/access/roles"
import type { ChatId, ExecutionId, FlowId, UserId } from "#core/ids"
import type { ErasedCounts, Erasure } from "#core/privacy/erasure"
import { audit } from "#worker/audit/record"
import { allow, isoTime } from "#worker/context"
import { commit } from "#worker/db/commit"
import * as erase from "#worker/db/erase"
import * as erasures from "#worker/db/erasures"
import { chatsWith, idsOf, memberOf, namesOf } from "#worker/db/person"
import * as old from "#worker/db/retention"
import { forgetPerson } from "#worker/db/shares"
import { settingsOf, type Env } from "#worker/env"
import { forgetSession } from "#worker/services/auth/live"
import { showBook } from "#worker/services/budgets/govern"
import { indexLanes, indexOwn } from "#worker/services/executions/find"
import { forgetKey } from "#worker/services/keys/recognise"
import type { Site } from "#worker/services/triggers/fire"
import { ask, canvasStub, chatStub, executionStub } from "#worker/stubs"
import { forgetAudit } from "./forget-audit.ts"
import { eraseChats, eraseExecutions } from "./sweep.ts"

const system: Actor = { is: "system" }
const mostAtATime = 5
/** Rows of what ended just now need a moment until they have arrived. */
const tries = 40
const tryMs = 50
/** Where each execution has an object of its own, no one can be asked for all rows on their way: a failed delivery is made again within a minute. */
const underWayMs = 120_000

/** Goes on with what was confirmed and is not over; says whether something is left. */
export async function continueErasures(env: Env, site: Site): Promise<boolean> {
  const underWay = await erasures.underWay(site.db, mostAtATime)
  let isLeft = underWay.length === mostAtATime
  for (const one of underWay) isLeft = !(await continueErasure(env, site, one)) || isLeft
  return isLeft
}

/**
 * Erases what is left of somebody; true when nothing is. Whatever cuts it off, it is done again from its beginning: what is gone is
 * not found again. Who they are goes last, for it is what the rest is found by.
 */
export async function continueErasure(env: Env, site: Site, erasure: Erasure): Promise<boolean> {
  allow(system, "user.edit")
  const counts: ErasedCounts = { ...erasure.counts }
  const count = (what: string, more: number) => {
    if (more > 0) counts[what] = (counts[what] ?? 0) + more
  }
  try {
    const { subject } = erasure
    const isAll = subject.startsWith("user_")
      ? await eraseMember(env, site, erasure, subject, count)
      : await eraseChat(env, site, subject, count)
    if (isAll) {
      await commit(site, undefined, ...erase.tidySearch())
      const by = { ...site, actor: system }
      const entry = audit(by, "privacy.erased", { target: subject, after: { erasure: erasure.id, counts } })
      await commit(site, undefined, erasures.finish(site.db, erasure.id, counts, isoTime(site.now)), entry)
      return true
    }
  } catch (error) {
    console.warn(
      JSON.stringify({ level: "warn", event: "erasure.cut_off", id: erasure.id, error: String(error) }),
    )
  }
  await commit(site, undefined, erasures.note(site.db, erasure.id, counts))
  return false
}

type Count = (what: string, more: number) => void

async function eraseMember(
  env: Env,
  site: Site,
  { id: erasure, scope, confirmed_at }: Erasure,
  user: UserId,
  count: Count,
): Promise<boolean> {
  const control = await site.control()
  const person = await memberOf(control, site.tenant.id, user)
  // Everything but the last mark was made before.
  if (!person) return true
  const doors = await erase.doorsOf(control, site.tenant.id, user)
  await commit({ db: control }, undefined, ...erase.shutOut(site.tenant.id, user, isoTime(site.now)))
  for (const id of doors.sessions) forgetSession(id)
  for (const { id, digest } of doors.keys) forgetKey(id, digest)
  const names = await namesOf(control, site.tenant.id, user)
  if (scope === "everything") {
    const isAll = await eraseWordsOf(env, site, names, count)
    const since = site.now - Date.parse(confirmed_at ?? "")
    const mayMoreCome = settingsOf(env).EXECUTION_LANES === "per_execution" && since < underWayMs
    if (!isAll || mayMoreCome) return false
  }
  const { email, name, tenants } = person
  await commit(site, undefined, ...erase.unaddress(email, name, user), ...forgetPerson(site.db, user))
  await showBook(env, site)
  const forgotten = { erasure, user, names, email, name, isAlone: tenants === 1 }
  count("audit_entries", await forgetAudit(env, site, control, forgotten))
  await commit({ db: control }, undefined, ...erase.unknow(site.tenant.id, user, email))
  count("members", 1)
  return true
}

/** Everything that somebody wrote, in the objects and then in the database. */
async function eraseWordsOf(env: Env, site: Site, names: readonly string[], count: Count): Promise<boolean> {
  const authors = [...names]
  // By the index it is found: what comes into it later would stay.
  let isAll = await indexLanes(env, site)
  for (const id of await erase.chatsOf(site.db, names))
    isAll = (await eraseChat(env, site, id, count)) && isAll
  const eraseAll = async (executions: readonly ExecutionId[]) => {
    const gone = await eraseExecutionsSoon(env, site, executions)
    count("executions", gone)
    await unlearn(site, executions, [], count)
    isAll = gone === executions.length && isAll
  }
  await eraseAll(await erase.executionsOf(site.db, names))
  for await (const id of chatsWith(site.db, names)) {
    const {
      erased,
      executions,
      isAll: isEmpty,
    } = await ask(chatStub(env, site.tenant.id, id).eraseWords(authors))
    count("messages", erased)
    isAll = (await indexOwn(env, site, executions)) && isEmpty && isAll
    // Answers to others know what was said before: their journals are others', and have these words all the same.
    await eraseAll(await erase.knownOf(site.db, executions))
    await unlearn(site, executions, [], count)
  }
  await unlearn(site, [], names, count)
  for await (const id of idsOf<FlowId>(site.db, "flows", "has_canvas = 1"))
    count("comments", await ask(canvasStub(env, site.tenant.id, id).eraseWords(authors)))
  await commit(site, undefined, ...erase.blankWords(names))
  return isAll
}

/** What agents remember of executions that are gone, and of what somebody began. */
async function unlearn(
  site: Site,
  executions: readonly ExecutionId[],
  names: readonly string[],
  count: Count,
): Promise<void> {
  const learned = await erase.memoriesLeftBy(site.db, executions, names)
  if (learned.length > 0) await commit(site, undefined, erase.forgetMemories(learned))
  count("memories", learned.length)
}

/** A chat with everything that was executed for it. */
async function eraseChat(env: Env, site: Site, id: ChatId, count: Count): Promise<boolean> {
  const room = chatStub(env, site.tenant.id, id)
  const stopped = await room.stop()
  const executions = stopped.ok ? await executionsIn(env, site, id) : []
  const goneExecutions = await eraseExecutionsSoon(env, site, executions)
  count("executions", goneExecutions)
  await unlearn(site, executions, [], count)
  if (goneExecutions < executions.length) return false
  const [gone] = await eraseChats(env, site, [id])
  if (gone === undefined) return false
  await commit(site, undefined, ...old.forgetChats(site.db, [id]))
  count("chats", 1)
  return true
}

async function executionsIn(env: Env, { tenant }: Site, id: ChatId): Promise<ExecutionId[]> {
  const room = chatStub(env, tenant.id, id)
  const found: ExecutionId[] = []
  for (let before: Parameters<typeof room.messages>[0]["before"]; ;) {
    const { messages, has_more } = await ask(room.messages({ before }, 200))
    found.push(...messages.flatMap(({ execution_id }) => execution_id ?? []))
    before = messages.at(-1)?.id
    if (!has_more || before === undefined) return [...new Set(found)]
  }
}

/** Ends what is going on and erases it; says how many are gone. */
async function eraseExecutionsSoon(env: Env, site: Site, ids: readonly ExecutionId[]): Promise<number> {
  for (const id of ids) await executionStub(env, site.tenant.id, id).cancel(id, "system")
  let left = [...ids]
  for (let i = 0; i < tries && left.length > 0; i++) {
    if (i > 0) await new Promise((resolve) => setTimeout(resolve, tryMs))
    const gone = await eraseExecutions(env, site.tenant.id, left)
    if (gone.length > 0) await commit(site, undefined, ...old.forgetExecutions(site.db, gone))
    left = left.filter((id) => !gone.includes(id))
  }
  return ids.length - left.length
}
