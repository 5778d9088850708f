import type { CallMcp } from "#durable/execution/mcp-port"
import { controlDb, tenantDb } from "#worker/db/tenant"
import { settingsOf, type Env } from "#worker/env"
import { resolveCredential } from "#worker/services/credentials/resolve"
import type { Egress } from "#worker/services/egress"
import type { HttpDeps } from "#worker/services/http-step/call"
import { callTool } from "./client.ts"

/** What a call on behalf of a tenant needs of its surroundings. */
export function mcpDeps(env: Env, tenant: Parameters<CallMcp>[0]["tenant"], out: Egress): HttpDeps {
  const settings = settingsOf(env)
  const asking = { tenant, db: () => tenantDb(env, tenant.slot), control: () => controlDb(env) }
  return {
    out,
    allow: settings.EGRESS_ALLOW,
    credential: (id) => resolveCredential({ ...asking, now: Date.now() }, settings, id),
    now: () => Date.now(),
  }
}

/** The port of an object that calls tools of MCP servers. */
export const callMcpOf =
  (env: Env, out: Egress): CallMcp =>
  (call, signal, log) =>
    callTool(mcpDeps(env, call.tenant, out), call, signal, log)
