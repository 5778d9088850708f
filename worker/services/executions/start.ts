import type { executionsApi } from "#core/contract/executions"
import type { BodyOf } from "#core/contract/endpoint"
import { actorId } from "#core/access/roles"
import { Failure } from "#core/errors"
import { resolveTemplate } from "#core/flow/expression/template"
import { schemaFaults, withDefaults } from "#core/json-schema"
import { executionId, type FlowId, type Lane } from "#core/ids"
import type { JsonObject } from "#core/json"
import type { Started, StartRequest } from "#durable/execution/messages"
import type { Ctx } from "#worker/context"
import { settingsOf, type Env } from "#worker/env"
import { assertActive } from "#worker/services/tenants/standing"
import { ask, keyedLanes, laneStub } from "#worker/stubs"
import { assertReach } from "#worker/services/shares/reach"
import type { Beginning, Given, Pinned, StartOptions } from "./beginning.ts"
import { frozenFlow, type Frozen } from "./frozen.ts"
import { partOf } from "./part.ts"

type Body = BodyOf<typeof executionsApi.execute>
type Running = Extract<Started, { is: "started" }>

/** Starts an execution of a flow. */
export async function startExecution(
  env: Env,
  ctx: Ctx,
  flowId: FlowId,
  body: Body,
  options: StartOptions,
): Promise<Running> {
  await assertReach(ctx, flowId, "execution.start")
  const frozen = await frozenFlow(env, ctx, flowId, body.config.version)
  const { timeout_seconds, pinned, stop_after } = body.config
  const partial = await partOf(env, ctx, frozen, body.config)
  const inputs = inputsOf(frozen, body.inputs, partial)
  return begin(env, ctx, frozen, {
    inputs,
    timeout_ms: timeout_seconds === undefined ? frozen.timeout_ms : timeout_seconds * 1000,
    pinned,
    stop_after,
    seed: partial?.seed,
    concurrency_key: await turnKeyOf(frozen, inputs),
    ...options,
  })
}

/** What the flow's limit on executions at once is counted for; undefined when there is no limit. */
export async function turnKeyOf({ settings }: Frozen, inputs: JsonObject): Promise<string | undefined> {
  if (settings.max_concurrency === undefined) return undefined
  if (settings.concurrency_key === undefined) return ""
  const scope = { input: inputs, nodes: {}, execution: {}, vars: {} }
  try {
    return JSON.stringify((await resolveTemplate(settings.concurrency_key, scope)) ?? null).slice(0, 500)
  } catch (error) {
    throw new Failure("execution.inputs_invalid", {
      detail: `The flow's concurrency key cannot be made of these inputs: ${error instanceof Error ? error.message : ""}`,
    })
  }
}

/** A whole execution takes what fits the schema. A part takes what is given, else what the execution had whose results it takes. */
function inputsOf(
  frozen: Frozen,
  given: JsonObject,
  partial: { inputs: JsonObject | undefined } | undefined,
): JsonObject {
  if (!partial) return fitting(frozen, given)
  if (partial.inputs && Object.keys(given).length === 0) return partial.inputs
  return frozen.input_schema ? withDefaults(frozen.input_schema, given) : given
}

/** The inputs with the schema's defaults, or a failure that names each field. */
export function fitting({ input_schema }: Frozen, inputs: JsonObject): JsonObject {
  if (!input_schema) return inputs
  const filled = withDefaults(input_schema, inputs)
  const faults = schemaFaults(input_schema, filled)
  if (faults.length === 0) return filled
  throw new Failure("execution.inputs_invalid", {
    errors: faults.map(({ path, message }) => ({ path: path ? `inputs.${path}` : "inputs", message })),
  })
}

/** Asks a lane to begin; an overloaded one refuses before its journal starts, and the next is asked. */
export async function begin(env: Env, ctx: Ctx, frozen: Pinned, beginning: Beginning): Promise<Running> {
  await assertActive(ctx, ctx.tenant.id)
  const { waitMs, idempotency, ...rest } = beginning
  const lanes = settingsOf(env).EXECUTION_LANES
  // Executions that wait for each other's places must meet in one lane, which their key says.
  const turn = rest.concurrency_key === undefined ? undefined : `${frozen.flow.id} ${rest.concurrency_key}`
  const first = firstLane(lanes, ctx, turn ?? idempotency?.key)
  const isSpread = turn === undefined && !idempotency
  const tries = typeof first === "number" && isSpread && typeof lanes === "number" ? lanes : 1
  for (let i = 0; ; i++) {
    const lane = typeof first === "number" && typeof lanes === "number" ? (first + i) % lanes : first
    try {
      return await beginIn(env, ctx, lane, frozen, { ...rest, wait_ms: waitMs, idempotency })
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== "execution.overloaded" || i + 1 >= tries) throw error
    }
  }
}

/** A key always meets the lane that remembers it; everything else is spread. */
function firstLane(lanes: number | "per_execution", ctx: Ctx, key: string | undefined): Lane {
  if (key !== undefined) return hash(key) % (typeof lanes === "number" ? lanes : keyedLanes)
  if (lanes === "per_execution") return "own"
  return new DataView(ctx.chance(4).buffer).getUint32(0) % lanes
}

/** FNV-1a, 32 bits: only spreads keys over lanes. */
function hash(text: string): number {
  let sum = 0x811c9dc5
  for (let i = 0; i < text.length; i++) sum = Math.imul(sum ^ text.charCodeAt(i), 0x01000193)
  return sum >>> 0
}

/** Lanes that were sent a graph by this isolate; they know it by its hash until told otherwise. */
const sent = new Set<string>()
const mostSent = 10_000

async function beginIn(
  env: Env,
  ctx: Ctx,
  lane: Lane,
  frozen: Pinned,
  rest: Given & Pick<StartRequest, "wait_ms" | "idempotency">,
): Promise<Running> {
  const id = executionId(lane, ctx.now, ctx.chance)
  const { flow, definition, graph, followed } = frozen
  const request = {
    tenant: ctx.tenant,
    execution_id: id,
    flow,
    definition,
    actor: actorId(ctx.actor),
    // A trigger learns how what it started has ended.
    ...(followed || ctx.actor.is === "trigger" ? { followed: true } : {}),
    ...rest,
  }
  const place = `${ctx.tenant.id}/${lane}/${definition}`
  const stub = laneStub(env, ctx.tenant.id, lane, id)
  const isKnown = lane !== "own" && sent.has(place)
  const started = await ask(stub.start(isKnown ? request : { ...request, graph }))
  const running = started.is === "started" ? started : await ask(stub.start({ ...request, graph }))
  if (running.is !== "started") throw new Failure("internal")
  if (sent.size >= mostSent) sent.clear()
  sent.add(place)
  return running
}
