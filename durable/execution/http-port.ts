import type { TenantId } from "#core/ids"
import type { Json } from "#core/json"

/** The request of one attempt of an `http` step, with every expression resolved. It names its credential and never holds one. */
export type HttpStepRequest = {
  tenant: { id: TenantId; slot: string }
  method: string
  url: string
  /** Texts and numbers are sent as they are, null is left out, anything else as JSON. */
  headers: Record<string, Json>
  /** Added to what the address has: a list once for each entry, null not at all, an object as JSON. */
  query: Record<string, Json>
  /** A text is sent as it is, anything else as JSON, or as a form where the headers say so; undefined and null send none. */
  body: Json | undefined
  /** A stored credential of the tenant; it goes to its allowed hosts only. */
  credential_id?: string | undefined
  /** Further headers, in which `{{ credentials.name }}` stands for one of `secrets`: names of stored credentials by their own. */
  sealed_headers?: Readonly<Record<string, string>> | undefined
  secrets?: Readonly<Record<string, string>> | undefined
  /** Sent as `Idempotency-Key`, the same for every retry of one attempt group. */
  idempotency_key?: string | undefined
  /** The most bytes of an answer, after decoding; 1 MiB unless said, and never more than 8 MiB. */
  most_bytes?: number | undefined
}

/** The answer of a server whose status is below 400, free of the credential that was sent. */
export type HttpStepReply = {
  status: number
  /** By lower-case name, without cookies and what speaks of the connection only. */
  headers: Record<string, string>
  /** A JSON value, a text, or `{ base64, content_type }` of what is neither; null when there is none. */
  body: Json
  duration_ms: number
  /** Where redirects led, without a credential that stands in the query. */
  final_url: string
}

/**
 * Sends one request. Failures are thrown with a stable code and what the retry policy wants to know (`retry`, `retry_after_ms`):
 * `http.status_<status>` for an answer of 400 and above, `http.refused_address`, `http.timeout`, `http.network`, `http.too_large`,
 * `http.bad_url`, `http.bad_request`, `http.redirect`, `http.credential_missing`, `http.credential_host`. Aborting the signal closes the connection and throws its reason.
 */
export type CallHttp = (request: HttpStepRequest, signal: AbortSignal) => Promise<HttpStepReply>
