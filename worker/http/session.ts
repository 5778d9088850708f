import { can, type Actor, type Role, type Support } from "#core/access/roles"
import type { KeyRestrictions } from "#core/contract/api-keys"
import type { Endpoint } from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import type { SessionId, TenantId, UserId } from "#core/ids"
import type { BaseCtx, Client } from "#worker/context"
import { settingsOf, type Env } from "#worker/env"
import { assertOn } from "#worker/services/admin/switches"
import { readAccessToken } from "#worker/services/auth/access-token"
import { liveSession } from "#worker/services/auth/live"
import { spendTicket } from "#worker/services/auth/tickets"
import { isApiKey, recogniseKey, recogniseKeyById } from "#worker/services/keys/recognise"
import { assertActive } from "#worker/services/tenants/standing"
import { isVisitorToken, readVisitorToken, type Visit } from "#worker/services/widget/token"
import { assertKnownOrigin } from "./known-origin.ts"

export type Caller = {
  tenant: { id: TenantId; slot: string }
  actor: Actor
  session?: SessionId
  /** Whether this is a platform admin, in their own name. */
  isPlatformAdmin?: boolean
  /** The person on whose rights the caller acts: themselves, or a key's owner. */
  person?: UserId
  /** Of a key that stands in a site's source, or of a visitor's token that it gave out. */
  restrictions?: KeyRestrictions | undefined
  visit?: Visit
}

type Asking = { request: Request; url: URL; env: Env; base: BaseCtx }

/** Who asks: a bearer token, an API key or, where a browser cannot send headers, a ticket. Throws when nobody we know. */
export async function authenticate(asking: Asking, endpoint: Endpoint): Promise<Caller> {
  const { request, url } = asking
  const authorization = request.headers.get("authorization")
  if (authorization !== null) {
    const secret = /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(authorization)?.[1]
    const caller = secret === undefined ? undefined : await bySecret(asking, secret)
    if (!caller) throw new Failure("auth.invalid")
    return caller
  }
  const ticket = endpoint.raw && request.method === "GET" ? url.searchParams.get("ticket") : null
  if (ticket === null) throw new Failure("auth.required")
  const caller = await byTicket(asking, ticket)
  if (!caller) throw new Failure("ticket.invalid")
  return caller
}

async function bySecret({ env, base }: Asking, secret: string): Promise<Caller | undefined> {
  if (isApiKey(secret)) return recogniseKey(base, secret)
  if (isVisitorToken(secret)) return byVisitorToken(env, base, secret)
  const claims = await readAccessToken(settingsOf(env).SIGNING_KEY, secret, base.now)
  if (!claims) return undefined
  const live = await liveSession(base, claims.sid)
  if (!live) return undefined
  return {
    tenant: { id: claims.tid, slot: claims.slot },
    actor: personAs(claims.sub, live),
    person: claims.sub,
    session: claims.sid,
    isPlatformAdmin: live.isPlatformAdmin,
  }
}

const personAs = (id: UserId, { role, support }: { role: Role; support?: Support }): Actor => ({
  is: "user",
  id,
  role,
  ...(support ? { support } : {}),
})

async function byVisitorToken(env: Env, base: BaseCtx, secret: string): Promise<Caller | undefined> {
  const visit = readVisitorToken(env, secret, base.now)
  const bearer = visit && (await recogniseKeyById(base, visit.k))
  return bearer?.restrictions && bearer.tenant.id === visit?.t ? { ...bearer, visit } : undefined
}

async function byTicket({ url, base }: Asking, ticket: string): Promise<Caller | undefined> {
  const stub = await spendTicket(base, ticket, url.pathname)
  const live = stub && (await liveSession(base, stub.id))
  if (!stub || !live) return undefined
  return {
    tenant: { id: stub.tenant, slot: stub.slot },
    actor: personAs(stub.user, live),
    person: stub.user,
    session: stub.id,
    isPlatformAdmin: live.isPlatformAdmin,
  }
}

/** A key that anybody can read opens what is meant for visitors, from its own sites' pages, and nothing else. */
export async function assertWithin(
  { restrictions }: Caller,
  endpoint: Endpoint,
  request: Request,
  ctx: Pick<BaseCtx, "now" | "control">,
): Promise<void> {
  if (!restrictions) return
  await assertOn(ctx, "widget")
  if (!endpoint.widget)
    throw new Failure("access.denied", { detail: "This key is for a site's widget only." })
  assertKnownOrigin(request, restrictions)
}

/** Whether the caller may use a route at all; its verb asks again for what it does. */
export function authorise(caller: Caller, endpoint: Endpoint): void {
  const { needs } = endpoint
  if (needs === "public") return
  assertForSupport(caller, endpoint)
  if (needs === "member") return
  if (needs === "platform") {
    if (caller.isPlatformAdmin) return
    throw new Failure("access.denied", { detail: "This needs a platform admin of this installation." })
  }
  if (needs === "session") {
    if (caller.actor.is === "user") return
    throw new Failure("access.denied", { detail: "This needs a signed-in person, not an API key." })
  }
  if (!can(caller.actor, needs)) throw new Failure("access.denied", { more: { needs } })
}

/**
 * A suspended tenant is read and not changed. What is the person's own, such as the session, and what runs the installation stays open;
 * visitors of other sites find nothing.
 */
export async function assertOpen(
  { tenant, restrictions }: Caller,
  { method, needs, reads }: Endpoint,
  ctx: Pick<BaseCtx, "now" | "control">,
): Promise<void> {
  const isOpen = method === "GET" || reads || needs === "session" || needs === "platform"
  if (isOpen && !restrictions) return
  await assertActive(ctx, tenant.id)
}

/** Somebody who acts in another's name does not reach what is that person's own, nor what takes data away. */
function assertForSupport({ actor }: Caller, { needs, support }: Endpoint): void {
  if (actor.is !== "user" || !actor.support) return
  const isOwn = needs === "session" || needs === "member" || needs === "platform"
  if (isOwn ? support === "allowed" : support !== "withheld") return
  throw new Failure("access.denied", {
    detail: "This is not open while you act in somebody else's name. End the impersonation first.",
  })
}

/** Refuses what another site's page has the browser send: sockets, and writes that a cookie speaks for. */
export function assertOwnOrigin(request: Request, url: URL): void {
  if (request.headers.get("origin") !== url.origin) throw new Failure("request.foreign_origin")
}

/** The header is anybody's unless somebody in front of us writes it: then nobody is told apart. The Host header says nothing of that. */
export function clientOf(request: Request, env: Env): Client {
  const header = settingsOf(env).CLIENT_ADDRESS_HEADER
  return {
    address: (header === "" ? null : request.headers.get(header)) ?? "unknown",
    userAgent: request.headers.get("user-agent") ?? "",
  }
}
