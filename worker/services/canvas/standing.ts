import { can, grants, type Role } from "#core/access/roles"
import type { FlowRef, May, Pass } from "#durable/canvas/ports"
import { isoTime } from "#worker/context"
import * as apiKeys from "#worker/db/api-keys"
import * as sessions from "#worker/db/sessions"
import { controlDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"

/**
 * What those who were let in to a canvas may do now: sessions end, keys are revoked, roles change. Asked of the database itself:
 * an isolate's memory of a few seconds would come on top of the canvas's own.
 */
export async function standingOf(env: Env, { tenant }: FlowRef, passes: readonly Pass[]): Promise<May[]> {
  const [control, now] = [await controlDb(env), Date.now()]
  return Promise.all(
    passes.map(async (pass): Promise<May> => {
      if ("session" in pass) {
        const live = await sessions.live(control, pass.session, isoTime(now))
        return live ? ofRole(live.role) : "nothing"
      }
      const key = await apiKeys.known(control, { id: pass.key })
      const isOver = !key || (key.expires_at !== null && Date.parse(key.expires_at) <= now)
      if (isOver || key.tenant_id !== tenant.id) return "nothing"
      const actor = { is: "api_key", id: key.id, role: key.role, scopes: key.scopes } as const
      return can(actor, "flow.edit") ? "edit" : can(actor, "flow.read") ? "read" : "nothing"
    }),
  )
}

const ofRole = (role: Role): May =>
  grants[role].has("flow.edit") ? "edit" : grants[role].has("flow.read") ? "read" : "nothing"
