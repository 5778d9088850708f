import type { JSONWebKeySet } from "jose"
import * as z from "zod"
import { Failure } from "#core/errors"
import { BoundedCache } from "#worker/cache"
import type { Env } from "#worker/env"
import { waysOut } from "#worker/services/egress"

/** What we need of a provider's own description (OpenID Connect Discovery 1.0). */
const Metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url({ protocol: /^https?$/ }),
  token_endpoint: z.url({ protocol: /^https?$/ }),
  jwks_uri: z.url({ protocol: /^https?$/ }),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
})
export type Metadata = z.infer<typeof Metadata>

const Keys = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) })

const TokenAnswer = z.object({ id_token: z.string().max(20_000) })

const describedMs = 600_000
/** A key that is not among those we know may be new: they are asked for again, but not more often than this. */
const leastBetweenMs = 10_000
const patience = { headersMs: 10_000, totalMs: 15_000, maxHops: 0, maxBytes: 512 * 1024 }

const described = new BoundedCache<string, Metadata>(500)
const known = new BoundedCache<string, { keys: JSONWebKeySet; at: number }>(500)

/** Every call to a provider goes by the guard: its addresses are a tenant's word, and then the provider's own. */
async function ask(env: Env, url: string, init: RequestInit = {}): Promise<unknown> {
  try {
    const headers = new Headers(init.headers)
    headers.set("accept", "application/json")
    const answer = await waysOut(env)(patience)(url, { ...init, headers, redirect: "manual" })
    const text = await answer.text()
    if (!answer.ok)
      throw new Failure("sso.unreachable", { detail: `The OpenID provider answered ${answer.status}.` })
    return JSON.parse(text) as unknown
  } catch (error) {
    throw error instanceof Failure ? error : new Failure("sso.unreachable")
  }
}

const shaped = <S extends z.ZodType>(schema: S, value: unknown): z.output<S> => {
  const result = schema.safeParse(value)
  if (!result.success) throw new Failure("sso.unreachable")
  return result.data
}

/** What a provider says of itself; it must call itself what the tenant calls it. */
export async function describe(env: Env, issuer: string, now: number): Promise<Metadata> {
  const kept = described.get(issuer, now)
  if (kept) return kept
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`
  const metadata = shaped(Metadata, await ask(env, url))
  if (metadata.issuer !== issuer) {
    throw new Failure("sso.unreachable", {
      detail: "The provider calls itself by another issuer than the tenant does.",
    })
  }
  described.set(issuer, metadata, now + describedMs)
  return metadata
}

/** The provider's keys; `anew` when one was not among them, because providers change their keys. */
export async function keysOf(
  env: Env,
  { issuer, jwks_uri }: Metadata,
  now: number,
  anew = false,
): Promise<JSONWebKeySet> {
  const name = `${issuer} ${jwks_uri}`
  const kept = known.get(name, now)
  if (kept && (!anew || kept.at + leastBetweenMs > now)) return kept.keys
  const { keys: all } = shaped(Keys, await ask(env, jwks_uri))
  // A key that both sides share signs nothing here.
  const keys = { keys: all.filter((key) => key.kty !== "oct") }
  known.set(name, { keys, at: now }, now + describedMs)
  return keys
}

type Exchange = {
  client_id: string
  client_secret: string | null
  code: string
  redirect_uri: string
  verifier: string
}

/** Turns the code into the provider's word on who it is. */
export async function exchange(env: Env, metadata: Metadata, sent: Exchange): Promise<string> {
  const { client_id, client_secret, code, redirect_uri, verifier } = sent
  const body = new URLSearchParams({
    grant_type: "authorization_code",
    code,
    redirect_uri,
    code_verifier: verifier,
  })
  const headers = new Headers({ "content-type": "application/x-www-form-urlencoded" })
  const methods = metadata.token_endpoint_auth_methods_supported ?? ["client_secret_basic"]
  if (client_secret === null) body.set("client_id", client_id)
  else if (methods.includes("client_secret_basic")) {
    const encoded = (text: string) => new URLSearchParams({ "": text }).toString().slice(1)
    headers.set("authorization", `Basic ${btoa(`${encoded(client_id)}:${encoded(client_secret)}`)}`)
  } else {
    body.set("client_id", client_id)
    body.set("client_secret", client_secret)
  }
  const answer = await ask(env, metadata.token_endpoint, { method: "POST", headers, body: body.toString() })
  return shaped(TokenAnswer, answer).id_token
}
