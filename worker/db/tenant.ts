import { drizzle } from "drizzle-orm/d1"
import { Failure } from "#core/errors"
import type { Env } from "#worker/env"
import type { Db } from "./commit.ts"
import { destroy } from "./destroy.ts"
import { isShut, migrate, shut } from "./migrate.ts"
import { controlMigrations, tenantMigrations, type Migration } from "./migrations.ts"
import { noteMigrated, syncSlots } from "./slots.ts"

// Handles are kept, never promises: one that belongs to another request's I/O may never settle.
const ready = new WeakMap<D1Database, Db>()

const slotPattern = /^TENANT_DB_\d{3,}$/

/** Every tenant database that this installation is bound to, by name. */
export const slotNames = (env: Env): string[] =>
  Object.keys(env)
    .filter((name) => slotPattern.test(name))
    .sort()

function slotBinding(env: Env, slot: string): D1Database {
  const found: unknown = slotPattern.test(slot) ? Reflect.get(env, slot) : undefined
  if (!found)
    throw new Failure("tenant.no_database", {
      detail: "This tenant's database is not bound to this installation.",
    })
  return found as D1Database
}

async function open(d1: D1Database, migrations: readonly Migration[]): Promise<{ db: Db; applied: number }> {
  const applied = await migrate(d1, migrations)
  return { db: drizzle(d1), applied }
}

/** The control database, migrated and knowing its slots once an isolate. */
export async function controlDb(env: Env): Promise<Db> {
  const known = ready.get(env.CONTROL_DB)
  if (known) return known
  const { db } = await open(env.CONTROL_DB, controlMigrations)
  await syncSlots(db, slotNames(env))
  ready.set(env.CONTROL_DB, db)
  return db
}

/** A tenant's database by the name of its slot, migrated on first touch once an isolate. */
export async function tenantDb(env: Env, slot: string): Promise<Db> {
  const d1 = slotBinding(env, slot)
  const known = ready.get(d1)
  if (known) return known
  const { db, applied } = await open(d1, tenantMigrations)
  if (applied > 0) await noteMigrated(await controlDb(env), slot, tenantMigrations.at(-1)!.id)
  ready.set(d1, db)
  return db
}

/** Whether a tenant's database is there to be read: it is not once its erasure has come to it. */
export const isReadable = async (env: Env, slot: string): Promise<boolean> =>
  !(await isShut(slotBinding(env, slot)))

/** Shuts a tenant's database for good and empties it, a portion at a time; answers whether nothing is left. */
export async function destroyTenantDb(env: Env, slot: string, most: number): Promise<boolean> {
  const d1 = slotBinding(env, slot)
  await shut(d1)
  ready.delete(d1)
  return destroy(d1, most)
}
