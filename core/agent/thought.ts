import { readOutput } from "#core/llm/output"
import { ModelFailure } from "#core/llm/failure"
import type { Json, JsonObject } from "#core/json"
import type { ToolCall } from "#core/llm/call"
import type { AgentAtWork } from "./at-work.ts"
import type { EarlyEnd } from "./early-end.ts"
import { AgentFailure } from "./failure.ts"
import { violation } from "./guardrail.ts"
import type { Turn } from "./turn.ts"

/** What the model said in one turn. */
export type Reply = { text: string; object?: Json | undefined; tool_calls?: readonly ToolCall[] | undefined }

export type LastCall = EarlyEnd | undefined

/** What a turn's question came to, and whether calls follow. */
export type Thought = { output: JsonObject; handles: ["calls"] | ["out"] }

/** Calls of one turn; what a model asks for beyond that it has to ask for again. */
const mostCalls = 32

/**
 * What follows from a reply: calls, a final answer, or an answer that is given back to be mended. Throws when it was given back as
 * often as it may be.
 */
export async function thoughtOf(
  work: AgentAtWork,
  turns: readonly Turn[],
  last: LastCall,
  { text, object, tool_calls = [] }: Reply,
  now: string,
): Promise<Thought> {
  if (tool_calls.length > 0 && last === undefined)
    return { output: { text, tool_calls: tool_calls.slice(0, mostCalls) }, handles: ["calls"] }
  const { answer, fault, code } = await judged(work, text, object, now)
  const ended = last === undefined ? {} : { ended: last }
  if (fault === undefined) return { output: { text, answer, ...ended }, handles: ["out"] }
  const mended = turns.filter((turn) => turn.fault !== undefined).length
  if (mended >= work.agent.config.guardrail_retries) throw new AgentFailure(code, fault)
  return { output: { text, fault, ...ended }, handles: ["out"] }
}

type Judged =
  | { answer: Json; fault?: undefined; code?: undefined }
  | { answer?: undefined; fault: string; code: AgentFailure["code"] }

async function judged(
  work: AgentAtWork,
  text: string,
  object: Json | undefined,
  now: string,
): Promise<Judged> {
  const { output_schema: schema, guardrails } = work
  let answer: Json = text
  if (schema) {
    try {
      answer = object ?? readOutput(schema, text)
    } catch (error) {
      if (!(error instanceof ModelFailure)) throw error
      return { fault: error.message, code: "agent.bad_output" }
    }
  } else if (text.trim() === "") return { fault: "The answer is empty.", code: "agent.no_answer" }
  const fault = await violation(answer, guardrails, now)
  return fault === undefined ? { answer } : { fault, code: "agent.guardrail" }
}
