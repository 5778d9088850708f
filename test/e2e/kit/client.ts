import type * as z from "zod"
import { expect } from "vitest"
import { Problem } from "#core/contract/problem"
import { upstreamHeader } from "../../../scripts/lib/reference/tap.ts"
import { Reference } from "./reference.ts"

export interface Sending {
  /** Sent as JSON. */
  body?: unknown
  /** Sent as it is, in place of `body`. */
  text?: string | Uint8Array<ArrayBuffer>
  headers?: Record<string, string>
}

export interface Answer {
  method: string
  path: string
  status: number
  headers: Headers
  text: string
  /** The parsed body when it is JSON. */
  body: unknown
}

/** Where a validating proxy listens through which every request goes; `npm run security -- proxy` sets it. */
const tap = process.env["EDGECREW_TEST_TAP"]

/** A stranger's program that speaks to the API: plain fetch, and a look at what must hold of every answer. */
export class Client {
  readonly address: string
  readonly token: string | undefined
  readonly reference: Reference

  private constructor(address: string, reference: Reference, token?: string) {
    this.address = address
    this.reference = reference
    this.token = token
  }

  /** A program that knows nothing but the address, and holds every answer against the API's own reference. */
  static async of(address: string): Promise<Client> {
    return new Client(address, await Reference.of(address))
  }

  /** The same program with another token or key. */
  as(token: string | undefined): Client {
    return new Client(this.address, this.reference, token)
  }

  /** The raw response, for streams. */
  open(method: string, path: string, sending: Sending = {}, signal?: AbortSignal): Promise<Response> {
    const body = sending.text ?? (sending.body === undefined ? undefined : JSON.stringify(sending.body))
    const url = new URL(this.urlOf(path))
    return fetch(tap === undefined ? url : new URL(url.pathname + url.search, tap), {
      method,
      redirect: "manual",
      headers: {
        ...(tap === undefined ? {} : { [upstreamHeader]: url.origin }),
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...sending.headers,
      },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    })
  }

  /** One request, whatever comes back. */
  async send(method: string, path: string, sending: Sending = {}): Promise<Answer> {
    const response = await this.open(method, path, sending)
    const text = await response.text()
    const isJson = /^application\/(problem\+)?json\b/.test(response.headers.get("content-type") ?? "")
    const body: unknown = isJson && text !== "" ? JSON.parse(text) : undefined
    const answer = { method, path, status: response.status, headers: response.headers, text, body }
    assertFormed(answer)
    const { pathname } = new URL(this.urlOf(path))
    if (method !== "HEAD" && response.status < 400)
      expect(this.reference.fault(method, pathname, answer), text.slice(0, 1_000)).toBeUndefined()
    return answer
  }

  /** A request that must succeed; gives its body by a schema of ours. */
  async ask<S extends z.ZodType>(
    schema: S,
    method: string,
    path: string,
    sending: Sending = {},
  ): Promise<z.output<S>> {
    const answer = await this.send(method, path, sending)
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`)
    return schema.parse(answer.body)
  }

  /** A request that must succeed without a body to read. */
  async do(method: string, path: string, sending: Sending = {}): Promise<void> {
    const answer = await this.send(method, path, sending)
    expect(answer, answer.text).toMatchObject({ status: 204, text: "" })
  }

  urlOf(path: string): string {
    return new URL(path.startsWith("/api/") ? path : `/api/v1${path}`, this.address).href
  }
}

/** A refusal as callers tell them apart. */
export const problemOf = (answer: Answer): Problem => Problem.parse(answer.body)

/** RFC 9457 for every refusal, one request id, and the headers that keep answers out of frames and guesses. */
function assertFormed({ method, path, status, headers, text, body }: Answer): void {
  const what = `${method} ${path} answered ${status}: ${text.slice(0, 500)}`
  expect(headers.get("x-request-id"), what).toMatch(/^req_[0-9A-Z]{26}$/)
  expect(headers.get("x-content-type-options"), what).toBe("nosniff")
  expect(headers.get("content-security-policy"), what).toContain("frame-ancestors 'none'")
  if (status < 400 || method === "HEAD") return
  expect(headers.get("content-type"), what).toMatch(/^application\/problem\+json\b/)
  expect(headers.get("cache-control"), what).toBe("no-store")
  const problem = Problem.parse(body)
  expect(problem.status, what).toBe(status)
  expect(problem.request_id, what).toBe(headers.get("x-request-id"))
  expect(problem.code, what).toMatch(/^[a-z_]+(\.[a-z_]+)*$/)
  expect(problem.detail.trim(), what).toMatch(/\S.*[.?!)]$/s)
  expect(problem.type, what).toContain(problem.code)
  if (status === 401) expect(headers.get("www-authenticate"), what).toMatch(/^Bearer/)
  if (status === 429 || status === 503) expect(Number(headers.get("retry-after")), what).toBeGreaterThan(0)
}
