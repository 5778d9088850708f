import { ExecutionId } from "#core/ids"
import * as privacy from "#worker/db/privacy"
import { filesMayGo } from "#worker/db/retention"
import type { Env } from "#worker/env"
import type { Site } from "#worker/services/triggers/fire"

const mostAPage = 500

/**
 * Files that tools have left before a time, of executions that have ended and are not held: of the next page of the bucket. `place`
 * is where the page after it begins; null at the end of a walk, and the next round begins anew.
 */
export async function forgettableFiles(
  env: Env,
  site: Site,
  before: string,
): Promise<{ keys: string[]; place: string | null; hasMoved: boolean }> {
  const prefix = `artifacts/${site.tenant.id}/`
  const startAfter = (await privacy.sweeps(site.db)).find(({ kind }) => kind === "tool_calls")?.place ?? null
  const { objects, truncated } = await env.BLOBS.list({
    prefix,
    limit: mostAPage,
    ...(startAfter ? { startAfter } : {}),
  })
  const old = objects.filter(({ uploaded }) => uploaded.toISOString() < before)
  const ownerOf = (key: string) => ExecutionId.safeParse(key.slice(prefix.length).split("/")[0]).data
  const owners = new Set(old.flatMap(({ key }) => ownerOf(key) ?? []))
  const free = new Set(await filesMayGo(site.db, [...owners], before))
  const keys = old.map(({ key }) => key).filter((key) => free.has(ownerOf(key)!))
  const place = truncated ? (objects.at(-1)?.key ?? null) : null
  return { keys, place, hasMoved: place !== startAfter }
}
