import type { Context } from "hono"
import { endpoint } from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import { ModelFailure } from "#core/llm/failure"
import { noteDenied } from "#worker/audit/denied"
import { sealingOf } from "#worker/audit/sealing"
import { noteSupport } from "#worker/audit/support"
import { allow, randomBytes, type Ctx } from "#worker/context"
import { controlDb, tenantDb } from "#worker/db/tenant"
import { assertOn } from "#worker/services/admin/switches"
import { readBody } from "#worker/http/body"
import { failureOf } from "#worker/http/failure"
import type { AppEnv } from "#worker/http/mount"
import { parse } from "#worker/http/parse"
import { withinRate } from "#worker/http/rate"
import { assertWithin, authenticate, clientOf } from "#worker/http/session"
import { noStore, telling, within } from "#worker/http/telling"
import { watched } from "#worker/http/watched"
import { assertActive } from "#worker/services/tenants/standing"
import { complete } from "#worker/services/openai/complete"
import { ExecutionFailure } from "#worker/services/openai/execution-failure"
import { failedExecution, refusalOf, type Refusal } from "#worker/services/openai/failure"
import { getModel, listModels } from "#worker/services/openai/models"
import { brokenOff, completion, opening, piece, type Named } from "#worker/services/openai/reply"
import { CompletionRequest } from "#worker/services/openai/request"

type Call = Context<AppEnv>

/** Not part of our API: the paths, words and failures are OpenAI's, so that its clients can be pointed here. */
const door = endpoint({
  method: "POST",
  path: "/v1/chat/completions",
  needs: "execution.start",
  tag: "OpenAI",
  summary: "",
})
const mostBytes = 20_971_520

async function contextOf(c: Call): Promise<Ctx> {
  const [request, env] = [c.req.raw, c.env]
  const base = {
    requestId: c.get("requestId"),
    now: Date.now(),
    chance: randomBytes,
    control: () => controlDb(env),
    after: (work: Promise<unknown>) => c.executionCtx.waitUntil(work),
    sealing: sealingOf(c.env, (work) => c.executionCtx.waitUntil(work)),
    client: clientOf(request, env),
  }
  await assertOn(base, "openai_endpoint")
  const caller = await authenticate({ request, url: c.get("url"), env, base }, door)
  await withinRate(env, request, caller, base)
  const reads = request.method === "GET"
  const db = () => tenantDb(env, caller.tenant.slot)
  try {
    await assertWithin(caller, door, request, base)
    allow(caller.actor, "execution.start")
  } catch (error) {
    const route = reads ? "GET /v1/models" : `${door.method} ${door.path}`
    if (error instanceof Failure && error.code === "access.denied")
      noteDenied(base, { ...caller, route, needs: door.needs }, db)
    throw error
  }
  if (!reads) await assertActive(base, caller.tenant.id)
  const ctx = { ...base, ...caller, db: await db() }
  if (!reads) await noteSupport(ctx, door, undefined)
  return ctx
}

/** Every failure leaves in OpenAI's shape. */
const answering =
  (answer: (c: Call) => Promise<Response>) =>
  async (c: Call): Promise<Response> => {
    try {
      return await answer(c)
    } catch (error) {
      const { status, error: said, retryAfterSeconds } = refused(error, c.get("requestId"))
      const headers = new Headers({ "cache-control": "no-store" })
      if (retryAfterSeconds !== undefined)
        headers.set("retry-after", String(Math.max(1, Math.ceil(retryAfterSeconds))))
      return Response.json({ error: said }, { status, headers })
    }
  }

function refused(error: unknown, requestId: string): Refusal {
  if (error instanceof ModelFailure) return refusalOf(error)
  if (error instanceof ExecutionFailure) return failedExecution(error.code, error.message)
  return refusalOf(failureOf(error, requestId))
}

/** So long a streamed answer waits for its first word, or for why there is none, before it begins. */
const patienceMs = 5_000

export const models = answering(async (c) =>
  Response.json(await listModels(await contextOf(c)), { headers: noStore }),
)

/** Names hold slashes: what follows the path is the name. */
export const model = answering(async (c) => {
  const name = decodeURIComponent(c.get("url").pathname.slice("/v1/models/".length))
  return Response.json(await getModel(await contextOf(c), name), { headers: noStore })
})

export const completions = answering(async (c) => {
  const ctx = await contextOf(c)
  const request = parse(CompletionRequest, (await readBody(c.req.raw, mostBytes))?.value)
  const gone = new AbortController()
  const signal = AbortSignal.any([gone.signal, c.req.raw.signal])
  const named: Named = {
    id: `chatcmpl-${ctx.requestId.slice("req_".length)}`,
    created: Math.floor(ctx.now / 1000),
    model: request.model,
  }
  const said = complete(c.env, ctx, request, signal)
  if (request.stream) {
    const usage = request.stream_options?.include_usage === true
    const first = said.next()
    // What fails soon is said by the status; a model that thinks for long is waited for with the line open.
    await within(first, patienceMs)
    const stream = telling({
      told: said,
      first,
      opening: opening(named),
      say: (one) => piece(named, one, usage),
      isLast: ({ type }) => type === "done",
      broken: (error) => brokenOff(refused(error, ctx.requestId).error),
      leave: () => gone.abort(),
    })
    return watched(stream, { ctx, env: c.env, needs: door.needs })
  }
  for await (const one of said) {
    if (one.type === "done") return Response.json(completion(named, one), { headers: noStore })
  }
  throw new Failure("internal")
})

export const nowhere = answering(() => Promise.reject(new Failure("route.not_found")))
