import { checkSchema } from "#core/json-schema"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import type { ModelCall, ToolCall } from "#core/llm/call"
import type { FinishReason, ModelUsage } from "#core/llm/event"
import { ModelFailure } from "#core/llm/failure"
import { countInput, countTokens, countToolCalls } from "#core/llm/tokens"
import { classify, classifyMany } from "./classify.ts"
import { comparisonAnswer } from "./compare.ts"
import { conversationOf, yourPart, type Conversation } from "./conversation.ts"
import { openDocument } from "./document.ts"
import { entitiesAnswer } from "./entities.ts"
import { fieldWords, type Source } from "./fields.ts"
import { fillSchema } from "./fill.ts"
import { flowChanges } from "./flow-changes.ts"
import { keywords } from "./keywords.ts"
import { detectLanguage, languageNames } from "./language.ts"
import { draftReply } from "./reply.ts"
import { summarise } from "./summary.ts"
import { understand, type Understood } from "./prompt.ts"
import { tidy } from "./text.ts"
import { toolsWanted } from "./tool-choice.ts"

/** The name by which the builtin model is listed. */
export const builtinModel = "builtin"

export type BuiltinAnswer = {
  text: string
  object?: Json
  tool_calls?: ToolCall[]
  finish_reason: FinishReason
  usage: ModelUsage
}

const mostCharacters = 400_000

/**
 * The builtin model: extracts, chooses and compares by rules and counts, the same answer for the same call, with no
 * network. It is no language model: it understands the tasks of `task.ts` in English wording and summarises by default.
 */
export function runBuiltin(call: ModelCall): BuiltinAnswer {
  const size = call.messages.reduce((sum, one) => sum + one.content.length, 0)
  if (size > mostCharacters) {
    throw new ModelFailure("model.bad_request", {
      message: `The builtin model reads at most ${mostCharacters} characters; these are ${size}.`,
    })
  }
  const changes = flowChanges(call)
  if (changes) return answering(call, changes)
  const tool_calls = toolsWanted(call)
  if (tool_calls.length > 0) return wanting(call, tool_calls)
  const understood = withResults(understand(call.messages), conversationOf(call.messages))
  if (understood.content.trim() === "" && understood.task.is !== "self") {
    throw new ModelFailure("model.bad_request", { message: "The prompt holds no text to work on." })
  }
  const { output_schema: schema } = call
  if (schema) return structured(call, schema, understood)
  const { text, cut } = withinTokens(textAnswer(understood), call.max_tokens)
  return { text, finish_reason: cut ? "length" : "stop", usage: usageOf(call, text) }
}

function answering(call: ModelCall, object: JsonObject): BuiltinAnswer {
  const text = JSON.stringify(object)
  return { text, object, finish_reason: "stop", usage: usageOf(call, text) }
}

/** It says what it does next, so that whoever watches can follow. */
function wanting(call: ModelCall, tool_calls: ToolCall[]): BuiltinAnswer {
  const text = `Next: ${tool_calls.map((one) => one.name).join(", ")}.`
  const usage = usageOf(call, text)
  return {
    text,
    tool_calls,
    finish_reason: "tool_calls",
    usage: { ...usage, output_tokens: usage.output_tokens + countToolCalls(tool_calls) },
  }
}

/** What tools have answered is what there is to work on; without a task of words it is the answer. */
function withResults(understood: Understood, { results, tasks }: Conversation): Understood {
  if (results.length === 0) return understood
  const isCrew = results.some((one) => one.name.startsWith("delegate_to_"))
  // Of those who did parts of one task, the last has had all that the others brought.
  const whole = results.findLast((one) => !one.isError)
  const counted = isCrew && whole && tasks.some((one) => one.includes(yourPart)) ? [whole] : results
  const content = counted
    .map(({ name, text, isError }) => (isError ? `The tool ${name} failed: ${text}` : text))
    .join("\n\n")
  const isReport = isCrew || !understood.said
  return {
    ...understood,
    content: isReport ? content : tidy(content),
    task: isReport ? { is: "report" } : understood.task,
  }
}

const usageOf = (call: ModelCall, text: string): ModelUsage => ({
  input_tokens: countInput(call),
  output_tokens: countTokens(text),
  estimated: false,
})

