import {
  apiBase,
  type BodyOf,
  type Endpoint,
  type ParamsOf,
  type QueryOf,
  type ReplyOf,
} from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import { newId } from "#core/ids"
import * as z from "zod"
import { noteDenied } from "#worker/audit/denied"
import { sealingOf } from "#worker/audit/sealing"
import { noteSupport } from "#worker/audit/support"
import { randomBytes, type Client, type Ctx, type PublicCtx } from "#worker/context"
import { controlDb, tenantDb } from "#worker/db/tenant"
import { settingsOf, type Env } from "#worker/env"
import { assertProven } from "#worker/services/auth/proof"
import { adds, assertRoom } from "#worker/services/quotas/storage"
import { readBody } from "./body.ts"
import { crossOrigin } from "./cross-origin.ts"
import { claimKey } from "./idempotency.ts"
import type { Incoming } from "./incoming.ts"
import { ifMatchOf, parse, parseParams, parseQuery } from "./parse.ts"
import { headed, withinRate } from "./rate.ts"
import { withinReach } from "./reach.ts"
import { Reply } from "./reply.ts"
import { watched } from "./watched.ts"
import {
  assertOpen,
  assertOwnOrigin,
  assertWithin,
  authenticate,
  authorise,
  clientOf,
  type Caller,
} from "./session.ts"

type CtxOf<E extends Endpoint> = E["needs"] extends "public" ? PublicCtx : Ctx & { client: Client }

/** What a handler is given, all of it checked against the contract. */
export type Call<E extends Endpoint> = {
  ctx: CtxOf<E>
  env: Env
  request: Request
  url: URL
  params: ParamsOf<E>
  query: QueryOf<E>
  body: BodyOf<E>
  /** The version that `If-Match` asks for. */
  ifMatch: number | undefined
  /** The body as it was sent, for digests. */
  text: string
}

type Answer<E extends Endpoint> = E["raw"] extends true
  ? Response | Reply | ReplyOf<E>
  : E["reply"] extends z.ZodType
    ? ReplyOf<E> | Reply
    : void | Reply

/** An endpoint with what answers it. */
export type Route = {
  endpoint: Endpoint
  handle: (incoming: Incoming) => Promise<Response>
}

type Options = {
  /** The answer holds a secret: a repeated Idempotency-Key is told that it is done, and not what it was. */
  once?: true
}

/**
 * Binds an endpoint to a verb: authenticate and authorise before anything of the request is read, then parse what the contract
 * names, call, and answer as it says.
 */
export function answer<const E extends Endpoint>(
  endpoint: E,
  handler: (call: Call<E>) => Promise<Answer<E>>,
  options: Options = {},
): Route {
  const act = async (incoming: Incoming, seen: Seen): Promise<Response> => {
    const { url } = incoming
    if (incoming.request.headers.get("upgrade")?.toLowerCase() === "websocket") {
      assertOwnOrigin(incoming.request, url)
    }
    const { ctx, headers } = await contextOf(endpoint, incoming, seen)
    const { parts, text } = await partsOf(endpoint, incoming)
    if ("db" in ctx) await noteSupport(ctx, endpoint, parts.params)
    const call = {
      ctx,
      env: incoming.env,
      request: incoming.request,
      url,
      text,
      ...parts,
    } as unknown as Call<E>
    const key = incoming.request.headers.get("idempotency-key")
    if (key === null || endpoint.raw || endpoint.method === "GET" || !("db" in ctx)) {
      const response = headed(Reply.of(await handler(call)).response(endpoint), headers)
      return "tenant" in ctx ? watched(response, { ctx, env: incoming.env, needs: endpoint.needs }) : response
    }
    const { PEPPER: pepper } = settingsOf(incoming.env)
    const asked = { endpoint, url, text, key, once: options.once ?? false, pepper }
    return headed(await repeatable(ctx, asked, () => handler(call)), headers)
  }
  const handle = async (incoming: Incoming): Promise<Response> => {
    const seen: Seen = {}
    try {
      return await act(incoming, seen)
    } catch (error) {
      noteIfDenied(error, endpoint, incoming, seen)
      throw error
    }
  }
  return { endpoint, handle: endpoint.widget ? crossOrigin(handle) : handle }
}

