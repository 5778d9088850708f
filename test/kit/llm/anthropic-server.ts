import type { IncomingHttpHeaders } from "node:http"
import {
  isObject,
  piecesOf,
  Refusal,
  startVendorServer,
  type Asked,
  type Protocol,
  type Said,
} from "./vendor-server.ts"

export const anthropicKey = "sk-ant-test-0123456789"

/** A stand-in for Anthropic's Messages API. https://docs.anthropic.com/en/api/messages-streaming */
export const startAnthropicServer = () => startVendorServer(protocol)

const wrong = (message: string) => new Refusal(400, "invalid_request_error", message)
const errorTypes: Record<string, string> = {
  rate: "rate_limit_error",
  server: "api_error",
  overloaded: "overloaded_error",
  not_found: "not_found_error",
}

const known = new Set(
  "model max_tokens messages system stream temperature tools tool_choice top_p top_k stop_sequences metadata thinking output_config output_format service_tier".split(
    " ",
  ),
)

const protocol: Protocol = {
  base: "/v1",
  authorise: (headers) => {
    if (headers["x-api-key"] !== anthropicKey)
      throw new Refusal(401, "authentication_error", "invalid x-api-key")
    if (headers["anthropic-version"] !== "2023-06-01") throw wrong("anthropic-version: header is required")
    if (headers.authorization !== undefined) throw wrong("authorization: not with x-api-key")
  },
  isModels: (path) => path.startsWith("/v1/models"),
  models: (names) => ({
    data: names.map((id) => ({ type: "model", id, display_name: id, created_at: "2025-01-01T00:00:00Z" })),
    has_more: false,
    first_id: names[0],
    last_id: names.at(-1),
  }),
  check,
  frames,
  refusal: ({ kind, message }) => ({
    type: "error",
    error: { type: errorTypes[kind] ?? kind, message },
    request_id: "req_test",
  }),
  errorFrame: frame("error", { error: { type: "overloaded_error", message: "Overloaded" } }),
}

function check(path: string, headers: IncomingHttpHeaders, body: unknown): Asked {
  if (path !== "/v1/messages") throw new Refusal(404, "not_found_error", "Not Found")
  if (!headers["content-type"]?.startsWith("application/json")) throw wrong("content-type: application/json")
  if (!isObject(body)) throw wrong("body: a JSON object")
  for (const key of Object.keys(body))
    if (!known.has(key)) throw wrong(`${key}: Extra inputs are not permitted`)
  const { model, max_tokens, messages, stream, temperature, tools = [] } = body
  if (typeof model !== "string") throw wrong("model: Field required")
  if (typeof max_tokens !== "number" || max_tokens < 1) throw wrong("max_tokens: Field required")
  if (stream !== true) throw wrong("stream: expected true")
  if (temperature !== undefined && !(typeof temperature === "number" && temperature >= 0 && temperature <= 1))
    throw wrong("temperature: range: 0..1")
  if (!Array.isArray(messages) || messages.length === 0)
    throw wrong("messages: at least one message is required")
  messages.forEach((one: unknown, i) => checkMessage(one, messages[i - 1], i))
  const last = contentOf(messages.at(-1))
  const format = isObject(body["output_config"]) ? body["output_config"]["format"] : body["output_format"]
  return {
    model,
    last: last.map((part) => (typeof part["text"] === "string" ? part["text"] : "")).join(""),
    tools: Array.isArray(tools) ? tools.map(toolOf) : [],
    schema: isObject(format) && isObject(format["schema"]) ? format["schema"] : undefined,
    hasResults: last.some((part) => part["type"] === "tool_result"),
  }
}

function toolOf(tool: unknown): Asked["tools"][number] {
  if (!isObject(tool) || !/^[\w-]{1,128}$/.test(String(tool["name"])) || !isObject(tool["input_schema"]))
    throw wrong("tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'")
  return { name: String(tool["name"]), schema: tool["input_schema"] }
}

const contentOf = (message: unknown): Record<string, unknown>[] => {
  const content = isObject(message) ? message["content"] : undefined
  return Array.isArray(content) ? content.filter(isObject) : [{ type: "text", text: content }]
}

/** Roles, no empty texts, images as base64, and each tool's answer right after its call. */
function checkMessage(message: unknown, before: unknown, i: number): void {
  if (!isObject(message) || (message["role"] !== "user" && message["role"] !== "assistant"))
    throw wrong(`messages.${i}.role: Input should be 'user' or 'assistant'`)
  const called = contentOf(before).flatMap((part) => (part["type"] === "tool_use" ? [part["id"]] : []))
  const answered = contentOf(message).flatMap((part) =>
    part["type"] === "tool_result" ? [part["tool_use_id"]] : [],
  )
  if (message["role"] === "user" && called.some((id) => !answered.includes(id)))
    throw wrong(`messages.${i}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after`)
  if (answered.some((id) => !called.includes(id)))
    throw wrong(`messages.${i}.content.0: unexpected \`tool_use_id\` found in \`tool_result\` blocks`)
  for (const part of contentOf(message)) {
    if (part["type"] === "text" && (typeof part["text"] !== "string" || part["text"] === ""))
      throw wrong(`messages.${i}: text content blocks must be non-empty`)
    const source = part["source"]
    if (
      part["type"] === "image" &&
      !(isObject(source) && source["type"] === "base64" && source["media_type"])
    )
      throw wrong(`messages.${i}.content.0.image.source: Field required`)
  }
}

function frame(type: string, data: Record<string, unknown>): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`
}

const usages = {
  true: { input_tokens: 12, output_tokens: 9 },
  huge: { input_tokens: 1_000_000_000, output_tokens: 1_000_000_000 },
  none: { input_tokens: 0, output_tokens: 0 },
  classes: {
    input_tokens: 10,
    cache_creation_input_tokens: 5,
    cache_read_input_tokens: 20,
    output_tokens: 9,
  },
} as const

function frames({ model }: Asked, { text, tool, usage, finish }: Said): string[] {
  const counts = usages[usage]
  const { output_tokens, ...input } = counts
  const block = (index: number, content_block: unknown, deltas: unknown[]): string[] => [
    frame("content_block_start", { index, content_block }),
    ...deltas.map((delta) => frame("content_block_delta", { index, delta })),
    frame("content_block_stop", { index }),
  ]
  const use = tool
    ? block(
        1,
        { type: "tool_use", id: "toolu_01A", name: tool.name, input: {} },
        (tool.arguments.match(/.{1,6}/gs) ?? []).map((partial_json) => ({
          type: "input_json_delta",
          partial_json,
        })),
      )
    : []
  const message = {
    id: "msg_test",
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...input, output_tokens: 1 },
  }
  const stop_reason = tool ? "tool_use" : finish === "length" ? "max_tokens" : "end_turn"
  return [
    frame("message_start", { message }),
    frame("ping", {}),
    ...block(
      0,
      { type: "text", text: "" },
      piecesOf(text).map((piece) => ({ type: "text_delta", text: piece })),
    ),
    ...use,
    ...(finish === "none"
      ? []
      : [
          frame("message_delta", { delta: { stop_reason, stop_sequence: null }, usage: { output_tokens } }),
          frame("message_stop", {}),
        ]),
  ]
}
