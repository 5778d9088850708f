import { secretsIn, withSecrets } from "#core/tool/secrets"
import type { HttpStepReply, HttpStepRequest } from "#durable/execution/http-port"
import { beginningOf, retryAfter } from "#worker/egress/answer"
import { cappedBody } from "#worker/egress/body"
import { checkUrl, type Checked } from "#worker/egress/check"
import { EgressRefused } from "#worker/egress/refused"
import { vendorError } from "#worker/llm/http-failure"
import { redacted } from "#worker/llm/redact"
import type { ResolvedCredential } from "#worker/services/credentials/resolve"
import type { Egress } from "#worker/services/egress"
import { cleanerOf, type Cleaner } from "./clean.ts"
import { addCredential, assertReceiver } from "./credential.ts"
import { HttpFailure } from "./failure.ts"
import { bodyValue, seenHeaders } from "./reply.ts"
import { bodyOf, headersOf, methodOf, withQuery } from "./request.ts"

const usualBytes = 1_048_576
const mostBytes = 8 * usualBytes
const mostHops = 5
/** Longer than any wait of the retry policy would be: who asks for more is asked again in ten minutes. */
const longestWaitMs = 600_000
const mostExcerpt = 4_096

/** What a call needs of its surroundings. */
export type HttpDeps = {
  out: Egress
  /** `host:port` of a developer's own servers. */
  allow: readonly string[]
  credential(id: string): Promise<ResolvedCredential | undefined>
  now(): number
}

type Call = { clean: Cleaner; host: string }

/** Sends the request of an `http` step, as `CallHttp` of the port says. */
export async function sendRequest(
  deps: HttpDeps,
  request: HttpStepRequest,
  signal: AbortSignal,
): Promise<HttpStepReply> {
  const begun = deps.now()
  const method = methodOf(request.method)
  const checked = judged(request.url, deps.allow)
  const url = withQuery(checked.url, request.query)
  const headers = headersOf(request.headers)
  const body = bodyOf(request, headers)
  if (request.idempotency_key !== undefined && !headers.has("idempotency-key"))
    headers.set("idempotency-key", request.idempotency_key)
  const credential = await credentialOf(deps, request.credential_id)
  if (credential) assertReceiver(credential, checked)
  const unseen = credential ? addCredential(credential, { url, headers }) : []
  unseen.push(...(await sealHeaders(deps, request, checked, headers)))
  const clean = cleanerOf(unseen)
  const call: Call = { clean, host: checked.url.hostname }
  let last = url
  const send = deps.out({
    maxHops: mostHops,
    judgeRedirect: (from, to) => {
      if (from.origin !== to.origin && clean.text(to.href) !== to.href)
        throw new EgressRefused("redirect", "The redirect would carry the credential to another origin.")
      last = to
    },
  })
  try {
    const answer = await send(url.href, { method, headers, body, signal })
    if (answer.status >= 400) throw await failureOf(answer, call, unseen.length > 0, deps.now())
    const { status } = answer
    const capped = cappedBody(answer, Math.min(request.most_bytes ?? usualBytes, mostBytes), () => {})
    const bytes = new Uint8Array(await capped.arrayBuffer())
    return {
      status,
      headers: seenHeaders(answer.headers, clean),
      body: bodyValue(bytes, answer.headers.get("content-type"), clean),
      duration_ms: deps.now() - begun,
      final_url: clean.text(last.href),
    }
  } catch (error) {
    // Why the caller gave up is for the caller to say.
    signal.throwIfAborted()
    throw failureOfThrown(error, call.host)
  }
}

/** Fills the secrets of a tool into its headers; answers with what must not be seen of them again. */
export async function sealHeaders(
  deps: HttpDeps,
  { sealed_headers = {}, secrets = {} }: Pick<HttpStepRequest, "sealed_headers" | "secrets">,
  to: Checked,
  headers: Headers,
): Promise<string[]> {
  const values: Record<string, string> = {}
  for (const name of new Set(Object.values(sealed_headers).flatMap(secretsIn))) {
    const credential = await credentialOf(deps, Object.hasOwn(secrets, name) ? secrets[name] : "")
    if (!credential) continue
    assertReceiver(credential, to)
    values[name] = credential.secret
  }
  for (const [name, text] of Object.entries(sealed_headers)) headers.set(name, withSecrets(text, values))
  return Object.values(values)
}

/** The address as it was written, parsed once and judged. */
export function judged(url: string, allow: readonly string[]): Checked {
  try {
    return checkUrl(url, { allow })
  } catch (error) {
    throw failureOfThrown(error, "")
  }
}

export async function credentialOf(
  deps: HttpDeps,
  id: string | undefined,
): Promise<ResolvedCredential | undefined> {
  if (id === undefined) return undefined
  const found = await deps.credential(id)
  if (!found)
    throw HttpFailure.of(
      "http.credential_missing",
      "The credential that this node names does not exist, or is turned off.",
    )
  return found
}

/** The failure of an answer of 400 and above, with what the server says of it in a line. */
async function failureOf(
  answer: Response,
  { clean, host }: Call,
  hasCredential: boolean,
  now: number,
): Promise<HttpFailure> {
  const { status } = answer
  const text = await beginningOf(answer, mostExcerpt)
  // A refusal often repeats part of what it refuses; the status says enough.
  const said =
    hasCredential && (status === 401 || status === 403)
      ? ""
      : redacted(clean.text(saidIn(text, answer.headers.get("content-type") ?? "")), [])
  const wait = retryAfter(answer.headers, now, longestWaitMs)
  return HttpFailure.ofStatus(status, `${host} answered ${status}${said === "" ? "." : `: ${said}`}`, wait)
}

/** The sentence in an error's body: a message in its JSON, or all of a plain text. A page of HTML says nothing in a line. */
const saidIn = (text: string, type: string): string =>
  vendorError(text).message ?? (/^text\/plain\b/i.test(type) ? text : "")

const codes: Partial<Record<EgressRefused["reason"], Parameters<typeof HttpFailure.of>[0]>> = {
  malformed: "http.bad_url",
  scheme: "http.bad_url",
  userinfo: "http.bad_url",
  redirect: "http.redirect",
  too_large: "http.too_large",
}

export function failureOfThrown(error: unknown, host: string): unknown {
  if (error instanceof HttpFailure) return error
  if (error instanceof EgressRefused)
    return HttpFailure.of(codes[error.reason] ?? "http.refused_address", error.message)
  if (error instanceof DOMException && error.name === "TimeoutError")
    return HttpFailure.of("http.timeout", `${host} did not answer in time.`)
  return HttpFailure.of("http.network", `${host} cannot be reached, or its answer broke off.`)
}
