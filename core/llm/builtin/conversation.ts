import type { ModelMessage } from "#core/llm/call"
import { isJsonObject, type Json, type JsonObject } from "#core/json"
import { tidy } from "./text.ts"

/** What a tool answered, as somebody reads it. */
export type ToolAnswer = { name: string; text: string; isError: boolean }

/** A conversation with tools: what was asked last, and what has been done about it since. */
export type Conversation = {
  system: string
  task: string
  /** The task in its parts, where it is a list of tasks. */
  tasks: string[]
  /** The names of the tools that were called for this task, in order. */
  called: string[]
  results: ToolAnswer[]
}

export function conversationOf(messages: readonly ModelMessage[]): Conversation {
  const last = messages.findLastIndex((one) => one.role === "user")
  const task = tidy(messages[last]?.content ?? "").trim()
  const since = messages.slice(last + 1)
  return {
    system: messages
      .filter((one) => one.role === "system")
      .map((one) => tidy(one.content))
      .join("\n\n"),
    task,
    tasks: tasksIn(task),
    called: since.flatMap((one) =>
      one.role === "assistant" ? (one.tool_calls ?? []).map(({ name }) => name) : [],
    ),
    results: since.flatMap((one) =>
      one.role === "tool"
        ? [
            {
              name: one.name,
              text: readable(one.content, askedFor(since, one.tool_call_id)),
              isError: one.is_error ?? false,
            },
          ]
        : [],
    ),
  }
}

/** "1. Collect the facts. 2. Write it up." as two; each with the lines that go on from it. Anything else is one. */
function tasksIn(text: string): string[] {
  const starts = [...text.matchAll(/^[ \t]*(\d{1,2})[.)][ \t]+/gm)]
  const isList = starts.length > 1 && starts.every(([, n], i) => Number(n) === i + 1)
  if (!isList) return partsIn(text)
  return starts.map((start, i) =>
    text.slice(start.index + start[0].length, starts[i + 1]?.index ?? text.length).trim(),
  )
}

/** "Summarise it: have facts found, a text written and the text checked." as three: the whole of it, with each part named. */
function partsIn(text: string): string[] {
  const [first = ""] = text.slice(0, 2_000).split("\n")
  const list = /:\s([^:.!?]+)[.!?]?$/.exec(first.trim())?.[1]
  const parts = (list ?? "")
    .split(/,\s*(?:and\s+)?|(?<!\s)\s+and\s+/)
    .filter((part) => part.split(/\s+/).filter((word) => /\p{L}/u.test(word)).length > 1)
  return parts.length < 2 ? [text] : parts.map((part) => `${text}\n\n${yourPart}${part.trim()}.`)
}

/** Before the part of a task that somebody is to do. */
export const yourPart = "Your part of it: "

/** What a tool was given. */
function askedFor(messages: readonly ModelMessage[], id: string): JsonObject {
  const calls = messages.flatMap((one) => (one.role === "assistant" ? (one.tool_calls ?? []) : []))
  const given = calls.find((one) => one.id === id)?.arguments
  return isJsonObject(given) ? given : {}
}

/** A tool answers with JSON mostly; its only value, or its text, is what counts. */
function readable(content: string, given: JsonObject): string {
  const value = parsed(content)
  if (value === undefined) return content
  return deed(value, given) ?? shown(isJsonObject(value) ? (onlyValue(value) ?? value) : value)
}

/** What was done, or found, in words: a bare "true", or an empty list, is no answer that a person would give. */
function deed(value: Json, given: JsonObject): string | undefined {
  if (typeof value === "boolean") return value ? "It is done." : "It was not done."
  const [[name, one] = [], ...others] = isJsonObject(value) ? Object.entries(value) : []
  if (name === undefined || others.length > 0) return undefined
  if (name === "memories" && Array.isArray(one)) return recalled(one)
  if (typeof one !== "boolean") return undefined
  const { text } = given
  if (name === "remembered" && one && typeof text === "string")
    return `I have made a note of it: ${text.trim()}`
  return one ? `It is done: ${name.replaceAll("_", " ")}.` : `It was not done: ${name.replaceAll("_", " ")}.`
}

function recalled(memories: readonly Json[]): string {
  const texts = memories.flatMap((one) =>
    isJsonObject(one) && typeof one["text"] === "string" ? [one["text"]] : [],
  )
  return texts.length === 0 ? "I remember nothing of that." : texts.join("\n")
}

const onlyValue = (value: { [key: string]: Json }): Json | undefined => {
  const values = Object.values(value)
  const { text, result } = value
  return values.length === 1 ? values[0] : typeof text === "string" ? text : result
}

const shown = (value: Json): string =>
  typeof value === "string"
    ? value
    : isJsonObject(value)
      ? Object.entries(value)
          .map(([key, one]) => `${key}: ${typeof one === "string" ? one : JSON.stringify(one)}`)
          .join("\n")
      : JSON.stringify(value)

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
