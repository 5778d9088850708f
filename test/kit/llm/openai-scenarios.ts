import { ApiError, type ChatRequest } from "./openai-request.ts"

/** How a model of the stand-in behaves; its name says it. */
export type Scenario = {
  about: string
  /** Answers with an error instead. */
  refuse?: (
    authorization: string,
  ) =>
    | { error: ApiError; headers?: Record<string, string> }
    | { status: number; contentType: string; text: string }
  text?: (request: ChatRequest) => string
  reasoning?: string
  /** Tools that it wants called after its text, with arguments as they are written. */
  toolCalls?: (request: ChatRequest) => { name: string; arguments: string }[]
  usage?: unknown
  finish?: string | null
  /** Milliseconds before each chunk. */
  pace?: number
  /** Asked before each chunk, with how many were sent: what it waits for, everybody waits for. */
  gate?: (sent: number) => Promise<void> | undefined
  /** After so many chunks: the socket is cut, nothing more comes, or something else than a chunk. */
  after?: {
    chunks: number
    act: "cut" | "stall" | { write: string | Uint8Array; next?: "cut" | "stall" }
  }
  /** Bytes are sent one by one. */
  byteByByte?: boolean
  /** No first line of an answer ever comes. */
  silent?: boolean
  /** Answers with plain JSON although a stream was asked for. */
  ignoresStream?: boolean
}

const fixed = (text: string) => () => text
const said = "The quick brown fox jumps over the lazy dog."

const lastUser = ({ messages }: ChatRequest): string => {
  const content = messages.findLast((one) => one.role === "user")?.content
  if (typeof content === "string") return content
  const parts = Array.isArray(content) ? content : []
  return parts.map((part: { text?: string }) => part.text ?? "").join("")
}

/** A value that fits a schema, without regard to anything that was said. */
export function sampleOf(schema: Record<string, unknown>): unknown {
  if (Array.isArray(schema["enum"])) return schema["enum"][0]
  const type = Array.isArray(schema["type"]) ? (schema["type"] as unknown[])[0] : schema["type"]
  switch (type) {
    case "object":
      return Object.fromEntries(
        Object.entries((schema["properties"] ?? {}) as Record<string, Record<string, unknown>>).map(
          ([name, one]) => [name, sampleOf(one)],
        ),
      )
    case "array":
      return [sampleOf((schema["items"] ?? { type: "string" }) as Record<string, unknown>)]
    case "number":
    case "integer":
      return 7
    case "boolean":
      return true
    case "null":
      return null
    default:
      return "sample"
  }
}

const answer = (request: ChatRequest): string =>
  request.schema ? JSON.stringify(sampleOf(request.schema)) : said

const refusing = (
  status: number,
  message: string,
  more: ConstructorParameters<typeof ApiError>[2] = {},
  headers: Record<string, string> = {},
) => ({
  refuse: () => ({ error: new ApiError(status, message, more), headers }),
})

/** Calls the first tool that it was offered, with arguments that fit it; says a sentence once tools have answered. */
const callsTool = ({ tools, messages }: ChatRequest) =>
  messages.at(-1)?.role === "tool"
    ? []
    : tools
        .slice(0, 1)
        .map(({ name, parameters }) => ({ name, arguments: JSON.stringify(sampleOf(parameters)) }))

const toolScenarios: Record<string, Scenario> = {
  "tool-call": {
    about: "calls its first tool, then says a sentence",
    text: (request) => (callsTool(request).length > 0 ? "Let me look." : said),
    toolCalls: callsTool,
  },
  "tool-calls": {
    about: "calls its first tool twice at once, without words",
    toolCalls: (request) => [...callsTool(request), ...callsTool(request)],
  },
  "tool-no-arguments": {
    about: "calls its first tool with no arguments at all",
    toolCalls: (request) => callsTool(request).map(({ name }) => ({ name, arguments: "" })),
  },
  "tool-bad-json": {
    about: "calls its first tool with arguments that are no JSON",
    toolCalls: (request) => callsTool(request).map(({ name }) => ({ name, arguments: '{"q": oops' })),
  },
  "tool-cut": {
    about: "breaks the connection within the arguments of a tool",
    toolCalls: callsTool,
    after: { chunks: 3, act: "cut" },
  },
  "tool-length": {
    about: "stops at its limit within the arguments of a tool",
    toolCalls: (request) => callsTool(request).map(({ name }) => ({ name, arguments: '{"q": "sam' })),
    finish: "length",
  },
  "tool-no-finish": {
    about: "calls a tool and never says that it is done",
    toolCalls: callsTool,
    finish: null,
  },
}

