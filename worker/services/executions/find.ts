import { laneOf, type ExecutionId, type Lane } from "#core/ids"
import { Failure } from "#core/errors"
import type { Ctx } from "#worker/context"
import * as executions from "#worker/db/executions"
import { settingsOf, type Env, type Settings } from "#worker/env"
import { executionStub, keyedLanes, sharedLane, type ExecutionLane } from "#worker/stubs"

/**
 * The object that coordinates an execution. Asking an object makes it, with a file of its own; so a lane in which this
 * installation starts nothing is asked only for what the tenant's index knows, and ids made up at will make nothing. What was
 * deleted is hidden from everybody, and what a flow did from whom the flow is hidden.
 */
export async function coordinatorOf(env: Env, ctx: Ctx, id: ExecutionId): Promise<ExecutionLane> {
  const standing = await executions.standing(ctx.db, id)
  const isHidden = standing === "unknown" && !isInUse(laneOf(id), settingsOf(env).EXECUTION_LANES)
  if (isHidden || standing === "hidden") throw new Failure("execution.not_found")
  return executionStub(env, ctx.tenant.id, id)
}

const isInUse = (lane: Lane, lanes: Settings["EXECUTION_LANES"]): boolean =>
  lane === "own" ? lanes === "per_execution" : lane < sharedOf(lanes)

const sharedOf = (lanes: Settings["EXECUTION_LANES"]): number =>
  lanes === "per_execution" ? keyedLanes : lanes

/** Has all lanes that executions share bring to the tenant's index what is on its way there; false when one could not. */
export async function indexLanes(env: Env, { tenant }: Pick<Ctx, "tenant">): Promise<boolean> {
  const lanes = Array.from({ length: sharedOf(settingsOf(env).EXECUTION_LANES) }, (_, lane) => lane)
  return allFlushed(lanes.map((lane) => sharedLane(env, tenant.id, lane)))
}

/** The same of executions that have an object each, which only their ids name. */
export const indexOwn = (
  env: Env,
  { tenant }: Pick<Ctx, "tenant">,
  ids: readonly ExecutionId[],
): Promise<boolean> =>
  allFlushed(ids.filter((id) => laneOf(id) === "own").map((id) => executionStub(env, tenant.id, id)))

const allFlushed = async (lanes: readonly ExecutionLane[]): Promise<boolean> =>
  (await Promise.all(lanes.map((lane) => lane.flush()))).every(Boolean)
