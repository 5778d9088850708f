/** What OpenAI's chat completions accept: the checks of our stand-in, with its error messages and codes. */

export type ChatRequest = {
  model: string
  messages: { role: string; content: unknown }[]
  tools: { name: string; parameters: Record<string, unknown> }[]
  stream: boolean
  includeUsage: boolean
  maxTokens: number | undefined
  schema: Record<string, unknown> | undefined
  wantsJson: boolean
}

export class ApiError extends Error {
  readonly status: number
  readonly type: string
  readonly code: string | null
  readonly param: string | null

  constructor(
    status: number,
    message: string,
    {
      type = "invalid_request_error",
      code = null,
      param = null,
    }: { type?: string; code?: string | null; param?: string | null } = {},
  ) {
    super(message)
    this.status = status
    this.type = type
    this.code = code
    this.param = param
  }

  get body() {
    return { error: { message: this.message, type: this.type, param: this.param, code: this.code } }
  }
}

const known = new Set(
  "model messages stream stream_options temperature top_p n stop max_tokens max_completion_tokens presence_penalty frequency_penalty logit_bias logprobs top_logprobs user response_format seed tools tool_choice parallel_tool_calls reasoning_effort verbosity metadata store service_tier".split(
    " ",
  ),
)
const roles = new Set(["system", "developer", "user", "assistant", "tool"])

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
const wrong = (param: string, message: string, code: string | null = null) =>
  new ApiError(400, message, { param, code })

export function parseChatRequest(contentType: string | undefined, text: string): ChatRequest {
  if (!/^application\/json\b/.test(contentType ?? ""))
    throw new ApiError(
      400,
      "We could not parse the JSON body of your request: the content type is not application/json.",
    )
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new ApiError(400, "We could not parse the JSON body of your request.")
  }
  if (!isObject(body)) throw new ApiError(400, "The body must be a JSON object.")
  for (const key of Object.keys(body)) {
    if (!known.has(key))
      throw wrong(key, `Unrecognized request argument supplied: ${key}`, "unknown_parameter")
  }
  const { model, stream = false, temperature, stream_options: options } = body
  if (typeof model !== "string" || model === "")
    throw wrong("model", "you must provide a model parameter", "missing_required_parameter")
  if (typeof stream !== "boolean")
    throw wrong("stream", "Invalid type for 'stream': expected a boolean.", "invalid_type")
  if (options !== undefined && !stream)
    throw wrong("stream_options", "The 'stream_options' parameter is only allowed when 'stream' is enabled.")
  if (
    temperature !== undefined &&
    !(typeof temperature === "number" && temperature >= 0 && temperature <= 2)
  ) {
    throw wrong(
      "temperature",
      "Invalid 'temperature': expected a decimal between 0 and 2.",
      "decimal_above_max_value",
    )
  }
  return {
    model,
    messages: messagesOf(body["messages"]),
    tools: toolsOf(body["tools"], body["tool_choice"]),
    stream,
    includeUsage: isObject(options) && options["include_usage"] === true,
    maxTokens: maxTokensOf(body, model),
    ...formatOf(body["response_format"]),
  }
}

function messagesOf(messages: unknown): ChatRequest["messages"] {
  if (!Array.isArray(messages) || messages.length === 0)
    throw wrong("messages", "Missing required parameter: 'messages'.", "missing_required_parameter")
  return messages.map((one: unknown, i) => {
    if (!isObject(one) || typeof one["role"] !== "string" || !roles.has(one["role"]))
      throw wrong(`messages[${i}].role`, `Invalid value for 'messages[${i}].role'.`, "invalid_value")
    checkToolUse(one, messages, i)
    const { content } = one
    if (content === null && one["role"] === "assistant" && Array.isArray(one["tool_calls"]))
      return { role: one["role"], content }
    const fine = typeof content === "string" || (Array.isArray(content) && content.length > 0)
    if (!fine)
      throw wrong(`messages[${i}].content`, `Invalid type for 'messages[${i}].content'.`, "invalid_type")
    if (Array.isArray(content))
      content.forEach((part: unknown, j) => checkPart(part, `messages[${i}].content[${j}]`))
    return { role: one["role"], content }
  })
}

function checkPart(part: unknown, at: string): void {
  if (!isObject(part)) throw wrong(at, `Invalid type for '${at}'.`, "invalid_type")
  if (part["type"] === "text" && typeof part["text"] === "string") return
  const image = part["image_url"]
  const isImage =
    part["type"] === "image_url" &&
    isObject(image) &&
    /^data:image\/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+=*$/.test(String(image["url"]))
  if (!isImage) throw wrong(at, `Invalid value for '${at}'.`, "invalid_value")
}

