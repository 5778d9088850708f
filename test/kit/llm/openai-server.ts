import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { ApiError, parseChatRequest, type ChatRequest } from "./openai-request.ts"
import { scenarios, type Scenario } from "./openai-scenarios.ts"

/** A request as it came, for tests that ask what was sent. */
export type Recorded = {
  method: string
  path: string
  headers: IncomingMessage["headers"]
  body: unknown
  /** What is to be paid for it so far; undefined where nothing is, or the server keeps no account. */
  billed: Bill | undefined
  /** When it was whole, and when its connection or its answer was over, by `performance.now()`. */
  at: number
  closed: number | undefined
}

/** Tokens that a request has taken, as a server says that keeps an account. */
export type Bill = { prompt_tokens: number; completion_tokens: number }

type Options = {
  apiKey?: string
  port?: number
  /** How a request is answered, whatever its model is called; undefined leaves it to the model. */
  choose?: ((chat: ChatRequest) => Scenario | undefined) | undefined
  /** What is to be paid for a request of which so much was said, whether or not it came to its end. */
  bill?: ((body: unknown, said: string, isWhole: boolean, scenario: Scenario) => Bill) | undefined
}

export type OpenAiServer = {
  /** The base URL, with `/v1`. */
  url: string
  /** `host:port`, as an egress allow-list names it. */
  host: string
  apiKey: string
  requests: Recorded[]
  /** Answers whose client left before they were whole. */
  disconnects: number
  open: number
  close: () => Promise<void>
}

const mostBody = 4 * 1024 * 1024

/**
 * A stand-in for OpenAI's API: chat completions, streamed and whole, and the list of models. It checks what it receives as
 * OpenAI does, records it, and behaves as the model's name says (openai-scenarios.ts).
 */
export async function startOpenAiServer({
  apiKey = "sk-test-0123456789abcdef",
  port = 0,
  choose,
  bill,
}: Options = {}): Promise<OpenAiServer> {
  const state = { requests: [] as Recorded[], disconnects: 0, open: 0 }
  const server = createServer((request, response) => {
    state.open += 1
    response.on("close", () => {
      state.open -= 1
      if (!response.writableFinished) state.disconnects += 1
    })
    handle(request, response, { apiKey, choose, bill }, state.requests).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else
        sendJson(response, 500, {
          error: { message: String(error), type: "server_error", param: null, code: null },
        })
    })
  })
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(state, {
    url: `http://${host}/v1`,
    host,
    apiKey,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  { apiKey, choose, bill }: Options,
  requests: Recorded[],
): Promise<void> {
  const text = await bodyOf(request)
  const path = request.url ?? "/"
  const recorded: Recorded = {
    method: request.method ?? "GET",
    path,
    headers: request.headers,
    body: text,
    billed: undefined,
    at: performance.now(),
    closed: undefined,
  }
  requests.push(recorded)
  // Whoever goes in the middle of an answer half-closes first; the rest follows with the next write.
  const over = (): void => void (recorded.closed ??= performance.now())
  request.socket.once("end", over)
  response.on("close", () => {
    request.socket.off("end", over)
    over()
  })
  try {
    const authorization = request.headers.authorization ?? ""
    if (authorization !== `Bearer ${apiKey}`) {
      const shown = authorization.replace(/^Bearer /, "")
      throw new ApiError(
        401,
        shown
          ? `Incorrect API key provided: ${shown.slice(0, 6)}***${shown.slice(-4)}.`
          : "You didn't provide an API key.",
        { code: "invalid_api_key" },
      )
    }
    if (path === "/v1/models" && request.method === "GET") return sendJson(response, 200, modelList())
    if (path !== "/v1/chat/completions")
      throw new ApiError(404, `Unknown request URL: ${request.method} ${path}.`, { code: "unknown_url" })
    if (request.method !== "POST")
      throw new ApiError(405, `Not allowed to ${request.method} on ${path}.`, {
        code: "method_not_supported",
      })
    const chat = parseChatRequest(request.headers["content-type"], text)
    recorded.body = JSON.parse(text)
    const scenario = choose?.(chat) ?? scenarios[chat.model]
    if (!scenario)
      throw new ApiError(404, `The model \`${chat.model}\` does not exist or you do not have access to it.`, {
        code: "model_not_found",
        param: "model",
      })
    const account = bill && {
      owe: (said: string, isWhole: boolean): Bill =>
        (recorded.billed = bill(recorded.body, said, isWhole, scenario)),
    }
    await play(scenario, chat, authorization, response, account)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    sendJson(response, error.status, error.body)
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > mostBody) throw new ApiError(413, "The request is too large.")
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString("utf8")
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { "content-type": "application/json", "x-request-id": "req_test", ...headers })
    .end(JSON.stringify(body))
}

const created = 1_760_000_000

const modelList = () => ({
  object: "list",
  data: Object.keys(scenarios).map((id) => ({ id, object: "model", created, owned_by: "test" })),
})

type Account = { owe: (said: string, isWhole: boolean) => Bill }

async function play(
  scenario: Scenario,
  chat: ChatRequest,
  authorization: string,
  response: ServerResponse,
  account: Account | undefined,
): Promise<void> {
  const refusal = scenario.refuse?.(authorization)
  if (refusal && "error" in refusal)
    return sendJson(response, refusal.error.status, refusal.error.body, refusal.headers)
  if (refusal) {
    response.writeHead(refusal.status, { "content-type": refusal.contentType }).end(refusal.text)
    return
  }
  if (scenario.silent) return
  const text = scenario.text?.(chat) ?? ""
  if (!chat.stream || scenario.ignoresStream)
    return sendJson(response, 200, wholeAnswer(scenario, chat, text))
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" })
  response.flushHeaders()
  await streamAnswer(scenario, chat, text, response, account)
}

