import { asText, isJsonObject, type Json } from "#core/json"
import type { ToolCall } from "#core/llm/call"
import { isQuestion } from "./questions.ts"

/** What a tool, a colleague or a person answered to one call. */
export type CallAnswer = { content: string; is_error: boolean }

/** One turn of an agent that is over: what its model said, and what came of the calls that it asked for. */
export type Turn = {
  text: string
  tool_calls: readonly ToolCall[]
  answers: readonly CallAnswer[]
  /** The final answer, if this was the last turn. */
  answer: Json | undefined
  /** What is wrong with the answer that was given. */
  fault: string | undefined
  /** Which of the calls handed work to a colleague. */
  handed_on: readonly boolean[]
  /** It was asked for its answer then, without tools. */
  isLast: boolean
}

/** Reads what the scope of a turn came to. */
export function turnOf(output: Json | undefined): Turn {
  const { think, calls } = isJsonObject(output) ? output : {}
  const thought = isJsonObject(think) ? think : {}
  const asked = thought["tool_calls"]
  return {
    text: typeof thought["text"] === "string" ? thought["text"] : "",
    tool_calls: Array.isArray(asked) ? (asked as ToolCall[]) : [],
    answers: Array.isArray(calls) ? calls.map(callAnswer) : [],
    handed_on:
      Array.isArray(calls) && Array.isArray(asked) ? calls.map((_, i) => isHandedOn(asked[i], calls[i])) : [],
    answer: thought["answer"],
    fault: typeof thought["fault"] === "string" ? thought["fault"] : undefined,
    isLast: thought["ended"] !== undefined,
  }
}

/** A call to a colleague which the check has let pass, by what came of it. */
export function isHandedOn(asked: Json | undefined, steps: Json | undefined): boolean {
  const name = isJsonObject(asked) ? asked["name"] : undefined
  if (typeof name !== "string" || !name.startsWith("delegate_to_") || !isJsonObject(steps)) return false
  return !isJsonObject(steps["check"]) || steps["check"]["wrong"] === undefined
}

/** What one call came to: the last that was reached of its steps says it. */
export function callAnswer(steps: Json): CallAnswer {
  if (!isJsonObject(steps)) return { content: "This call came to nothing.", is_error: true }
  const { check, call, failed, ...rest } = steps
  const others = Object.entries(rest)
  const ask = others.find(([id]) => isQuestion(id))?.[1]
  if (isJsonObject(failed)) return { content: asText(failed["message"]) || "It failed.", is_error: true }
  if (call !== undefined) return { content: asText(call), is_error: false }
  const said = others.find(([id]) => !isQuestion(id))?.[1]
  if (said !== undefined) return { content: asText(said), is_error: false }
  if (isJsonObject(ask)) return { content: refusal(ask), is_error: true }
  const wrong = isJsonObject(check) ? check["wrong"] : undefined
  return { content: asText(wrong) || "This call was not made.", is_error: true }
}

/** Why a call was not made that a person was asked about; `said` is what they answered. */
export function refusal(said: Json): string {
  const { form, timed_out } = isJsonObject(said) ? said : {}
  if (timed_out === true) return "Nobody answered whether this call may be made, so it was not."
  const comment = isJsonObject(form) ? asText(form["comment"]).trim() : ""
  return `A person refused this call.${comment ? ` They said: ${comment}` : ""}`
}