/** Whom a request turned out to come from, also when it is refused. */
type Seen = { base?: PublicCtx; caller?: Caller }

/** A person or a key that is refused what their role does not allow is told of in the audit log. */
function noteIfDenied(error: unknown, endpoint: Endpoint, { env }: Incoming, { base, caller }: Seen): void {
  if (!(error instanceof Failure) || error.code !== "access.denied" || !base || !caller) return
  const { needs } = endpoint
  const route = `${endpoint.method} ${endpoint.path}`
  noteDenied(base, { ...caller, route, needs }, () => tenantDb(env, caller.tenant.slot))
}

type Context = { ctx: PublicCtx | (Ctx & PublicCtx); headers: Record<string, string> }

async function contextOf(endpoint: Endpoint, incoming: Incoming, seen: Seen): Promise<Context> {
  const { request, env, after, requestId, url } = incoming
  const base: PublicCtx = {
    requestId,
    now: Date.now(),
    chance: randomBytes,
    control: () => controlDb(env),
    after,
    sealing: sealingOf(env, after),
    client: clientOf(request, env),
  }
  seen.base = base
  if (endpoint.needs === "public") return { ctx: base, headers: {} }
  const caller = await authenticate({ request, url, env, base }, endpoint)
  seen.caller = caller
  const headers = await withinRate(env, request, caller, base)
  await assertWithin(caller, endpoint, request, base)
  authorise(caller, endpoint)
  await assertOpen(caller, endpoint, base)
  if (endpoint.proof) await assertProven(base, caller.session, settingsOf(env))
  const db = await tenantDb(env, caller.tenant.slot)
  if (adds(endpoint)) await assertRoom(env, caller.tenant, db)
  return { ctx: await withinReach({ ...base, ...caller, db }, endpoint, incoming.params), headers }
}

const nothing = z.strictObject({}).optional()

/** What the query asks for: a ticket says who asks, wherever one may stand; two of them are refused as any name is that stands twice. */
function askedOf({ method, raw }: Endpoint, { searchParams }: URL): URLSearchParams {
  const asked = new URLSearchParams(searchParams)
  if (raw && method === "GET" && asked.getAll("ticket").length === 1) asked.delete("ticket")
  return asked
}

async function partsOf(endpoint: Endpoint, { request, params, url }: Incoming) {
  const isWrite = endpoint.method !== "GET" && endpoint.method !== "DELETE"
  const named = endpoint.params && parseParams(endpoint.params, params)
  const query = endpoint.query && parseQuery(endpoint.query, askedOf(endpoint, url))
  const ifMatch = isWrite || endpoint.method === "DELETE" ? ifMatchOf(request.headers) : undefined
  const sent = isWrite ? await readBody(request, endpoint.mostBytes) : undefined
  const body = isWrite ? parse(endpoint.body ?? nothing, sent?.value) : undefined
  return { parts: { params: named, query, body, ifMatch }, text: sent?.text ?? "" }
}

async function repeatable(
  ctx: Ctx,
  asked: Parameters<typeof claimKey>[1],
  act: () => Promise<unknown>,
): Promise<Response> {
  const repeat = await claimKey(ctx, asked)
  if (repeat.is === "replay") {
    const reply = Reply.of(repeat.answer ?? undefined)
    return reply.with({ "idempotency-replayed": "true" }).response(asked.endpoint)
  }
  ctx.receipt = repeat.receipt
  try {
    const reply = Reply.of(await act())
    await repeat.end(reply.value)
    return reply.response(asked.endpoint)
  } catch (error) {
    await repeat.release()
    throw error
  }
}

export const routes = (...list: Route[]): Route[] => list

/** An endpoint's path as the router takes it. */
export const pathOf = (endpoint: Endpoint): string => apiBase + endpoint.path

export const newRequestId = (): string => newId("req", Date.now(), randomBytes)
