import type { Json } from "#core/json"
import { ToolCall, type ModelCall } from "#core/llm/call"
import type { FinishReason, ModelEvent, ModelUsage } from "#core/llm/event"
import { ModelFailure } from "#core/llm/failure"
import { readOutput } from "#core/llm/output"
import type { ProviderPart } from "./provider.ts"

export type SaidToolCall = Extract<ProviderPart, { type: "tool_call" }>

/** Everything that a model said in an answer that came to its end. */
export type Heard = {
  text: string
  tool_calls: SaidToolCall[]
  finish_reason: FinishReason
  usage: ModelUsage
}

/** The last word of an answer. Throws `model.bad_output` when what the model said is of no use. */
export function finished(call: ModelCall, heard: Heard): ModelEvent {
  const { text, finish_reason, usage } = heard
  const tool_calls = toolCallsOf(call, heard)
  if (tool_calls.length > 0) return { type: "finished", text, tool_calls, finish_reason: "tool_calls", usage }
  if (!call.output_schema) return { type: "finished", text, finish_reason, usage }
  if (finish_reason === "length") throw cut("before its JSON was whole")
  return { type: "finished", text, object: readOutput(call.output_schema, text), finish_reason, usage }
}

const cut = (where: string): ModelFailure =>
  new ModelFailure("model.bad_output", { message: `The answer was cut at max_tokens ${where}.` })

const mostCalls = 128

/** The tools that the model wants called. What a filter or a limit has cut may lack its other half, so it counts for nothing. */
function toolCallsOf({ tools = [] }: ModelCall, { tool_calls, finish_reason }: Heard): ToolCall[] {
  // A model that was offered none makes them up; nobody could answer.
  if (tools.length === 0 || tool_calls.length === 0 || finish_reason === "content_filter") return []
  if (finish_reason === "length") throw cut("before its tool calls were whole")
  if (tool_calls.length > mostCalls) throw unusable(`it wants ${tool_calls.length} tools called at once`)
  const ids = new Set<string>()
  return tool_calls.map((said) => {
    const { name, signature } = said
    const call = {
      id: ownId(said.id, ids),
      name,
      arguments: argumentsOf(said),
      ...(signature === undefined ? {} : { signature }),
    }
    const { success } = ToolCall.safeParse(call)
    if (!success) throw unusable("it names a tool as no tool is named")
    return call
  })
}

/** Each answer of a tool goes to the call with its id, so two calls need two. */
function ownId(said: string, taken: Set<string>): string {
  const base = said.slice(0, 190) || "call"
  let id = base
  for (let n = 2; taken.has(id); n++) id = `${base}_${n}`
  taken.add(id)
  return id
}

function argumentsOf({ name, arguments: text }: SaidToolCall): Json {
  // A tool without parameters is called by most models with no arguments at all.
  if (text.trim() === "") return {}
  try {
    return JSON.parse(text) as Json
  } catch {
    throw unusable(`its arguments for the tool ${name.slice(0, 64)} are not JSON`)
  }
}

const unusable = (why: string): ModelFailure =>
  new ModelFailure("model.bad_output", { message: `The answer of the model cannot be used: ${why}.` })
