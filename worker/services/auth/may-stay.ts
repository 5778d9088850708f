import { can, type Actor } from "#core/access/roles"
import { isBound } from "#core/access/shares"
import type { TenantId, UserId } from "#core/ids"
import { lookMs, type Pass } from "#durable/kit/pass"
import { isoTime, type Ctx } from "#worker/context"
import * as apiKeys from "#worker/db/api-keys"
import * as sessions from "#worker/db/sessions"
import { standings } from "#worker/db/shares"
import { controlDb, tenantDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"

/** By what the caller is let in to something that stays open; undefined for the installation's own. */
export function passOf(
  { session, actor, about }: Pick<Ctx, "session" | "actor" | "about">,
  needs: Pass["needs"],
): Pass | undefined {
  const to = { needs, ...(about === undefined ? {} : { about }) }
  if (session !== undefined) return { session, ...to }
  return actor.is === "api_key" ? { key: actor.id, ...to } : undefined
}

type Tenant = { id: TenantId; slot: string }

/** Who stands behind a pass now. */
type Behind = { user: UserId; actor: Exclude<Actor, { is: "system" | "trigger" }> }

/**
 * Which of those who were let in may still be here, in their order. Asked of the databases themselves, in three queries however many
 * they are: an isolate's memory of a few seconds would come on top of the seconds between two looks.
 */
export async function mayStay(env: Env, tenant: Tenant, passes: readonly Pass[]): Promise<boolean[]> {
  const behind = await whoIsBehind(env, tenant.id, passes)
  const asking = behind.flatMap((one, i) => {
    const about = passes[i]?.about
    return one && about !== undefined && isBound(one.actor.role) ? [{ i, user: one.user, about }] : []
  })
  const levels = asking.length > 0 ? await standings(await tenantDb(env, tenant.slot), asking) : []
  const within = new Map(asking.map(({ i }, place) => [i, levels[place]]))
  return passes.map(({ needs }, i) => {
    const [one, level] = [behind[i], within.get(i)]
    if (!one || level === "none") return false
    return can(level ? { ...one.actor, within: level } : one.actor, needs)
  })
}

async function whoIsBehind(
  env: Env,
  tenant: TenantId,
  passes: readonly Pass[],
): Promise<(Behind | undefined)[]> {
  const [control, now] = [await controlDb(env), isoTime(Date.now())]
  const ids = passes.flatMap((pass) => ("session" in pass ? [pass.session] : []))
  const keyIds = passes.flatMap((pass) => ("key" in pass ? [pass.key] : []))
  const [alive, open] = await Promise.all([
    ids.length > 0 ? sessions.standing(control, ids, now) : [],
    keyIds.length > 0 ? apiKeys.standing(control, keyIds, now) : [],
  ])
  const people = new Map<string, (typeof alive)[number]>(alive.map((one) => [one.id, one]))
  const keys = new Map<string, (typeof open)[number]>(open.map((key) => [key.id, key]))
  return passes.map((pass): Behind | undefined => {
    if ("session" in pass) {
      const one = people.get(pass.session)
      return one && isOpen(one, pass)
        ? { user: one.user, actor: { is: "user", id: one.user, role: one.role } }
        : undefined
    }
    const key = keys.get(pass.key)
    if (key?.tenant_id !== tenant || !isOpen(key, pass)) return undefined
    const { id, role, scopes, owner_id } = key
    return { user: owner_id, actor: { is: "api_key", id, role, scopes } }
  })
}

/** Who is in a suspended tenant reads, and does nothing else. */
const isOpen = ({ tenant_status }: { tenant_status: string }, { needs }: Pass): boolean =>
  tenant_status === "active" || needs.endsWith(".read")

/** Resolves when somebody may not stay any more, or when `over` does. A look that fails is repeated: nobody goes for our trouble. */
export async function untilShutOut(
  env: Env,
  tenant: Tenant,
  pass: Pass,
  over: Promise<unknown>,
): Promise<"shut out" | "over"> {
  const ended = over.then(() => "over" as const)
  for (;;) {
    let timer: ReturnType<typeof setTimeout> | undefined
    const wait = new Promise<"look">((resolve) => {
      timer = setTimeout(() => resolve("look"), lookMs)
    })
    const came = await Promise.race([ended, wait])
    clearTimeout(timer)
    if (came === "over") return came
    const [stays] = await mayStay(env, tenant, [pass]).catch(() => [true])
    if (stays !== true) return "shut out"
  }
}
