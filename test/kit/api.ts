import { exports } from "cloudflare:workers"
import { apiBase, type BodyIn, type Endpoint, type ReplyOf } from "#core/contract/endpoint"

export const origin = "http://127.0.0.1:8787"

export type Ask = {
  params?: Record<string, string>
  query?: Record<string, string | number>
  body?: unknown
  /** Sent as it is, instead of `body`. */
  text?: string
  token?: string | undefined
  headers?: Record<string, string>
}

export type Answered<T> = { status: number; headers: Headers; body: T; text: string }

/** An endpoint's address with its parameters filled in. */
export function addressOf(endpoint: Endpoint, { params = {}, query = {} }: Ask = {}): string {
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? name))
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))
  return `${origin}${apiBase}${path}${search.size > 0 ? `?${search.toString()}` : ""}`
}

/** A request to the Worker as a stranger's client sends it. `leaves`: what is told for as long as somebody listens is not waited for. */
export async function fetchText(
  url: string,
  { leaves = false, ...init }: RequestInit & { leaves?: boolean } = {},
): Promise<Answered<unknown>> {
  const response = await exports.default.fetch(new Request(url, { redirect: "manual", ...init }))
  const type = response.headers.get("content-type") ?? ""
  const isLeft = leaves && type.startsWith("text/event-stream")
  if (isLeft) await response.body?.cancel()
  const text = isLeft ? "" : await response.text()
  const isJson = /^application\/(problem\+)?json\b/.test(type)
  const body: unknown = isJson && text !== "" ? JSON.parse(text) : undefined
  return { status: response.status, headers: response.headers, body, text }
}

/** Asks an endpoint, whatever comes back. */
export async function ask<const E extends Endpoint>(
  endpoint: E,
  input: Ask = {},
): Promise<Answered<ReplyOf<E>>> {
  const headers = new Headers(input.headers)
  if (input.token !== undefined) headers.set("authorization", `Bearer ${input.token}`)
  const text = input.text ?? (input.body === undefined ? undefined : JSON.stringify(input.body))
  if (text !== undefined && !headers.has("content-type")) headers.set("content-type", "application/json")
  const answered = await fetchText(addressOf(endpoint, input), {
    method: endpoint.method,
    headers,
    ...(text === undefined ? {} : { body: text }),
  })
  return answered as Answered<ReplyOf<E>>
}

/** Asks an endpoint that is expected to succeed, and gives what it answers. */
export async function call<const E extends Endpoint>(
  endpoint: E,
  input: Ask & { body?: BodyIn<E> } = {},
): Promise<ReplyOf<E>> {
  const answered = await ask(endpoint, input)
  if (answered.status >= 300) {
    throw new Error(`${endpoint.method} ${endpoint.path} answered ${answered.status}: ${answered.text}`)
  }
  return answered.body
}

/** What a refusal says, to be compared with what it should. */
export const problemOf = ({ status, body }: Answered<unknown>) => {
  const { code, errors } = (body ?? {}) as { code?: string; errors?: { path: string; message: string }[] }
  return { status, code, ...(errors ? { paths: errors.map((one) => one.path) } : {}) }
}
