import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"

/** What a vendor is asked, as far as its stand-in cares. */
export type Asked = {
  model: string
  /** The last thing that was said. */
  last: string
  tools: { name: string; schema: Record<string, unknown> }[]
  schema: Record<string, unknown> | undefined
  /** A tool has answered already. */
  hasResults: boolean
}

/** What the stand-in says. */
export type Said = {
  text: string
  tool: { name: string; arguments: string } | undefined
  usage: "true" | "huge" | "none" | "classes"
  finish: "stop" | "length" | "none"
}

export class Refusal extends Error {
  readonly status: number
  readonly kind: string

  constructor(status: number, kind: string, message: string) {
    super(message)
    this.status = status
    this.kind = kind
  }
}

/** A vendor's wire: what it accepts, how it streams an answer, how it says no. */
export type Protocol = {
  base: string
  isModels: (path: string) => boolean
  models: (names: string[]) => unknown
  /** Checks path, headers and body as the vendor does; throws a Refusal. */
  check: (path: string, headers: IncomingHttpHeaders, body: unknown) => Asked
  authorise: (headers: IncomingHttpHeaders) => void
  /** The answer in its frames, each an event of the stream. */
  frames: (asked: Asked, said: Said) => string[]
  refusal: (refusal: Refusal) => unknown
  /** An error in the middle of a stream. */
  errorFrame: string
}

export type VendorServer = {
  url: string
  host: string
  requests: { path: string; headers: IncomingHttpHeaders; body: unknown }[]
  open: number
  disconnects: number
  close: () => Promise<void>
}

/** After so many frames, or so many before the end. */
type Fault = { after: number; act: "cut" | "stall" | "bad-json" | "error" }
type Scenario = {
  refuse?: { status: number; kind: string; message: string; headers?: Record<string, string> }
  html?: true
  silent?: true
  byteByByte?: true
  fault?: Fault
  said?: Partial<Said> | ((asked: Asked) => Partial<Said>)
}

export const sentence = "The quick brown fox jumps over the lazy dog."

const callsTool = ({ tools, hasResults }: Asked): Partial<Said> => {
  const [tool] = hasResults ? [] : tools
  return tool ? { text: "Let me look.", tool: { name: tool.name, arguments: '{"q":"red shoes"}' } } : {}
}

/** A schema is filled; a package that says it as a tool named `json` is answered in kind. */
const fillsSchema = ({ schema, tools }: Asked): Partial<Said> => {
  const filled = '{"n":7}'
  if (schema) return { text: filled }
  return tools.some((one) => one.name === "json")
    ? { text: "", tool: { name: "json", arguments: filled } }
    : {}
}

/** How a model of any stand-in behaves; its name says it. */
export const vendorScenarios: Record<string, Scenario> = {
  plain: { said: fillsSchema },
  echo: { said: ({ last }) => ({ text: last }) },
  "tool-call": { said: callsTool },
  /** Takes its calls back as it has signed them, and not otherwise. */
  "gemini-3-tool-call": { said: callsTool },
  "tool-cut": { said: callsTool, fault: { after: -1, act: "cut" } },
  "rate-limited": {
    refuse: { status: 429, kind: "rate", message: "Too many requests.", headers: { "retry-after": "2" } },
  },
  "error-500": { refuse: { status: 500, kind: "server", message: "Internal error." } },
  overloaded: { refuse: { status: 529, kind: "overloaded", message: "Overloaded." } },
  "html-error": { html: true },
  silent: { silent: true },
  stall: { fault: { after: 3, act: "stall" } },
  cut: { fault: { after: 3, act: "cut" } },
  "bad-json": { fault: { after: 3, act: "bad-json" } },
  "error-in-stream": { fault: { after: 3, act: "error" } },
  "error-at-once": { fault: { after: 0, act: "error" } },
  "split-utf8": { byteByByte: true, said: { text: "Grüße aus Köln 🦊 – 東京" } },
  "no-finish": { said: { finish: "none" } },
  length: { said: { text: "The quick", finish: "length" } },
  "huge-usage": { said: { usage: "huge" } },
  "no-usage": { said: { usage: "none" } },
  "usage-classes": { said: { usage: "classes" } },
}

/** A stand-in for a vendor that checks what it receives, records it, and behaves as the model's name says. */
export async function startVendorServer(protocol: Protocol): Promise<VendorServer> {
  const state = { requests: [] as VendorServer["requests"], open: 0, disconnects: 0 }
  const server = createServer((request, response) => {
    state.open += 1
    response.on("close", () => {
      state.open -= 1
      if (!response.writableFinished) state.disconnects += 1
    })
    const pieces: Buffer[] = []
    request.on("data", (piece: Buffer) => pieces.push(piece))
    request.on("end", () => {
      const text = Buffer.concat(pieces).toString("utf8")
      const path = request.url ?? "/"
      const body: unknown = text === "" ? undefined : JSON.parse(text)
      state.requests.push({ path, headers: request.headers, body })
      answer(protocol, path, request.headers, body, response).catch((error: unknown) => {
        if (!(error instanceof Refusal) || response.headersSent) response.destroy()
        else send(response, error.status, protocol.refusal(error))
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(state, {
    url: `http://${host}${protocol.base}`,
    host,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

const send = (
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) =>
  void response
    .writeHead(status, { "content-type": "application/json", ...headers })
    .end(JSON.stringify(body))

async function answer(
  protocol: Protocol,
  path: string,
  headers: IncomingHttpHeaders,
  body: unknown,
  response: ServerResponse,
): Promise<void> {
  protocol.authorise(headers)
  if (protocol.isModels(path)) return send(response, 200, protocol.models(Object.keys(vendorScenarios)))
  const asked = protocol.check(path, headers, body)
  const scenario = vendorScenarios[asked.model]
  if (!scenario) throw new Refusal(404, "not_found", `model: ${asked.model}`)
  if (scenario.silent) return
  if (scenario.html) {
    response.writeHead(502, { "content-type": "text/html" }).end("<html><body>Bad gateway</body></html>")
    return
  }
  const { refuse } = scenario
  if (refuse) {
    const refusal = new Refusal(refuse.status, refuse.kind, refuse.message)
    return send(response, refuse.status, protocol.refusal(refusal), refuse.headers)
  }
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" })
  response.flushHeaders()
  await play(protocol, protocol.frames(asked, saidBy(scenario, asked)), scenario, response)
}

function saidBy({ said = {} }: Scenario, asked: Asked): Said {
  const own = typeof said === "function" ? said(asked) : said
  return { text: sentence, tool: undefined, usage: "true", finish: "stop", ...own }
}

async function play(
  { errorFrame }: Protocol,
  frames: string[],
  { fault, byteByByte }: Scenario,
  response: ServerResponse,
): Promise<void> {
  const at = fault && (fault.after < 0 ? frames.length + fault.after : fault.after)
  for (const [i, frame] of frames.entries()) {
    if (fault && at === i) {
      if (fault.act === "stall") return
      if (fault.act === "cut") return void setTimeout(() => response.destroy(), 10)
      response.end(fault.act === "error" ? errorFrame : "data: {oops\n\n")
      return
    }
    if (!byteByByte) response.write(frame)
    else
      for (const byte of Buffer.from(frame)) {
        response.write(Buffer.from([byte]))
        if (byte >= 0x80) await sleep(1)
      }
  }
  response.end()
}

/** The pieces in which a model speaks: a word each, with the space before it. */
export const piecesOf = (text: string): string[] => text.match(/\s*\S+|\s+$/g) ?? []

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
