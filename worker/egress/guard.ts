import { isPublicAddress } from "#core/address"
import { checkUrl, type Checked, type Destinations } from "./check.ts"
import { cappedBody } from "./body.ts"
import { EgressRefused } from "./refused.ts"
import { slots, type Slots } from "./slots.ts"
import { withheld } from "./withheld.ts"

export type EgressPolicy = Destinations & {
  /** The most bytes of an answer, after decoding. */
  maxBytes?: number | undefined
  maxHops?: number | undefined
  /** How long the first line of an answer may take. */
  headersMs?: number | undefined
  /** How long a call may take with its whole answer. */
  totalMs?: number | undefined
  /**
   * Who waits for the first line of an answer holds one, and no longer: that is what the platform counts (six an object or
   * request), and a model that streams for minutes must not keep others from asking. Share them among the guards of an object.
   */
  slots?: Slots | undefined
  /** Judges where a redirect leads, beyond what is forbidden to all; throws EgressRefused. */
  judgeRedirect?: ((from: URL, to: URL) => void) | undefined
  /** All addresses of a name, where the platform can say them; each must be public. */
  resolve?: ((host: string) => Promise<readonly string[]>) | undefined
  /**
   * What sends to places that were judged, where the platform has one that refuses the wrong address itself: a name may lead
   * elsewhere by the time it is dialled.
   */
  publicly?: typeof fetch | undefined
  /** What sends in the end. */
  fetch?: typeof fetch | undefined
}

const defaults = {
  maxBytes: 32 * 1024 * 1024,
  maxHops: 3,
  headersMs: 120_000,
  totalMs: 900_000,
}

/** A call without its first line by then has been cut off, or its request is gone. */
const slackMs = 10_000

/** Headers that may follow a redirect to another origin; every other may be a credential. */
const harmless = new Set(["accept", "accept-language", "content-type", "content-language", "user-agent"])

type Way = { policy: EgressPolicy; limits: typeof defaults; slots: Slots }
type Sending = { method: string; headers: Headers; body: BodyInit | null }

/**
 * A `fetch` that goes to public places only: the one way out for models, tools, webhooks and imports. It follows
 * redirects itself and judges each hop anew.
 */
export function guardedFetch(policy: EgressPolicy = {}): typeof fetch {
  const limits = { ...defaults, ...definedOf(policy) }
  const way: Way = { policy, limits, slots: policy.slots ?? slots(256, 128) }

  const guarded = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const first = checkUrl(writtenUrl(input), policy)
    const sending = await prepare(input, init)
    const given = init?.signal ?? (input instanceof Request ? input.signal : undefined)
    const cut = new AbortController()
    const signal = given ? AbortSignal.any([given, cut.signal]) : cut.signal
    const total = setTimeout(
      () => cut.abort(new DOMException("The call took too long.", "TimeoutError")),
      limits.totalMs,
    )
    const done = () => clearTimeout(total)
    signal.addEventListener("abort", done, { once: true })
    try {
      const response = await follow(first, sending, signal, cut, way)
      return cappedBody(response, limits.maxBytes, done)
    } catch (error) {
      done()
      throw error
    }
  }
  return guarded
}

const definedOf = (policy: EgressPolicy): Partial<typeof defaults> =>
  Object.fromEntries(Object.entries(policy).filter(([key, value]) => key in defaults && value !== undefined))

/** As it was written, where that still is known: a Request has parsed it already. */
const writtenUrl = (input: RequestInfo | URL): string | URL => (input instanceof Request ? input.url : input)

async function prepare(input: RequestInfo | URL, init: RequestInit | undefined): Promise<Sending> {
  const request = input instanceof Request ? input : undefined
  const headers = new Headers(init?.headers ?? request?.headers)
  for (const name of withheld) headers.delete(name)
  const body = init?.body ?? (request?.body ? await request.arrayBuffer() : null)
  return { method: (init?.method ?? request?.method ?? "GET").toUpperCase(), headers, body }
}

async function follow(
  first: Checked,
  sending: Sending,
  signal: AbortSignal,
  cut: AbortController,
  way: Way,
): Promise<Response> {
  const { policy, limits } = way
  let at = first
  let now = sending
  for (let hop = 0; ; hop++) {
    const response = await send(at, now, signal, cut, way)
    const location = response.headers.get("location")
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response
    await response.body?.cancel()
    if (hop >= limits.maxHops) throw new EgressRefused("redirect", `More than ${limits.maxHops} redirects.`)
    const next = judgeHop(at, location, policy)
    policy.judgeRedirect?.(at.url, next.url)
    now = carryOver(now, response.status, at.url.origin === next.url.origin)
    at = next
  }
}

async function send(
  { url, allowed }: Checked,
  { method, headers, body }: Sending,
  signal: AbortSignal,
  cut: AbortController,
  { policy, limits, slots }: Way,
): Promise<Response> {
  const release = await slots.take(url.host, signal, limits.headersMs + slackMs)
  const timer = setTimeout(
    () => cut.abort(new DOMException("No answer in time.", "TimeoutError")),
    limits.headersMs,
  )
  try {
    if (!allowed) await judgeAddresses(url, policy.resolve)
    signal.throwIfAborted()
    const via = policy.fetch ?? (allowed ? fetch : (policy.publicly ?? fetch))
    return await via(url.href, { method, headers, body, signal, redirect: "manual" })
  } finally {
    clearTimeout(timer)
    release()
  }
}

async function judgeAddresses(url: URL, resolve: EgressPolicy["resolve"]): Promise<void> {
  if (!resolve || /^[\d.]+$|^\[/.test(url.hostname)) return
  const addresses = await resolve(url.hostname)
  if (addresses.length === 0 || !addresses.every(isPublicAddress)) {
    throw new EgressRefused(
      "address",
      `${url.hostname} may not be called: it does not resolve to public addresses only.`,
    )
  }
}

/** A redirect is judged like a first call, and may neither leave https nor enter a developer's own server from outside. */
function judgeHop(from: Checked, location: string, policy: EgressPolicy): Checked {
  let target: string
  try {
    target = new URL(location, from.url).href
  } catch {
    throw new EgressRefused("redirect", "The redirect leads to no URL.")
  }
  const next = checkUrl(target, from.allowed ? policy : { ...policy, allow: [] })
  if (from.url.protocol === "https:" && next.url.protocol !== "https:") {
    throw new EgressRefused("redirect", "The redirect leads from https to http.")
  }
  return next
}

/** What the next hop is sent, after Fetch's rules; another origin gets neither credentials nor a body. */
function carryOver({ method, headers, body }: Sending, status: number, sameOrigin: boolean): Sending {
  const turnsToGet =
    (status === 303 && method !== "HEAD") || ((status === 301 || status === 302) && method === "POST")
  const kept = new Headers(headers)
  for (const name of headers.keys()) if (!sameOrigin && !harmless.has(name)) kept.delete(name)
  if (turnsToGet) {
    for (const name of ["content-type", "content-language", "content-encoding"]) kept.delete(name)
    return { method: "GET", headers: kept, body: null }
  }
  if (body !== null && !sameOrigin)
    throw new EgressRefused("redirect", "The redirect would send the body to another origin.")
  if (body instanceof ReadableStream)
    throw new EgressRefused("redirect", "A streamed body cannot be sent twice.")
  return { method, headers: kept, body }
}
