import type { Context } from "hono"
import { endpoint } from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import { ModelFailure } from "#core/llm/failure"
import { randomBytes, type Ctx } from "#worker/context"
import { controlDb, tenantDb } from "#worker/db/tenant"
import { readBody } from "#worker/http/body"
import { failureOf } from "#worker/http/failure"
import type { AppEnv } from "#worker/http/mount"
import { parse } from "#worker/http/parse"
import { assertWithin, authenticate, authorise, clientOf } from "#worker/http/session"
import { complete } from "#worker/services/openai/complete"
import { ExecutionFailure } from "#worker/services/openai/execution-failure"
import { failedExecution, refusalOf, type Refusal } from "#worker/services/openai/failure"
import { getModel, listModels } from "#worker/services/openai/models"
import { brokenOff, completion, opening, piece, type Named, type Said } from "#worker/services/openai/reply"
import { CompletionRequest } from "#worker/services/openai/request"

type Call = Context<AppEnv>

/** Not part of our API: the paths, words and failures are OpenAI's, so that its clients can be pointed here. */
const door = endpoint({
  method: "POST",
  path: "/chat/completions",
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
    client: clientOf(request, env),
  }
  const caller = await authenticate({ request, url: c.get("url"), env, base }, door)
  assertWithin(caller, door, request)
  authorise(caller, "execution.start")
  return { ...base, ...caller, db: await tenantDb(env, caller.tenant.slot) }
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

const noStore = { "cache-control": "no-store" }

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
    // What fails before the first word is said by the status.
    const first = await said.next()
    return streamed(named, said, first, { usage, requestId: ctx.requestId, leave: () => gone.abort() })
  }
  for await (const one of said) {
    if (one.type === "done") return Response.json(completion(named, one), { headers: noStore })
  }
  throw new Failure("internal")
})

type Streaming = { usage: boolean; requestId: string; leave: () => void }

function streamed(
  named: Named,
  said: AsyncGenerator<Said, void>,
  first: IteratorResult<Said, void>,
  { usage, requestId, leave }: Streaming,
): Response {
  const encoder = new TextEncoder()
  let next: IteratorResult<Said, void> | undefined = first
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(opening(named))),
    pull: async (controller) => {
      try {
        const { done, value } = next ?? (await said.next())
        next = undefined
        if (done) return controller.close()
        controller.enqueue(encoder.encode(piece(named, value, usage)))
        if (value.type === "done") controller.close()
      } catch (error) {
        controller.enqueue(encoder.encode(brokenOff(refused(error, requestId).error)))
        controller.close()
      }
    },
    cancel: async () => {
      leave()
      await said.return()
    },
  })
  return new Response(body, {
    headers: { ...noStore, "content-type": "text/event-stream", "x-accel-buffering": "no" },
  })
}

export const nowhere = answering(() => Promise.reject(new Failure("route.not_found")))
