import { Failure } from "#core/errors"
import type { JsonObject } from "#core/json"
import type { Ended, TenantRef } from "#durable/execution/ports"
import { sealingOf } from "#worker/audit/sealing"
import { randomBytes, type Ctx } from "#worker/context"
import { controlDb, tenantDb } from "#worker/db/tenant"
import type { Env } from "#worker/env"
import { isPassing } from "#worker/services/tenants/standing"
import { startExecution } from "./start.ts"

/** Flows that start each other: so many in a row at most. */
const mostDepth = 8

/**
 * Starts what follows an execution that has ended: the flow for its errors. May be called again with the same; the key of the
 * start sees to it that it begins once.
 */
export async function followExecution(env: Env, tenant: TenantRef, ended: Ended): Promise<void> {
  const { status, error_flow_id: flowId, depth } = ended
  if (flowId === undefined || (status !== "failed" && status !== "timed_out")) return
  if (depth >= mostDepth || flowId === ended.flow_id) return
  const ctx = await systemCtx(env, tenant)
  const { execution_id, flow_id, flow_name, inputs, actor } = ended
  const { code, message, node_id } = ended.error ?? { code: "step.failed", message: "It failed." }
  const error = { code, message, ...(node_id === undefined ? {} : { node_id }) }
  const told: JsonObject = { execution_id, flow_id, flow_name, status, error, inputs, actor }
  const key = `error flow of ${execution_id}`
  try {
    await startExecution(
      env,
      ctx,
      flowId,
      { inputs: told, config: {} },
      { waitMs: 0, depth: depth + 1, idempotency: { key, digest: key } },
    )
  } catch (failure) {
    // What is refused now is refused again: the flow is gone, or takes other inputs.
    if (!(failure instanceof Failure) || isPassing(failure)) throw failure
    console.warn("execution: the flow for errors could not be started", {
      execution: execution_id,
      flow: flowId,
      code: failure.code,
    })
  }
}

/** A context of the installation's own, inside a tenant. */
export const systemCtx = async (env: Env, tenant: TenantRef): Promise<Ctx> => ({
  requestId: "follow",
  now: Date.now(),
  chance: randomBytes,
  control: () => controlDb(env),
  after: (work) => void work,
  sealing: sealingOf(env, (work) => void work),
  tenant,
  actor: { is: "system" },
  db: await tenantDb(env, tenant.slot),
})
