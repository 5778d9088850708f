import * as z from "zod"
import { Failure } from "#core/errors"
import type { Json } from "#core/json"
import { ModelImage, type ModelCall, type ModelMessage, type ToolCall, type ToolSpec } from "#core/llm/call"

const Part = z.union([
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("image_url"), image_url: z.object({ url: z.string() }) }),
])
const Content = z.union([z.string(), z.array(Part).max(100)])
const Called = z.object({
  id: z.string(),
  type: z.literal("function").default("function"),
  function: z.object({ name: z.string(), arguments: z.string() }),
})

const Message = z.union([
  z.object({ role: z.enum(["system", "developer"]), content: Content }),
  z.object({ role: z.literal("user"), content: Content }),
  z.object({
    role: z.literal("assistant"),
    content: Content.nullish(),
    tool_calls: z.array(Called).max(128).optional(),
  }),
  z.object({ role: z.literal("tool"), content: Content, tool_call_id: z.string() }),
])
type Message = z.infer<typeof Message>

const Tool = z.object({
  type: z.literal("function"),
  function: z.object({
    name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, { error: "Use letters, digits, _ and -" }),
    description: z.string().max(10_000).default(""),
    parameters: z.record(z.string(), z.json()).default({ type: "object", properties: {} }),
  }),
})

/** What a client of OpenAI's API asks. Fields that it knows and we do not change nothing; those that would change the answer are refused. */
export const CompletionRequest = z.object({
  model: z.string().min(1).max(200),
  messages: z.array(Message).min(1).max(1_000),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  max_tokens: z.int().min(1).max(1_000_000).nullish(),
  max_completion_tokens: z.int().min(1).max(1_000_000).nullish(),
  tools: z.array(Tool).max(128).optional(),
  tool_choice: z
    .union([
      z.enum(["auto", "none", "required"]),
      z.object({ type: z.literal("function"), function: z.object({ name: z.string() }) }),
    ])
    .optional(),
  response_format: z
    .discriminatedUnion("type", [
      z.object({ type: z.literal("text") }),
      z.object({ type: z.literal("json_object") }),
      z.object({
        type: z.literal("json_schema"),
        json_schema: z.object({ schema: z.record(z.string(), z.json()) }),
      }),
    ])
    .optional(),
  n: z.literal(1, { error: "One answer is given at a time" }).nullish(),
  stop: z.null({ error: "Stop words are not supported" }).optional(),
  logprobs: z.literal(false, { error: "Probabilities are not supported" }).nullish(),
  audio: z.null({ error: "Audio is not supported" }).optional(),
})
export type CompletionRequest = z.infer<typeof CompletionRequest>

/** The call that a request amounts to, in no vendor's words. */
export function callOf(request: CompletionRequest): Omit<ModelCall, "model"> {
  const { temperature, max_tokens, max_completion_tokens, tool_choice } = request
  const most = max_completion_tokens ?? max_tokens
  const tools = toolsOf(request)
  const schema = schemaOf(request)
  const choice = typeof tool_choice === "object" ? "required" : tool_choice
  return {
    messages: messagesOf(request.messages),
    ...(typeof temperature === "number" ? { temperature } : {}),
    ...(typeof most === "number" ? { max_tokens: most } : {}),
    ...(tools.length > 0 ? { tools, ...(choice === undefined ? {} : { tool_choice: choice }) } : {}),
    ...(schema === undefined ? {} : { output_schema: schema }),
  }
}

function toolsOf({ tools = [], tool_choice }: CompletionRequest): ToolSpec[] {
  const only = typeof tool_choice === "object" ? tool_choice.function.name : undefined
  const specs = tools.map(({ function: { name, description, parameters } }) => ({
    name,
    description,
    input_schema: parameters,
  }))
  if (only !== undefined && !specs.some(({ name }) => name === only))
    throw wrong("tool_choice", `There is no tool ${only}`)
  return only === undefined ? specs : specs.filter(({ name }) => name === only)
}

function schemaOf({ response_format }: CompletionRequest): ModelCall["output_schema"] {
  if (response_format?.type === "json_schema") return response_format.json_schema.schema
  return response_format?.type === "json_object" ? { type: "object" } : undefined
}

const wrong = (path: string, message: string): Failure =>
  new Failure("request.invalid", { errors: [{ path, message }] })

function messagesOf(messages: readonly Message[]): ModelMessage[] {
  const called = new Map<string, string>()
  return messages.map((message, i): ModelMessage => {
    switch (message.role) {
      case "system":
      case "developer":
        return { role: "system", content: textOf(message.content) }
      case "user": {
        const images = imagesOf(message.content, `messages.${i}.content`)
        const content = textOf(message.content)
        return images.length > 0 ? { role: "user", content, images } : { role: "user", content }
      }
      case "assistant": {
        const calls = (message.tool_calls ?? []).map(toolCall)
        for (const { id, name } of calls) called.set(id, name)
        const content = textOf(message.content ?? "")
        return { role: "assistant", content, ...(calls.length > 0 ? { tool_calls: calls } : {}) }
      }
      case "tool": {
        const { tool_call_id } = message
        const name = called.get(tool_call_id)
        if (name === undefined)
          throw wrong(`messages.${i}.tool_call_id`, "No message before this one asks for that call")
        return { role: "tool", content: textOf(message.content), tool_call_id, name }
      }
      default:
        return message satisfies never
    }
  })
}

export const textOf = (content: z.infer<typeof Content>): string =>
  typeof content === "string"
    ? content
    : content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n")

/** Images come with the request: nothing is fetched for a client. */
function imagesOf(content: z.infer<typeof Content>, path: string): ModelImage[] {
  if (typeof content === "string") return []
  return content.flatMap((part) => {
    if (part.type === "text") return []
    const [, media_type, data] = /^data:([\w/+.-]+);base64,(.+)$/s.exec(part.image_url.url) ?? []
    const image = ModelImage.safeParse({ media_type, data })
    if (!image.success) throw wrong(path, "Send images as data: URLs of PNG, JPEG, WebP or GIF")
    return [image.data]
  })
}

const toolCall = ({ id, function: { name, arguments: text } }: z.infer<typeof Called>): ToolCall => ({
  id,
  name,
  arguments: parsed(text),
})

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
