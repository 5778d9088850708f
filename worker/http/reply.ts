import type { Endpoint } from "#core/contract/endpoint"

type Shape = {
  status?: number
  headers?: Record<string, string>
  /** Cookies beside the one of the headers. */
  cookies?: readonly string[]
}

/** An answer of which more than the value is to be said: another status, a cookie. */
export class Reply {
  readonly value: unknown
  readonly #shape: Shape

  constructor(value: unknown, shape: Shape = {}) {
    this.value = value
    this.#shape = shape
  }

  static of(value: unknown): Reply {
    return value instanceof Reply ? value : new Reply(value)
  }

  with(headers: Record<string, string>): Reply {
    return new Reply(this.value, { ...this.#shape, headers: { ...this.#shape.headers, ...headers } })
  }

  /** As the contract says: JSON with its status and ETag, 204 when there is nothing to say. A Response passes as it is. */
  response(endpoint: Endpoint): Response {
    if (this.value instanceof Response) return this.value
    const headers = new Headers({ "cache-control": "no-store", ...this.#shape.headers })
    for (const cookie of this.#shape.cookies ?? []) headers.append("set-cookie", cookie)
    if (this.value === undefined) return new Response(null, { status: this.#shape.status ?? 204, headers })
    headers.set("content-type", "application/json; charset=utf-8")
    const version = versionOf(this.value)
    if (version !== undefined) headers.set("etag", `"v${version}"`)
    return new Response(JSON.stringify(this.value), {
      status: this.#shape.status ?? endpoint.status ?? 200,
      headers,
    })
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The version of the one object that an answer is about, such as `{ flow: { version } }`. */
function versionOf(value: unknown): number | undefined {
  if (!isObject(value)) return undefined
  const versions = Object.values(value).flatMap((one) =>
    isObject(one) && typeof one["version"] === "number" ? [one["version"]] : [],
  )
  return versions.length === 1 ? versions[0] : undefined
}