function structured(call: ModelCall, schema: JsonObject, understood: Understood): BuiltinAnswer {
  const [fault] = checkSchema(schema)
  if (fault)
    throw new ModelFailure("model.bad_request", {
      message: `The output schema is not valid: ${fault.path ? `${fault.path}: ` : ""}${fault.message}`,
    })
  const { task } = understood
  const labels = task.is === "classify" ? task.labels : []
  const object = fillSchema(schema, sourceOf(understood), labels)
  const text = JSON.stringify(object, null, 2)
  if (call.max_tokens !== undefined && countTokens(text) > call.max_tokens) {
    throw new ModelFailure("model.bad_output", {
      retry: false,
      message: `The answer needs more than max_tokens (${call.max_tokens}).`,
    })
  }
  return { text, object, finish_reason: "stop", usage: usageOf(call, text) }
}

const sourceOf = (understood: Understood): Source => ({
  document: openDocument(understood.content),
  second: understood.second,
  answer: () => textAnswer(understood),
})

const whatItIs =
  "I am the builtin model: fixed rules and counts inside the server, no language model and no network. I summarise, extract, classify and compare texts, draft replies, fill JSON, propose changes of flows, and call tools whose description fits a task."

function textAnswer(understood: Understood): string {
  const { task, content, second } = understood
  switch (task.is) {
    case "summary":
      return summarise(content, task.wish)
    case "keywords":
      return task.lines
        ? keywords(content, task.count)
            .map((one) => `- ${one}`)
            .join("\n")
        : keywords(content, task.count).join(", ")
    case "entities":
      return entitiesAnswer(content, task.kinds)
    case "fields":
      return fieldsAnswer(task.names, task.json, understood)
    case "classify":
      return task.many ? classifyMany(content, task.labels).join(", ") : classify(content, task.labels).id
    case "language": {
      const { code } = detectLanguage(content)
      return task.named ? (languageNames[code] ?? code) : code
    }
    case "report":
      return content
    case "self":
      return whatItIs
    case "compare":
      if (second === undefined) {
        throw new ModelFailure("model.bad_request", {
          message: "Give the two texts as “Text A:” and “Text B:”, each on a line of its own.",
        })
      }
      return comparisonAnswer(content, second)
    case "reply":
      return draftReply(content, task.wish)
    default:
      return task satisfies never
  }
}

/** "vendor: ACME", one field to a line, or the same as JSON. */
function fieldsAnswer(names: string[], json: boolean, understood: Understood): string {
  const keys = names.map((name) => fieldWords(name).replaceAll(" ", "_"))
  const scalar = { type: json ? ["number", "string", "null"] : ["string", "null"] }
  const schema: JsonObject = {
    type: "object",
    properties: Object.fromEntries(
      keys.map((key, i) => [
        key,
        key.endsWith("s") && !/(?:s|addres|statu)s$/.test(key)
          ? { type: "array", items: {} }
          : { ...scalar, description: names[i]! },
      ]),
    ),
    required: keys,
  }
  const value = fillSchema(schema, { ...sourceOf(understood), answer: () => "" }, [])
  const filled = isJsonObject(value) ? value : {}
  if (json) return JSON.stringify(filled, null, 2)
  const shown = (value: Json): string =>
    value === null
      ? "not stated"
      : Array.isArray(value)
        ? value.map(shown).join(", ") || "none"
        : typeof value === "object"
          ? JSON.stringify(value)
          : String(value)
  return keys.map((key) => `${key}: ${shown(filled[key] ?? null)}`).join("\n")
}

/** Cuts after the last group of words within the limit, as a model stops in mid-sentence. */
function withinTokens(text: string, most: number | undefined): { text: string; cut: boolean } {
  if (most === undefined || countTokens(text) <= most) return { text, cut: false }
  let kept = ""
  let used = 0
  for (const piece of text.match(/\S+\s*/g) ?? []) {
    used += countTokens(piece)
    if (used > most) break
    kept += piece
  }
  return { text: kept.trimEnd(), cut: true }
}

const groupSize = 3

/** The answer in groups of a few words, spaces kept, as it is streamed. Together they are the text. */
export function* wordGroups(text: string): Generator<string> {
  let group = ""
  let held = 0
  for (const piece of text.match(/\s+\S*|\S+/g) ?? []) {
    group += piece
    held += 1
    if (held < groupSize) continue
    yield group
    group = ""
    held = 0
  }
  if (group) yield group
}
