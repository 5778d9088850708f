import { laneOf, type ExecutionId, type TenantId } from "#core/ids"
import { mostMachines, settingsOf, type Env } from "#worker/env"
import { governorStub, keyedLanes, sandboxStub, sealerStub, sharedLane, type Wipeable } from "#worker/stubs"

const mostAtOnce = 10
/** So many lanes are looked at whatever the settings say now: none of their executions may be known any more. */
const usualLanes = 64

/** The way to an object. A stub is broken after an error, and wiping ends in one: each call has its own. */
type Way = () => Wipeable

/** Empties objects for good; throws when one is not seen to be blank afterwards. */
export async function wipeAll(ways: readonly Way[]): Promise<void> {
  const left = [...ways]
  const workers = Array.from({ length: Math.min(mostAtOnce, left.length) }, async () => {
    for (let way = left.pop(); way; way = left.pop()) await wipe(way)
  })
  await Promise.all(workers)
}

async function wipe(way: Way): Promise<void> {
  // Most of those that only a number names have never been.
  if (await way().isBlank()) return
  const error: unknown = await way()
    .wipe()
    .catch((broken: unknown) => broken)
  if (!(await way().isBlank()))
    throw new Error("an object of an erased tenant is not blank", { cause: error })
}

/**
 * The tenant's objects that no row names: every lane that it is known to have used or may well have, every machine, and the two that each
 * tenant has. `known` is an execution of each lane of which there is one.
 */
export async function wipeNumbered(env: Env, id: TenantId, known: readonly ExecutionId[]): Promise<void> {
  const { EXECUTION_LANES: set } = settingsOf(env)
  const usual = Math.max(usualLanes, keyedLanes, typeof set === "number" ? set : 0)
  const numbers = Array.from({ length: usual }, (_, lane) => lane)
  const lanes = new Set([...numbers, ...known.map(laneOf).filter((lane) => lane !== "own")])
  await wipeAll([...lanes].map((lane) => () => sharedLane(env, id, lane)))
  const machines = Array.from({ length: mostMachines }, (_, machine) => () => sandboxStub(env, id, machine))
  await wipeAll(machines.filter((way): way is Way => way() !== undefined))
  // Last: lanes gave back to the one what they held, and entries that verbs write go to the other.
  await wipeAll([() => governorStub(env, id), () => sealerStub(env, id)])
}
