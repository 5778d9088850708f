import type { ToolCall } from "#core/llm/call"
import type { FinishReason, ModelUsage } from "#core/llm/event"

/** What comes of a request, whoever answers it. */
export type Said =
  | { type: "delta"; text: string }
  /** Nothing has come for a while, and it goes on. */
  | { type: "still" }
  | {
      type: "done"
      text: string
      tool_calls: readonly ToolCall[]
      finish_reason: FinishReason
      usage: ModelUsage
    }

/** Which completion it is; the same in every piece of it. */
export type Named = { id: string; created: number; model: string }

const called = ({ id, name, arguments: args }: ToolCall) => ({
  id,
  type: "function",
  function: { name, arguments: typeof args === "string" ? args : JSON.stringify(args) },
})

const reasonOf = (reason: FinishReason): string => (reason === "other" ? "stop" : reason)

const usageOf = (usage: ModelUsage) => ({
  prompt_tokens: usage.input_tokens,
  completion_tokens: usage.output_tokens,
  total_tokens: usage.input_tokens + usage.output_tokens,
  prompt_tokens_details: { cached_tokens: usage.cache_read_tokens ?? 0 },
  completion_tokens_details: { reasoning_tokens: usage.reasoning_tokens ?? 0 },
})

type Done = Extract<Said, { type: "done" }>

/** The whole answer at once. */
export const completion = (named: Named, { text, tool_calls, finish_reason, usage }: Done) => ({
  ...named,
  object: "chat.completion",
  choices: [
    {
      index: 0,
      message: {
        role: "assistant",
        content: text === "" && tool_calls.length > 0 ? null : text,
        refusal: null,
        ...(tool_calls.length > 0 ? { tool_calls: tool_calls.map(called) } : {}),
      },
      logprobs: null,
      finish_reason: reasonOf(finish_reason),
    },
  ],
  usage: usageOf(usage),
})

const chunk = (named: Named, delta: object, finish_reason: string | null = null) => ({
  ...named,
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta, logprobs: null, finish_reason }],
})

const event = (data: object | string): string =>
  `data: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`

export const opening = (named: Named): string => event(chunk(named, { role: "assistant", content: "" }))

/** One piece of a streamed answer, as server-sent events. */
export function piece(named: Named, said: Said, includeUsage: boolean): string {
  switch (said.type) {
    case "delta":
      return event(chunk(named, { content: said.text }))
    case "still":
      return ": still here\n\n"
    case "done": {
      const calls = said.tool_calls.map((call, index) => ({ index, ...called(call) }))
      const usage = { ...named, object: "chat.completion.chunk", choices: [], usage: usageOf(said.usage) }
      return [
        ...(calls.length > 0 ? [event(chunk(named, { tool_calls: calls }))] : []),
        event(chunk(named, {}, reasonOf(said.finish_reason))),
        ...(includeUsage ? [event(usage)] : []),
        event("[DONE]"),
      ].join("")
    }
    default:
      return said satisfies never
  }
}

export const brokenOff = (error: object): string => event({ error })
