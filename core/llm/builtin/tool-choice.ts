import { isJsonObject } from "#core/json"
import type { ModelCall, ToolCall, ToolSpec } from "#core/llm/call"
import { findUrls } from "./entities.ts"
import { conversationOf, yourPart, type Conversation } from "./conversation.ts"
import { stems } from "./stem.ts"
import { isStopWord } from "./stop-words.ts"
import { arithmeticIn, toolArguments } from "./tool-arguments.ts"
import { words } from "./text.ts"

/**
 * The tools that the builtin model wants called next; none when it has what it needs. It takes a tool when the task asks in
 * the tool's own words for what it does, once in a task, and a manager hands over one task after the other.
 */
export function toolsWanted(call: ModelCall): ToolCall[] {
  const { tools = [], tool_choice } = call
  if (tools.length === 0 || tool_choice === "none") return []
  const talk = conversationOf(call.messages)
  const members = tools.filter((tool) => delegates.test(tool.name))
  const wanted =
    members.length > 0 && (members.length === tools.length || manages.test(talk.system))
      ? delegation(talk, members)
      : chosenTools(talk, tools)
  if (wanted.length > 0 || tool_choice !== "required") return numbered(talk, wanted)
  return numbered(talk, anyTool(talk, tools))
}

type Wanted = Omit<ToolCall, "id">

const delegates = /^delegate_to_/
const manages = /\bmanag|\bdelegat|\bcoordinat|\borchestrat|\bleads?\b/i
const mostAtOnce = 5

/** The same ids for the same conversation. */
const numbered = ({ called }: Conversation, wanted: Wanted[]): ToolCall[] =>
  wanted.map((one, i) => ({ id: `call_${called.length + i + 1}`, ...one }))

/**
 * The next task goes to the member whom it names, else to the one whose description fits best, with what came of the tasks before.
 * Whoever has had a part of the same task is passed by while others have had none.
 */
function delegation(talk: Conversation, members: ToolSpec[]): Wanted[] {
  const task = talk.tasks[talk.called.length]
  if (task === undefined) return []
  const named = /\bcolleague ([a-z][a-z0-9_]*) is to do this\b/.exec(task)?.[1]
  const part = task.split(yourPart)[1]
  const fresh = part === undefined ? members : members.filter((one) => !talk.called.includes(one.name))
  const open = fresh.length > 0 ? fresh : members
  const best =
    members.find((one) => one.name === `delegate_to_${named}`) ?? ranked(part ?? task, open)[0]?.tool
  return best ? wantedOf(best, { ...talk, task }) : []
}

function chosenTools(talk: Conversation, tools: ToolSpec[]): Wanted[] {
  const untried = tools.filter((tool) => !talk.called.includes(tool.name))
  return ranked(talk.task, untried)
    .filter(({ score }) => score >= enough)
    .flatMap(({ tool }) => wantedOf(tool, talk))
    .slice(0, mostAtOnce)
}

/** Somebody insists on a tool: the best fitting one that can be called at all. */
const anyTool = (talk: Conversation, tools: ToolSpec[]): Wanted[] =>
  ranked(talk.task, tools)
    .flatMap(({ tool }) => wantedOf(tool, talk))
    .slice(0, 1)

function wantedOf(tool: ToolSpec, talk: Conversation): Wanted[] {
  const args = toolArguments(tool, talk)
  return args === undefined ? [] : [{ name: tool.name, arguments: args }]
}

const enough = 3

function ranked(task: string, tools: ToolSpec[]): { tool: ToolSpec; score: number }[] {
  // What every tool says of itself tells none from the others.
  const told = tools.map(({ description }) => new Set(meaningful(description)))
  const isCommon = (word: string) => tools.length > 1 && told.every((one) => one.has(word))
  const asked = new Set(meaningful(task).filter((word) => !isCommon(word)))
  return tools.map((tool) => ({ tool, score: scoreOf(tool, task, asked) })).sort((a, b) => b.score - a.score)
}

const nameWeight = 3
const shapeWeight = 4
const mostOfDescription = 4

/** How much of what the task says is what a tool says of itself. */
function scoreOf({ name, description, input_schema }: ToolSpec, task: string, asked: Set<string>): number {
  const own = new Set(meaningful(name.replace(delegates, "").replace(/[_-]+/g, " ")))
  const told = new Set(meaningful(description))
  const count = (list: Set<string>) => [...list].filter((word) => asked.has(word)).length
  const shape = shapes.filter(
    ({ takes, asks }) => takes({ description, names: namesOf(input_schema) }) && asks(task),
  )
  return (
    count(own) * nameWeight + Math.min(count(told), mostOfDescription) + (shape.length > 0 ? shapeWeight : 0)
  )
}

const meaningful = (text: string): string[] =>
  stems(
    words(text.slice(0, 20_000))
      .map((word) => irregular[word] ?? word)
      .filter((word) => word.length > 2 && !isStopWord(word, "en")),
  )

/** Forms that no ending tells. */
const irregular: Record<string, string> = {
  found: "find",
  written: "write",
  wrote: "write",
  writer: "write",
  researcher: "research",
  said: "say",
  kept: "keep",
  made: "make",
  sent: "send",
  bought: "buy",
  known: "know",
}

const namesOf = (schema: ToolSpec["input_schema"]): string[] => {
  const { properties } = schema
  return properties !== undefined && isJsonObject(properties) ? Object.keys(properties) : []
}

type Shape = {
  takes: (tool: { description: string; names: string[] }) => boolean
  asks: (task: string) => boolean
}

/** What a task can hold that only one sort of tool is there for. */
const shapes: Shape[] = [
  {
    takes: ({ names }) => names.some((name) => /^(?:url|link|uri)$/i.test(name)),
    asks: (task) => findUrls(task).length > 0,
  },
  {
    takes: ({ names }) => names.some((name) => /^(?:expression|formula|calculation)$/i.test(name)),
    asks: (task) => arithmeticIn(task) !== undefined,
  },
  {
    takes: ({ description, names }) =>
      /\b(?:date|time)\b[^.]{0,40}\bnow\b|\bcurrent (?:date|time)\b/i.test(description) &&
      names.every((name) => /zone|locale|format/i.test(name)),
    asks: (task) =>
      /\btoday(?:'s)?\b|\bwhat (?:time|date|day)\b|\btime is it\b|\b(?:current|present) (?:date|time)\b|\bdate and time\b|\bright now\b/i.test(
        task,
      ),
  },
]
