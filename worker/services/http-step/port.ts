import type { CallHttp } from "#durable/execution/http-port"
import { controlDb, tenantDb } from "#worker/db/tenant"
import { settingsOf, type Env } from "#worker/env"
import { resolveCredential } from "#worker/services/credentials/resolve"
import type { Egress } from "#worker/services/egress"
import { sendRequest } from "./call.ts"

/** The port of an object that performs `http` steps; `out` are its ways out, shared with its other calls. */
export const callHttpOf =
  (env: Env, out: Egress): CallHttp =>
  (request, signal) => {
    const settings = settingsOf(env)
    const { tenant } = request
    const asking = {
      tenant,
      db: () => tenantDb(env, tenant.slot),
      control: () => controlDb(env),
    }
    const deps = {
      out,
      allow: settings.EGRESS_ALLOW,
      credential: (id: string) => resolveCredential({ ...asking, now: Date.now() }, settings, id),
      now: () => Date.now(),
    }
    return sendRequest(deps, request, signal)
  }
