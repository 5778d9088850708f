import type { ModelCall, ModelMessage } from "#core/llm/call"
import type { CallOptions } from "./library.ts"

type Message = CallOptions["prompt"][number]

/** A call in the words of the AI SDK, the same for every vendor. */
export const toOptions = (call: ModelCall): CallOptions => ({
  prompt: call.messages.map(toMessage),
  ...(call.max_tokens === undefined ? {} : { maxOutputTokens: call.max_tokens }),
  ...(call.temperature === undefined ? {} : { temperature: call.temperature }),
  ...toTools(call),
})

/** The same with the schema of its answer, for vendors whose package knows how each of their models takes one. */
export const structuredOptions = (call: ModelCall): CallOptions => ({
  ...toOptions(call),
  ...(call.output_schema
    ? { responseFormat: { type: "json", schema: call.output_schema, name: "answer" } }
    : {}),
})

/** A vendor refuses a choice without tools, and some an empty list. */
function toTools({ tools = [], tool_choice }: ModelCall): Pick<CallOptions, "tools" | "toolChoice"> {
  if (tools.length === 0) return {}
  return {
    tools: tools.map(({ name, description, input_schema }) => ({
      type: "function",
      name,
      description,
      inputSchema: input_schema,
    })),
    ...(tool_choice === undefined ? {} : { toolChoice: { type: tool_choice } }),
  }
}

function toMessage(message: ModelMessage): Message {
  switch (message.role) {
    case "system":
      return { role: "system", content: message.content }
    case "user":
      return { role: "user", content: userParts(message) }
    case "assistant":
      return { role: "assistant", content: assistantParts(message) }
    case "tool":
      return { role: "tool", content: [toolResult(message)] }
    default:
      return message satisfies never
  }
}

type Said<R extends Message["role"]> = Extract<Message, { role: R }>["content"]

const userParts = ({ content, images = [] }: Extract<ModelMessage, { role: "user" }>): Said<"user"> => [
  ...(content === "" && images.length > 0 ? [] : [{ type: "text" as const, text: content }]),
  ...images.map(({ media_type, data }) => ({
    type: "file" as const,
    mediaType: media_type,
    data: { type: "data" as const, data },
  })),
]

/** A turn that only calls tools has no words; an empty text beside them is refused by some vendors. */
const assistantParts = ({
  content,
  tool_calls = [],
}: Extract<ModelMessage, { role: "assistant" }>): Said<"assistant"> => [
  ...(content === "" && tool_calls.length > 0 ? [] : [{ type: "text" as const, text: content }]),
  ...tool_calls.map((call) => ({
    type: "tool-call" as const,
    toolCallId: call.id,
    toolName: call.name,
    input: call.arguments,
    ...(call.signature === undefined
      ? {}
      : { providerOptions: { google: { thoughtSignature: call.signature } } }),
  })),
]

const toolResult = ({
  content,
  tool_call_id,
  name,
  is_error,
}: Extract<ModelMessage, { role: "tool" }>): Said<"tool">[number] => ({
  type: "tool-result",
  toolCallId: tool_call_id,
  toolName: name,
  output: { type: is_error ? "error-text" : "text", value: content },
})