const envelope = (chat: ChatRequest, object: string) => ({
  id: "chatcmpl-test",
  object,
  created,
  model: chat.model,
  system_fingerprint: "fp_test",
})

const usageOf = (scenario: Scenario, chat: ChatRequest, text: string, bill?: Bill): unknown => {
  if ("usage" in scenario) return scenario.usage
  if (bill) return { ...bill, total_tokens: bill.prompt_tokens + bill.completion_tokens }
  const prompt = Math.ceil(JSON.stringify(chat.messages).length / 4)
  const completion = Math.max(1, Math.ceil(text.length / 4))
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}

const finishOf = (scenario: Scenario, chat: ChatRequest) =>
  scenario.finish === undefined
    ? toolCallsOf(scenario, chat).length > 0
      ? "tool_calls"
      : "stop"
    : scenario.finish

const toolCallsOf = (scenario: Scenario, chat: ChatRequest) =>
  (scenario.toolCalls?.(chat) ?? []).map((one, i) => ({
    id: `call_${chat.messages.length}_${i}`,
    type: "function",
    function: one,
  }))

const wholeAnswer = (scenario: Scenario, chat: ChatRequest, text: string) => ({
  ...envelope(chat, "chat.completion"),
  choices: [
    {
      index: 0,
      message: {
        role: "assistant",
        content: text,
        refusal: null,
        ...(scenario.toolCalls ? { tool_calls: toolCallsOf(scenario, chat) } : {}),
      },
      logprobs: null,
      finish_reason: finishOf(scenario, chat),
    },
  ],
  usage: usageOf(scenario, chat, text),
})

/** The pieces in which a model speaks: a word each, with the space before it. */
const pieces = (text: string): string[] => text.match(/\s*\S+|\s+$/g) ?? []

async function streamAnswer(
  scenario: Scenario,
  chat: ChatRequest,
  text: string,
  response: ServerResponse,
  account: Account | undefined,
): Promise<void> {
  const chunk = (delta: Record<string, unknown>, finish: string | null = null) => ({
    ...envelope(chat, "chat.completion.chunk"),
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...(chat.includeUsage ? { usage: null } : {}),
  })
  const deltas = [
    { role: "assistant", content: "", refusal: null },
    ...pieces(scenario.reasoning ?? "").map((piece) => ({ reasoning_content: piece })),
    ...pieces(text).map((piece) => ({ content: piece })),
    ...toolCallsOf(scenario, chat).flatMap(({ function: { name, arguments: written }, ...call }, index) => [
      { tool_calls: [{ index, ...call, function: { name, arguments: "" } }] },
      ...(written.match(/.{1,6}/gs) ?? []).map((piece) => ({
        tool_calls: [{ index, function: { arguments: piece } }],
      })),
    ]),
  ]
  let [sent, said] = [0, ""]
  for (const delta of deltas) {
    if (response.destroyed) return
    if (scenario.pace) await sleep(scenario.pace)
    await scenario.gate?.(sent)
    await write(response, `data: ${JSON.stringify(chunk(delta))}\n\n`, scenario.byteByByte)
    said += wordsOf(delta)
    account?.owe(said, false)
    if (scenario.after?.chunks !== ++sent) continue
    const { act } = scenario.after
    if (typeof act === "object") await write(response, act.write)
    const next = typeof act === "object" ? act.next : act
    if (next === "stall") return
    if (next === "cut") return void setTimeout(() => response.destroy(), 10)
  }
  const finish = finishOf(scenario, chat)
  const bill = account?.owe(said, finish !== null)
  if (finish === null) return void response.end()
  await write(response, `data: ${JSON.stringify(chunk({}, finish))}\n\n`, scenario.byteByByte)
  const usage = usageOf(scenario, chat, text, bill)
  if (chat.includeUsage && usage !== undefined) {
    await write(
      response,
      `data: ${JSON.stringify({ ...envelope(chat, "chat.completion.chunk"), choices: [], usage })}\n\n`,
    )
  }
  response.end("data: [DONE]\n\n")
}

type Called = { function: { name?: string; arguments: string } }

/** What a piece of an answer says: text, or a tool's name and arguments. */
function wordsOf(delta: object): string {
  const { content, tool_calls: calls = [] } = delta as { content?: unknown; tool_calls?: Called[] }
  const [call] = calls
  if (call) return call.function.name === undefined ? call.function.arguments : `\n${call.function.name} `
  return typeof content === "string" ? content : ""
}

/** Writes, and waits while the client's window is full. Byte by byte means: what is not ASCII comes in single bytes. */
async function write(response: ServerResponse, text: string | Uint8Array, byteByByte = false): Promise<void> {
  for (const part of byteByByte ? apart(Buffer.from(text)) : [Buffer.from(text)]) {
    if (response.destroyed) return
    if (!response.write(part)) await drained(response)
    if (byteByByte) await sleep(1)
  }
}

function apart(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = []
  let from = 0
  bytes.forEach((byte, at) => {
    if (byte < 0x80) return
    if (at > from) parts.push(bytes.subarray(from, at))
    parts.push(bytes.subarray(at, at + 1))
    from = at + 1
  })
  return [...parts, bytes.subarray(from)]
}

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      response.off("drain", done)
      response.off("close", done)
      resolve()
    }
    response.on("drain", done)
    response.on("close", done)
  })
