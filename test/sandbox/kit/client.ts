import { createHash, createHmac, randomUUID } from "node:crypto"
import { type Agent, request as httpRequest, type IncomingMessage } from "node:http"
import type { CallerToken, RunFrame, RunResult } from "../../../core/contract/sandbox.ts"
import { maxima } from "../../../sandbox-runner/runs/limits.ts"

export const secret = "a-secret-of-the-tests-0123456789abcdef"
export const audience = "sandbox-test"

export type Claims = Partial<CallerToken>

/** A caller's token as the Worker makes it. */
export function signed(claims: Claims = {}, body = "", key = secret): string {
  const payload: CallerToken = {
    aud: audience,
    tenant: "tenant_a",
    exp: Math.floor(Date.now() / 1_000) + 30,
    jti: randomUUID(),
    body: createHash("sha256").update(body).digest("hex"),
    max: maxima.agent,
    net: ["*"],
    ...claims,
  }
  return sealed(JSON.stringify(payload), key)
}

/** Any text, well signed. */
export function sealed(payload: string, key = secret): string {
  const text = Buffer.from(payload).toString("base64url")
  return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`
}

export interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

interface CallOptions {
  method?: string
  body?: string
  claims?: Claims
  headers?: Record<string, string>
  /** In place of a token made for this call; empty sends none. */
  token?: string
  /** Leaves, as a caller does who hangs up. */
  signal?: AbortSignal
}

/** Talks to a runner as the Worker does. */
export class Client {
  readonly address: string
  readonly #agent: Agent | false

  /** Each call has a connection of its own, unless an agent keeps them. */
  constructor(address: string, agent: Agent | false = false) {
    this.address = address
    this.#agent = agent
  }

  /** The answer as soon as its head is there. */
  open(
    path: string,
    { method, body, claims, headers, token, signal }: CallOptions = {},
  ): Promise<IncomingMessage> {
    const bearer = token ?? signed(claims, body ?? "")
    return new Promise((resolve, reject) => {
      const req = httpRequest(
        new URL(path, this.address),
        {
          method: method ?? (body === undefined ? "GET" : "POST"),
          agent: this.#agent,
          ...(signal === undefined ? {} : { signal }),
          headers: {
            ...(bearer === "" ? {} : { authorization: `Bearer ${bearer}` }),
            ...(body === undefined ? {} : { "content-type": "application/json" }),
            ...headers,
          },
        },
        resolve,
      )
      req.once("error", reject)
      req.end(body)
    })
  }

  async call(path: string, options: CallOptions = {}): Promise<Answer> {
    const res = await this.open(path, options)
    let text = ""
    res.setEncoding("utf8")
    for await (const chunk of res) text += chunk
    return { status: res.statusCode ?? 0, headers: res.headers, text }
  }

  /** Runs a program and answers with the whole result; throws on a refusal. */
  async run(request: Record<string, unknown>, options: CallOptions = {}): Promise<RunResult> {
    const answer = await this.call("/v1/runs", { body: JSON.stringify(request), ...options })
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`)
    return JSON.parse(answer.text) as RunResult
  }

  /** Runs a program and hands on its frames as they come. */
  async *stream(request: Record<string, unknown>, options: CallOptions = {}): AsyncGenerator<RunFrame> {
    const { headers, ...rest } = options
    const res = await this.open("/v1/runs", {
      body: JSON.stringify(request),
      headers: { accept: "application/x-ndjson", ...headers },
      ...rest,
    })
    yield* framesOf(res)
  }
}

/** The frames of an answer, one by one; throws when it is a refusal. */
export async function* framesOf(res: IncomingMessage): AsyncGenerator<RunFrame> {
  let rest = ""
  res.setEncoding("utf8")
  for await (const chunk of res as AsyncIterable<string>) {
    const lines = (rest + chunk).split("\n")
    rest = lines.pop() ?? ""
    if (res.statusCode !== 200) continue
    for (const line of lines) yield JSON.parse(line) as RunFrame
  }
  if (res.statusCode !== 200) throw new Error(`${res.statusCode} ${rest}`)
  if (rest !== "") throw new Error(`the stream breaks off in: ${rest.slice(0, 100)}`)
}
