import type { Actor } from "#core/access/roles"
import { newId, type TenantId } from "#core/ids"
import { dueBefore } from "#core/tenant"
import type { Swept, TenantRef } from "#durable/clock/ports"
import { audit } from "#worker/audit/record"
import { sealingOf } from "#worker/audit/sealing"
import { allow, isoTime, randomBytes } from "#worker/context"
import { commit, type Db, type Statement } from "#worker/db/commit"
import { blankHomeless } from "#worker/db/erase"
import * as erasing from "#worker/db/erase-tenant"
import * as old from "#worker/db/retention"
import { destroyTenantDb, isReadable, tenantDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"
import { artifactFolder } from "#worker/services/executions/artifacts"
import { canvasStub, chatStub, executionStub } from "#worker/stubs"
import { wipeAll, wipeNumbered } from "./wipe.ts"

const system: Actor = { is: "system" }
/** What one round takes: objects that rows name, keys of the bucket, portions of rows. The next goes on. */
const mostObjects = 100
const mostFiles = 1_000
const mostPages = 50
const mostPortions = 500
/** So many people's addresses are looked for at once in entries that stand in no tenant's log. */
const mostPeople = 50

/** Begins the erasure of a tenant that was deleted long enough ago. */
export async function beginErasure(
  env: Env,
  control: Db,
  { id, slot }: TenantRef,
  now: number,
): Promise<void> {
  const counts = await erasing.countAll(await tenantDb(env, slot), control, id)
  await erase(control, [erasing.begin(control, id, dueBefore(now), counts)])
}

/**
 * Erases a tenant for good, as far as one round comes. Whatever cuts it off, the next round begins at the beginning: what is gone is not
 * found again. The order is such that nothing which is left could write to what is gone: doors, objects, files, database, key, names.
 */
export async function eraseTenant(
  env: Env,
  control: Db,
  { id, slot }: TenantRef,
  now: number,
): Promise<Swept> {
  await erase(control, erasing.shutDoors(id))
  if (await isReadable(env, slot)) {
    const db = await tenantDb(env, slot)
    if (!(await wipeNamed(env, db, id))) return "more"
    await wipeNumbered(env, id, await erasing.oneOfEachLane(db))
  }
  for (const folder of [artifactFolder(id), `${id}/`])
    if (!(await removeFiles(env.BLOBS, folder))) return "more"
  if (!(await destroyTenantDb(env, slot, mostPortions))) return "more"
  await erase(control, [erasing.destroyKey(control, id)])
  await blankPeople(control, id)
  await forget(env, control, id, now)
  return "gone"
}

function erase(db: Db, statements: readonly [Statement, ...Statement[]]): Promise<undefined> {
  allow(system, "workspace.edit")
  return commit({ db }, undefined, ...statements)
}

/** Objects that rows name go, and their rows behind them; false when there are more than one round takes. */
async function wipeNamed(env: Env, db: Db, id: TenantId): Promise<boolean> {
  for (let page = 0; page < mostPages; page++) {
    const [executions, chats, flows] = await Promise.all([
      erasing.nextExecutions(db, mostObjects),
      erasing.nextChats(db, mostObjects),
      erasing.nextFlows(db, mostObjects),
    ])
    if (executions.length + chats.length + flows.length === 0) return true
    await wipeAll([
      ...executions.map((one) => () => executionStub(env, id, one)),
      ...chats.map((one) => () => chatStub(env, id, one)),
      ...flows.map((one) => () => canvasStub(env, id, one)),
    ])
    await erase(db, [
      ...old.forgetExecutions(db, executions),
      ...old.forgetChats(db, chats),
      ...old.forgetDeleted(db, "flows", flows),
    ])
  }
  return false
}

/** Empties a folder of the bucket; false when it has more files than one round takes. */
async function removeFiles(bucket: R2Bucket, prefix: string): Promise<boolean> {
  for (let page = 0; page < mostPages; page++) {
    const { objects, truncated } = await bucket.list({ prefix, limit: mostFiles })
    if (objects.length > 0) await bucket.delete(objects.map(({ key }) => key))
    if (!truncated) return true
  }
  return false
}

/** Entries that stand in no tenant's log may name people whom nobody knows any more. */
async function blankPeople(control: Db, id: TenantId): Promise<void> {
  for (let after = ""; ;) {
    const people = await erasing.alonePage(control, id, after, mostPeople)
    const last = people.at(-1)
    if (!last) return
    const words = people.map(({ email }) => JSON.stringify(email).slice(1, -1))
    const names = people.map((one) => one.id)
    await erase(control, [blankHomeless(names, words)])
    after = last.id
  }
}

/** The last step, with the one entry that tells of it all, by ids alone. */
async function forget(env: Env, control: Db, id: TenantId, now: number): Promise<void> {
  const { counts, by, at } = (await erasing.begun(control, id)) ?? {}
  const author = {
    actor: system,
    requestId: newId("req", now, randomBytes),
    now,
    chance: randomBytes,
    sealing: sealingOf(env, (work) => void work),
  }
  const after = { deleted_by: by, deleted_at: at, counts }
  const told = audit(author, "tenant.erased", { target: id, after })
  await erase(control, [...erasing.forget(control, id, isoTime(now)), told])
}