/** Each answer of a tool follows the message that called it, and no call goes unanswered. */
function checkToolUse(one: Record<string, unknown>, messages: unknown[], i: number): void {
  const idsOf = (message: unknown): string[] =>
    isObject(message) && Array.isArray(message["tool_calls"])
      ? message["tool_calls"].map((call: { id: string }) => call.id)
      : []
  if (one["role"] === "assistant") {
    const answered = messages
      .slice(i + 1)
      .flatMap((next) => (isObject(next) && next["role"] === "tool" ? [next["tool_call_id"]] : []))
    for (const id of idsOf(one))
      if (!answered.includes(id))
        throw wrong(
          `messages[${i}]`,
          `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${id}`,
        )
  }
  if (one["role"] !== "tool") return
  const caller = messages.slice(0, i).findLast((each) => idsOf(each).length > 0)
  if (!idsOf(caller).includes(String(one["tool_call_id"])))
    throw wrong(
      `messages[${i}].role`,
      "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
    )
}

function toolsOf(tools: unknown, choice: unknown): ChatRequest["tools"] {
  if (tools === undefined) {
    if (choice !== undefined)
      throw wrong("tool_choice", "'tool_choice' is only allowed when 'tools' are specified.")
    return []
  }
  if (!Array.isArray(tools) || tools.length === 0 || tools.length > 128)
    throw wrong(
      "tools",
      "Invalid 'tools': empty array. Expected an array with minimum length 1.",
      "empty_array",
    )
  return tools.map((tool: unknown, i) => {
    const spec = isObject(tool) && tool["type"] === "function" ? tool["function"] : undefined
    if (!isObject(spec) || !/^[\w-]{1,64}$/.test(String(spec["name"])) || !isObject(spec["parameters"]))
      throw wrong(`tools[${i}].function`, `Invalid 'tools[${i}].function'.`, "invalid_value")
    return { name: String(spec["name"]), parameters: spec["parameters"] }
  })
}

/** Reasoning models take `max_completion_tokens` only. */
function maxTokensOf(body: Record<string, unknown>, model: string): number | undefined {
  const { max_tokens: old, max_completion_tokens: now } = body
  if (old !== undefined && now !== undefined)
    throw wrong(
      "max_tokens",
      "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.",
    )
  if (old !== undefined && /^(?:o\d|gpt-5)/.test(model))
    throw wrong(
      "max_tokens",
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      "unsupported_parameter",
    )
  const most = now ?? old
  if (most === undefined) return undefined
  if (typeof most !== "number" || !Number.isInteger(most) || most < 1)
    throw wrong(
      "max_tokens",
      "Invalid 'max_tokens': expected an integer of 1 or more.",
      "integer_below_min_value",
    )
  return most
}

function formatOf(format: unknown): Pick<ChatRequest, "schema" | "wantsJson"> {
  if (format === undefined) return { schema: undefined, wantsJson: false }
  if (!isObject(format)) throw wrong("response_format", "Invalid type for 'response_format'.", "invalid_type")
  if (format["type"] === "json_object") return { schema: undefined, wantsJson: true }
  const spec = format["json_schema"]
  if (format["type"] !== "json_schema" || !isObject(spec))
    throw wrong("response_format.type", "Invalid value for 'response_format.type'.", "invalid_value")
  if (typeof spec["name"] !== "string" || !/^[\w-]{1,64}$/.test(spec["name"]))
    throw wrong(
      "response_format.json_schema.name",
      "Missing required parameter: 'response_format.json_schema.name'.",
      "missing_required_parameter",
    )
  if (!isObject(spec["schema"]))
    throw wrong("response_format.json_schema.schema", "Invalid schema.", "invalid_type")
  if (spec["strict"] === true) checkStrict(spec["schema"], "")
  return { schema: spec["schema"], wantsJson: true }
}

function checkStrict(schema: Record<string, unknown>, at: string): void {
  const properties = schema["properties"]
  if (schema["type"] === "object") {
    const required = Array.isArray(schema["required"]) ? schema["required"] : []
    const names = isObject(properties) ? Object.keys(properties) : []
    if (schema["additionalProperties"] !== false)
      throw wrong(
        "response_format",
        `Invalid schema for response_format: In context=(${at}), 'additionalProperties' is required to be supplied and to be false.`,
      )
    if (!names.every((name) => required.includes(name)))
      throw wrong(
        "response_format",
        `Invalid schema for response_format: In context=(${at}), 'required' is required to be supplied and to be an array including every key in properties.`,
      )
  }
  if (isObject(properties))
    for (const [name, one] of Object.entries(properties)) if (isObject(one)) checkStrict(one, `${at}/${name}`)
  if (isObject(schema["items"])) checkStrict(schema["items"], `${at}/items`)
}
