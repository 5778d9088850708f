import type { Actor } from "#core/access/roles"
import { Failure } from "#core/errors"
import type { ChatId, ExecutionId } from "#core/ids"
import { cutoff, type Retention, type RetentionKind } from "#core/privacy/retention"
import { audit } from "#worker/audit/record"
import { allow, isoTime } from "#worker/context"
import { commit, type Statement } from "#worker/db/commit"
import * as privacy from "#worker/db/privacy"
import * as old from "#worker/db/retention"
import type { Env } from "#worker/env"
import { removeArtifacts } from "#worker/services/executions/artifacts"
import type { Site } from "#worker/services/triggers/fire"
import { ask, canvasStub, chatStub, executionStub } from "#worker/stubs"
import { forgettableFiles } from "./files.ts"
import { rulesOf } from "./settings.ts"

/** What one round takes of each kind: a database answers others meanwhile. */
const portion = { executions: 100, spans: 2_000, chats: 50, deliveries: 500, deleted: 100 }
const mostAtOnce = 10

const system: Actor = { is: "system" }

/** What a round has found of one kind: gone from everywhere but the database, which follows in one batch. */
type Portion = { removed: number; isMore: boolean; rows: Statement[]; place?: string | null }

/**
 * Deletes a portion of what is older than the tenant keeps it, and says whether more is left. What is going on and what is legally
 * held is never among it. Objects and files go first: should we die behind that, the rows name them again the next time.
 */
export async function sweepRetention(env: Env, site: Site): Promise<boolean> {
  const { retention } = await rulesOf(site.db)
  let isMore = false
  for (const [kind, round] of rounds) {
    const before = cutoff(retention, kind, site.now)
    if (before === undefined) continue
    const found = await round(env, site, before, retention)
    isMore ||= found.isMore
    await forget(site, kind, found)
  }
  return isMore
}

async function forget(site: Site, kind: RetentionKind, { removed, rows, place }: Portion): Promise<void> {
  allow(system, "workspace.edit")
  if (removed === 0 && place === undefined) return
  const told = privacy.noteSweep(site.db, kind, removed, isoTime(site.now), place)
  const entry = audit({ ...site, actor: system }, "privacy.sweep", { target: kind, after: { removed } }, true)
  await commit(site, undefined, told, ...rows, ...(removed > 0 ? [entry] : []))
}

type Round = (env: Env, site: Site, before: string, retention: Retention) => Promise<Portion>

const rounds: readonly [RetentionKind, Round][] = [
  ["executions", (env, site, before) => executionsBefore(env, site, before, undefined)],
  ["chats", (env, site, before) => chatsBefore(env, site, before, undefined)],
  ["traces", (_, site, before) => spansBefore(site, before, "all")],
  ["tool_calls", toolCallsBefore],
  ["deliveries", deliveriesBefore],
  ["deleted", deletedBefore],
]

async function executionsBefore(
  env: Env,
  site: Site,
  ended: string | undefined,
  deleted: string | undefined,
): Promise<Portion> {
  const ids = await old.executionsToForget(site.db, ended, deleted, portion.executions)
  const gone = await eraseExecutions(env, site.tenant.id, ids)
  const rows = gone.length > 0 ? old.forgetExecutions(site.db, gone) : []
  return { removed: gone.length, isMore: gone.length === portion.executions, rows }
}

/** Empties what objects and the bucket have of executions; answers with those of which nothing is left there. */
export async function eraseExecutions(
  env: Env,
  tenant: Site["tenant"]["id"],
  ids: readonly ExecutionId[],
): Promise<ExecutionId[]> {
  const gone = await thoseDone(ids, (id) => ask(executionStub(env, tenant, id).erase(id)))
  await removeArtifacts(env.BLOBS, tenant, gone)
  return gone
}

async function chatsBefore(
  env: Env,
  site: Site,
  quiet: string | undefined,
  deleted: string | undefined,
): Promise<Portion> {
  const ids = await old.chatsToForget(site.db, quiet, deleted, portion.chats)
  const gone = await eraseChats(env, site, ids)
  const rows = gone.length > 0 ? old.forgetChats(site.db, gone) : []
  return { removed: gone.length, isMore: gone.length === portion.chats, rows }
}

/** Empties chats; answers with those of which nothing is left in their objects. */
export async function eraseChats(env: Env, site: Site, ids: readonly ChatId[]): Promise<ChatId[]> {
  if (ids.length === 0) return []
  allow(system, "workspace.edit")
  await commit(site, undefined, old.hideChats(site.db, ids, isoTime(site.now)))
  return thoseDone(ids, async (id) => {
    const room = chatStub(env, site.tenant.id, id)
    const removed = await room.remove()
    if (!removed.ok && removed.code !== "chat.not_found") throw new Failure(removed.code)
    return ask(room.purge())
  })
}

async function spansBefore(site: Site, before: string, which: "all" | "tools"): Promise<Portion> {
  const ids = await old.spansToForget(site.db, before, which, portion.spans)
  return {
    removed: ids.length,
    isMore: ids.length === portion.spans,
    rows: ids.length > 0 ? [old.forgetSpans(site.db, ids)] : [],
  }
}

/** The spans of tools' calls, and the files that tools have left. */
async function toolCallsBefore(env: Env, site: Site, before: string): Promise<Portion> {
  const calls = await spansBefore(site, before, "tools")
  const files = await forgettableFiles(env, site, before)
  await env.BLOBS.delete(files.keys)
  return {
    removed: calls.removed + files.keys.length,
    isMore: calls.isMore || files.place !== null,
    rows: calls.rows,
    ...(files.hasMoved ? { place: files.place } : {}),
  }
}

async function deliveriesBefore(_: Env, site: Site, before: string): Promise<Portion> {
  const ids = await old.deliveriesToForget(site.db, before, portion.deliveries)
  return {
    removed: ids.length,
    isMore: ids.length === portion.deliveries,
    rows: ids.length > 0 ? [old.forgetDeliveries(site.db, ids)] : [],
  }
}

async function deletedBefore(env: Env, site: Site, before: string): Promise<Portion> {
  const found = [
    await executionsBefore(env, site, undefined, before),
    await chatsBefore(env, site, undefined, before),
  ]
  for (const what of old.allDeletables) {
    const ids = await old.deletedBefore(site.db, what, before, portion.deleted)
    const gone =
      what === "flows"
        ? await thoseDone(ids, async (id) => {
            await ask(canvasStub(env, site.tenant.id, id).remove(true))
            return true
          })
        : ids
    const rows = gone.length > 0 ? old.forgetDeleted(site.db, what, gone) : []
    found.push({ removed: gone.length, isMore: gone.length === portion.deleted, rows })
  }
  return {
    removed: found.reduce((sum, { removed }) => sum + removed, 0),
    isMore: found.some((one) => one.isMore),
    rows: found.flatMap((one) => one.rows),
  }
}

/** Those for which it was done. One that fails must not keep the others: it comes again with the next round. */
async function thoseDone<T extends string>(
  ids: readonly T[],
  doing: (id: T) => Promise<boolean>,
): Promise<T[]> {
  const left = [...ids]
  const done: T[] = []
  const workers = Array.from({ length: Math.min(mostAtOnce, left.length) }, async () => {
    for (let id = left.pop(); id; id = left.pop()) {
      try {
        if (await doing(id)) done.push(id)
      } catch (error) {
        console.warn(
          JSON.stringify({ level: "warn", event: "sweep.not_erased", target: id, error: String(error) }),
        )
      }
    }
  })
  await Promise.all(workers)
  return done
}
