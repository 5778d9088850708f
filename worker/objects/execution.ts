import type { Usage } from "#core/execution/event"
import { cost } from "#core/llm/price"
import type { ExecutionPorts, ModelChoice } from "#durable/execution/ports"
import { randomBytes } from "#worker/context"
import * as agentCalls from "#worker/db/agent-calls"
import { controlDb, tenantDb } from "#worker/db/tenant"
import { settingsOf, type Env } from "#worker/env"
import { mayStay } from "#worker/services/auth/may-stay"
import { waysOut } from "#worker/services/egress"
import { addressToken } from "#worker/services/executions/addresses"
import { followExecution } from "#worker/services/executions/follow"
import { callHttpOf } from "#worker/services/http-step/port"
import { callMcpOf } from "#worker/services/mcp/port"
import { recall } from "#worker/services/memories/recall"
import { keepRows } from "#worker/services/privacy/traces"
import { remember } from "#worker/services/memories/remember"
import { isHeld } from "#worker/services/tenants/standing"
import { fireFlowTriggers } from "#worker/services/triggers/ended"
import { runProgramFor } from "#worker/tools/port"
import { callModel } from "#worker/services/providers/call"
import { entryPort } from "#worker/services/quotas/entry"

/** What an Execution object is given: models through the gateway, addresses through the guard, prices, and its tenant's index. */
export function executionPorts(env: Env): ExecutionPorts {
  const out = waysOut(env)
  return {
    callModel: (request, signal, chosen, failed) => callModel(env, out, request, { signal, chosen, failed }),
    callHttp: callHttpOf(env, out),
    callMcp: callMcpOf(env, out),
    runProgram: runProgramFor(env),
    price,
    agentTurn: async ({ slot }, agentId, perMinute) =>
      agentCalls.take(await tenantDb(env, slot), agentId, perMinute, Date.now()),
    entry: entryPort(env),
    memory: {
      recall: async ({ slot }, holder, text, most) =>
        recall({ db: await tenantDb(env, slot), now: Date.now() }, holder, text, most),
      remember: async ({ slot }, holder, text, learned) => {
        const db = await tenantDb(env, slot)
        await remember({ db, now: Date.now(), chance: randomBytes }, holder, text, learned)
      },
    },
    addressToken: (purpose, tenant, id, key) =>
      Promise.resolve(addressToken(env, { p: purpose, t: tenant.id, e: id, k: key })),
    follow: async (tenant, ended) => {
      await followExecution(env, tenant, ended)
      await fireFlowTriggers(env, tenant, ended)
    },
    record: (tenant, rows) => keepRows(env, tenant, rows),
    archive: {
      put: async (name, text) => void (await env.BLOBS.put(name, text)),
      get: async (name) => (await env.BLOBS.get(name))?.text(),
      delete: (name) => env.BLOBS.delete(name),
    },
    journalDays: () => settingsOf(env).JOURNAL_DAYS,
    isHeld: ({ id }) => isHeld({ now: Date.now(), control: () => controlDb(env) }, id),
    mayStay: (tenant, passes) => mayStay(env, tenant, passes),
    now: () => Date.now(),
  }
}

/** Micro-USD by the price that the call began with; where nobody has said one, it costs nothing that we could state. */
const price = ({ price }: ModelChoice, usage: Usage): number =>
  price ? cost({ ...usage, estimated: usage.estimated ?? false }, price) : 0
