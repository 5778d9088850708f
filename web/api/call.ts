import {
  apiBase,
  type BodyIn,
  type Endpoint,
  type ParamsOf,
  type QueryIn,
  type ReplyOf,
} from "#core/contract/endpoint"
import { Failure } from "#core/errors"
import { takeEarly } from "#web/state/early.ts"
import { proof } from "#web/state/proof.ts"
import { session } from "#web/state/session.ts"
import { failureOf } from "./failure.ts"
import { resume } from "./refresh.ts"

type Part<K extends string, T> = [T] extends [undefined]
  ? { [P in K]?: undefined }
  : undefined extends T
    ? { [P in K]?: T }
    : { [P in K]: T }

/** What an endpoint wants, by its contract. */
export type CallInput<E extends Endpoint> = Part<"params", ParamsOf<E>> &
  Part<"body", BodyIn<E>> & {
    query?: [QueryIn<E>] extends [undefined] ? undefined : QueryIn<E>
    headers?: Record<string, string>
    signal?: AbortSignal
  }

type Loose = {
  params?: object | undefined
  query?: object | undefined
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** The address of an endpoint with its parameters filled in. */
export function addressOf(endpoint: Endpoint, params: object = {}, query: object = {}): string {
  const values = new Map<string, unknown>(Object.entries(params))
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(values.get(name))),
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") search.set(name, String(value))
  }
  const asked = search.toString()
  return `${apiBase}${path}${asked ? `?${asked}` : ""}`
}

const isExpired = (failure: unknown) =>
  failure instanceof Failure && (failure.code === "auth.invalid" || failure.code === "auth.required")

/** Sends a request; what needs a recent password asks the person for it, and is sent once more when they have given it. */
export async function send<const E extends Endpoint>(endpoint: E, input: CallInput<E>): Promise<Response> {
  try {
    return await sendAsPerson(endpoint, input)
  } catch (failure) {
    const isUnproven = failure instanceof Failure && failure.code === "auth.reauthentication_required"
    if (!isUnproven || !(await proof.ask())) throw failure
    return sendAsPerson(endpoint, input)
  }
}

/** Sends a request as the signed-in person; with a token that has expired it asks for a new one and tries once more. */
async function sendAsPerson<const E extends Endpoint>(endpoint: E, input: CallInput<E>): Promise<Response> {
  const personal = endpoint.needs !== "public"
  if (personal && session.token === null) await resume()
  const used = session.token
  try {
    return await once(endpoint, input, personal)
  } catch (failure) {
    if (!personal || !isExpired(failure)) throw failure
    // Another call may have renewed the token while this one was under way.
    if (session.token === used) await resume()
    return once(endpoint, input, personal)
  }
}

async function once(endpoint: Endpoint, input: Loose, personal: boolean): Promise<Response> {
  const headers = new Headers(input.headers)
  if (!headers.has("accept")) headers.set("accept", "application/json")
  if (personal && session.token) headers.set("authorization", `Bearer ${session.token}`)
  if (endpoint.body && input.body !== undefined) headers.set("content-type", "application/json")
  const address = addressOf(endpoint, input.params, input.query)
  const early = takeEarly(endpoint.method, address)
  const response =
    (early && (await early)) ??
    (await fetch(address, {
      method: endpoint.method,
      headers,
      body: input.body === undefined ? null : JSON.stringify(input.body),
      credentials: "same-origin",
      signal: input.signal ?? null,
    }))
  if (response.status >= 400) throw await failureOf(response)
  return response
}

/** A typed request by contract. A refusal is thrown as the same `Failure` that the server threw. */
export async function call<const E extends Endpoint>(endpoint: E, input: CallInput<E>): Promise<ReplyOf<E>> {
  return (await callTagged(endpoint, input)).reply
}

/** The same with the ETag that a later `If-Match` wants. */
export async function callTagged<const E extends Endpoint>(
  endpoint: E,
  input: CallInput<E>,
): Promise<{ reply: ReplyOf<E>; ifMatch: Record<string, string> }> {
  const response = await send(endpoint, input)
  const body: unknown = endpoint.reply && response.status !== 204 ? await response.json() : undefined
  const etag = response.headers.get("etag")
  // The Worker answers by this very contract, so the reply is not parsed a second time.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { reply: body as ReplyOf<E>, ifMatch: etag ? { "if-match": etag } : {} }
}