export const scenarios: Record<string, Scenario> = {
  "gpt-test": { about: "says a sentence, or JSON that fits the schema", text: answer },
  "gpt-5-test": { about: "the same, and refuses max_tokens as reasoning models do", text: answer },
  echo: { about: "repeats the last user message", text: lastUser },
  slow: { about: "takes 40 ms for each chunk", text: fixed(said), pace: 40 },
  "rate-limited": {
    about: "429 with Retry-After in seconds",
    ...refusing(
      429,
      "Rate limit reached for requests.",
      { type: "requests", code: "rate_limit_exceeded" },
      { "retry-after": "2" },
    ),
  },
  "rate-limited-ms": {
    about: "429 with Retry-After-Ms",
    ...refusing(
      429,
      "Rate limit reached.",
      { code: "rate_limit_exceeded" },
      { "retry-after": "1", "retry-after-ms": "350" },
    ),
  },
  "out-of-credit": {
    about: "429 that does not pass",
    ...refusing(429, "You exceeded your current quota, please check your plan.", {
      type: "insufficient_quota",
      code: "insufficient_quota",
    }),
  },
  "error-500": {
    about: "an error of the vendor's own",
    ...refusing(500, "The server had an error while processing your request.", { type: "server_error" }),
  },
  "error-529": {
    about: "overloaded",
    ...refusing(529, "Overloaded", { type: "overloaded_error" }, { "retry-after": "30" }),
  },
  "html-error": {
    about: "a gateway's page instead of JSON",
    refuse: () => ({ status: 502, contentType: "text/html", text: "<html><body>Bad gateway</body></html>" }),
  },
  forbidden: {
    about: "403",
    ...refusing(403, "Project does not have access to model.", { type: "permission_error" }),
  },
  "bad-request": {
    about: "400 about the length",
    ...refusing(400, "This model's maximum context length is 8192 tokens.", {
      code: "context_length_exceeded",
    }),
  },
  leaky: {
    about: "repeats the credentials in its error",
    refuse: (authorization) => ({ error: new ApiError(400, `Bad thing with ${authorization}\nsecond line`) }),
  },
  ...toolScenarios,
  silent: { about: "never answers", silent: true },
  cut: {
    about: "breaks the connection after three chunks",
    text: fixed(said),
    after: { chunks: 3, act: "cut" },
  },
  stall: {
    about: "says nothing more after three chunks",
    text: fixed(said),
    after: { chunks: 3, act: "stall" },
  },
  "no-finish": { about: "ends without a finish reason", text: fixed(said), finish: null },
  "bad-json": {
    about: "sends a chunk that is no JSON",
    text: fixed(said),
    after: { chunks: 2, act: { write: 'data: {"choices": [oops\n\n' } },
  },
  "error-in-stream": {
    about: "sends an error inside of the stream",
    text: fixed(said),
    after: {
      chunks: 2,
      act: {
        write: `data: ${JSON.stringify({ error: { message: "The server is overloaded.", type: "server_error", code: null } })}\n\n`,
      },
    },
  },
  "no-usage": { about: "reports no usage", text: fixed(said), usage: undefined },
  "huge-usage": {
    about: "reports 10^9 tokens",
    text: fixed(said),
    usage: { prompt_tokens: 1_000_000_000, completion_tokens: 1_000_000_000, total_tokens: 2_000_000_000 },
  },
  "negative-usage": {
    about: "reports negative tokens",
    text: fixed(said),
    usage: { prompt_tokens: -5, completion_tokens: -7, total_tokens: -12 },
  },
  "cached-usage": {
    about: "reports cached and reasoning tokens",
    text: fixed(said),
    usage: {
      prompt_tokens: 40,
      completion_tokens: 30,
      total_tokens: 70,
      prompt_tokens_details: { cached_tokens: 32 },
      completion_tokens_details: { reasoning_tokens: 18 },
    },
  },
  "split-utf8": {
    about: "sends byte by byte, inside of letters too",
    text: fixed("Grüße aus Köln 🦊 – 東京"),
    byteByByte: true,
  },
  reasoning: {
    about: "thinks before it speaks",
    text: fixed(said),
    reasoning: "Let me think about the fox.",
    pace: 15,
  },
  length: { about: "stops at its limit", text: fixed("The quick brown"), finish: "length" },
  filtered: { about: "is stopped by a filter", text: fixed("The"), finish: "content_filter" },
  "wrong-json": { about: "answers a schema with other JSON", text: fixed('{"unexpected":true}') },
  "wrong-once": {
    about: "answers a schema with other JSON until it is told what is wrong",
    text: (request) =>
      request.messages.some((one) => one.role === "assistant") ? answer(request) : '{"unexpected":true}',
  },
  "no-json": { about: "answers a schema with prose", text: fixed("Sure! Here you are.") },
  "fenced-json": {
    about: "wraps its JSON in a fence",
    text: (request) => `\`\`\`json\n${answer(request)}\n\`\`\``,
  },
  "cut-json": {
    about: "stops at its limit within JSON",
    text: fixed('{"summary":"The qu'),
    finish: "length",
  },
  "ignores-stream": {
    about: "answers a stream request with plain JSON",
    text: fixed(said),
    ignoresStream: true,
  },
  endless: { about: "never stops", text: fixed(`${said} `.repeat(20_000)) },
}
