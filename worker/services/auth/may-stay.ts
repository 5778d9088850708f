import { can, grants } from "#core/access/roles"
import type { TenantId } from "#core/ids"
import { lookMs, type Pass } from "#durable/kit/pass"
import { isoTime, type Ctx } from "#worker/context"
import * as apiKeys from "#worker/db/api-keys"
import * as sessions from "#worker/db/sessions"
import { controlDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"

/** By what the caller is let in to something that stays open; undefined for the installation's own. */
export function passOf(
  { session, actor }: Pick<Ctx, "session" | "actor">,
  needs: Pass["needs"],
): Pass | undefined {
  if (session !== undefined) return { session, needs }
  return actor.is === "api_key" ? { key: actor.id, needs } : undefined
}

/**
 * Which of those who were let in may still be here, in their order. Asked of the database itself, in two queries however many they
 * are: an isolate's memory of a few seconds would come on top of the seconds between two looks.
 */
export async function mayStay(env: Env, tenant: TenantId, passes: readonly Pass[]): Promise<boolean[]> {
  const [control, now] = [await controlDb(env), isoTime(Date.now())]
  const ids = passes.flatMap((pass) => ("session" in pass ? [pass.session] : []))
  const keyIds = passes.flatMap((pass) => ("key" in pass ? [pass.key] : []))
  const [alive, open] = await Promise.all([
    ids.length > 0 ? sessions.standing(control, ids, now) : [],
    keyIds.length > 0 ? apiKeys.standing(control, keyIds, now) : [],
  ])
  const people = new Map<string, (typeof alive)[number]>(alive.map((one) => [one.id, one]))
  const keys = new Map<string, (typeof open)[number]>(open.map((key) => [key.id, key]))
  return passes.map((pass) => {
    if ("session" in pass) {
      const person = people.get(pass.session)
      return person !== undefined && isOpen(person, pass) && grants[person.role].has(pass.needs)
    }
    const key = keys.get(pass.key)
    if (key?.tenant_id !== tenant || !isOpen(key, pass)) return false
    return can({ is: "api_key", id: key.id, role: key.role, scopes: key.scopes }, pass.needs)
  })
}

/** Who is in a suspended tenant reads, and does nothing else. */
const isOpen = ({ tenant_status }: { tenant_status: string }, { needs }: Pass): boolean =>
  tenant_status === "active" || needs.endsWith(".read")

/** Resolves when somebody may not stay any more, or when `over` does. A look that fails is repeated: nobody goes for our trouble. */
export async function untilShutOut(
  env: Env,
  tenant: TenantId,
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
