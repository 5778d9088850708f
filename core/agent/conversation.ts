import { isJsonObject, type Json } from "#core/json"
import type { ModelCall, ModelMessage } from "#core/llm/call"
import type { AgentAtWork } from "./at-work.ts"
import { lastCall, type Pressed } from "./limits.ts"
import { lastWords, systemPrompt } from "./prompt.ts"
import type { LastCall } from "./thought.ts"
import { toolSpecs } from "./tools.ts"
import type { Turn } from "./turn.ts"

export type Question = { call: Omit<ModelCall, "model">; last: LastCall }

/** Characters of answers that one question carries; beyond that the oldest are cut. */
const mostAnswers = 400_000
const mostHistory = 200

/** What the agent's model is asked in its next turn: the task, and everything that was said and done for it so far. */
export function questionOf(
  work: AgentAtWork,
  task: string,
  history: Json | undefined,
  turns: readonly Turn[],
  pressed?: Pressed,
): Question {
  const { config } = work.agent
  const last = lastCall(config, turns, pressed)
  const specs = toolSpecs(work)
  // An answer that did not fit its schema is asked for once more as a form is filled in: without tools, by the schema.
  const mends = work.output_schema !== undefined && turns.at(-1)?.fault !== undefined
  const tools = last !== undefined || mends ? [] : specs
  const said = turns.flatMap((turn) => messagesOf(turn))
  const call = {
    messages: [
      { role: "system" as const, content: systemPrompt(work) },
      ...before(history),
      { role: "user" as const, content: task },
      ...shortened(said),
      ...(last === undefined ? [] : [{ role: "user" as const, content: lastWords[last] }]),
    ],
    ...(config.temperature === undefined ? {} : { temperature: config.temperature }),
    ...(config.max_tokens === undefined ? {} : { max_tokens: config.max_tokens }),
    ...(tools.length > 0 ? { tools } : {}),
    ...(tools.length === 0 && work.output_schema ? { output_schema: work.output_schema } : {}),
  }
  return { call, last }
}

function messagesOf({ text, tool_calls, answers, fault }: Turn): ModelMessage[] {
  const calls = tool_calls.length > 0 ? { tool_calls: [...tool_calls] } : {}
  const messages: ModelMessage[] = [{ role: "assistant", content: text, ...calls }]
  for (const [i, { id, name }] of tool_calls.entries()) {
    const { content, is_error } = answers[i] ?? { content: "This call came to nothing.", is_error: true }
    messages.push({ role: "tool", tool_call_id: id, name, content, ...(is_error ? { is_error } : {}) })
  }
  if (fault !== undefined)
    messages.push({ role: "user", content: `This answer cannot be taken: ${fault} Give it again, mended.` })
  return messages
}

/** The newest answers whole; what is older and would be too much is cut to its beginning. */
function shortened(messages: ModelMessage[]): ModelMessage[] {
  let room = mostAnswers
  const kept = messages.toReversed().map((message) => {
    room -= message.content.length
    return room >= 0 || message.role !== "tool" || message.content.length <= 500
      ? message
      : { ...message, content: `${message.content.slice(0, 400)}… [left out]` }
  })
  return kept.toReversed()
}

/** What was said before the task; anything else than messages of the two is left out. */
function before(history: Json | undefined): ModelMessage[] {
  if (!Array.isArray(history)) return []
  return history.slice(-mostHistory).flatMap((one): ModelMessage[] => {
    if (!isJsonObject(one)) return []
    const { role, content } = one
    if (typeof content !== "string" || content === "") return []
    return role === "user" || role === "assistant" ? [{ role, content }] : []
  })
}
