import type { ModelCall } from "#core/llm/call"
import type { ModelFailure } from "#core/llm/failure"
import type { Heard } from "./finish.ts"

/** How often a model is shown what does not fit before its answer counts as failed. */
export const mostRepairs = 2

const mostShown = 20_000

/** The same call after an answer that is of no use: the model sees what it said and what is wrong with it. */
export const repairing = (
  call: ModelCall,
  { text, tool_calls }: Heard,
  { message }: ModelFailure,
): ModelCall => ({
  ...call,
  messages: [
    ...call.messages,
    { role: "assistant", content: shown(text, tool_calls) },
    { role: "user", content: `${message} ${advice(call, tool_calls.length > 0)}` },
  ],
})

/** An answer of nothing but broken tool calls is told in words, because vendors take only whole ones back. */
function shown(text: string, calls: Heard["tool_calls"]): string {
  const said = [text, ...calls.map((one) => `${one.name}(${one.arguments})`)].filter(Boolean).join("\n")
  return said.slice(0, mostShown) || "(nothing)"
}

const advice = (call: ModelCall, hadCalls: boolean): string =>
  hadCalls || !call.output_schema
    ? "Call the tool again, with arguments that are one JSON object."
    : `Answer again with the whole JSON, corrected, and no other words. It must fit this JSON Schema:\n${JSON.stringify(call.output_schema)}`
