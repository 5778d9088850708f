import type { ModelMessage } from "#core/llm/call"
import { labelsIn } from "./labels.ts"
import { isBullet, sentences, tidy } from "./text.ts"
import { taskNamed, taskOf, type Task } from "./task.ts"

/** What was asked, and the text that it was asked about. */
export type Understood = {
  task: Task
  /** False when no instruction was recognised and the task is the default, a summary. */
  said: boolean
  instruction: string
  content: string
  /** The second text, when two are to be compared. */
  second: string | undefined
}

/**
 * Tells instruction from content. A task named by the system prompt stands above all; otherwise the first lines of the
 * last message are read, then its last line. What a text merely says further in never becomes an instruction.
 */
export function understand(messages: readonly ModelMessage[]): Understood {
  const system = messages
    .filter((one) => one.role === "system")
    .map((one) => tidy(one.content))
    .join("\n\n")
  const asked = messages.filter((one) => one.role === "user").map((one) => tidy(one.content).trim())
  const last = asked.at(-1) ?? ""
  const ruled = taskNamed(system.slice(0, mostRead))
  const split = splitPrompt(last, ruled)
  const instruction = [system.slice(0, mostRead), split.instruction.slice(0, mostRead)]
    .filter(Boolean)
    .join("\n")
  const is = ruled ?? taskNamed(split.instruction.slice(0, mostRead))
  const texts = split.texts.some(Boolean) ? split.texts : asked.slice(0, -1)
  const task = taskOf(is ?? "summary", instruction)
  const pair = task.is === "compare" ? twoTexts(texts, asked) : undefined
  const content = pair?.[0] ?? texts.join("\n\n")
  return { task, said: is !== undefined, instruction, content, second: pair?.[1] }
}

/** So much of an instruction, and of a line that may begin with one, is read for its wording. */
const mostRead = 4_000

type Split = { instruction: string; texts: string[] }

const contentName =
  "(?:the )?(?:customer(?:'s)? |support |following |original |input |incoming )?(?:text|message|e-?mail|mail|article|document|content|input|ticket|review|invoice|comment|feedback|letter|transcript|note|complaint|post|data)"
const markerLine = new RegExp(`^[ \\t]*\\**${contentName}\\**[ \\t]*:\\**[ \\t]*(.*)$`, "imu")
const markerInline = new RegExp(`[.:!?][ \\t]+${contentName}[ \\t]*:[ \\t]*(?=\\S)`, "i")
const fence = /"""|```[a-z]*\n|<([a-z_]{1,20})>/gi
/** Of texts that are full of what might be fences, the first are looked at. */
const mostFences = 200

/** What stands between `"""`, in a block of code or in a tag, and the text around them. */
function fencesIn(prompt: string): { texts: string[]; outside: string } {
  const lower = prompt.toLowerCase()
  const texts: string[] = []
  let outside = ""
  let at = 0
  for (const found of [...prompt.matchAll(fence)].slice(0, mostFences)) {
    if (found.index < at) continue
    const closing = found[1] === undefined ? found[0].slice(0, 3) : `</${found[1].toLowerCase()}>`
    const from = found.index + found[0].length
    const to = lower.indexOf(closing, from + 1)
    if (to < 0) continue
    texts.push(prompt.slice(from, to).trim())
    outside += `${prompt.slice(at, found.index)}\n`
    at = to + closing.length
  }
  return { texts, outside: (outside + prompt.slice(at)).trim() }
}

function splitPrompt(prompt: string, ruled: Task["is"] | undefined): Split {
  return (
    fenced(prompt, ruled) ??
    marked(prompt, ruled) ??
    headed(prompt, ruled) ??
    tailed(prompt, ruled) ?? { instruction: "", texts: [prompt] }
  )
}

/** Whether a stretch of the prompt instructs: under a system prompt with a task, only by repeating that task. */
const instructs = (text: string, ruled: Task["is"] | undefined): boolean => {
  const is = taskNamed(text.slice(0, mostRead))
  return is !== undefined && (ruled === undefined || is === ruled)
}

function fenced(prompt: string, ruled: Task["is"] | undefined): Split | undefined {
  const { texts, outside } = fencesIn(prompt)
  if (texts.length === 0) return undefined
  if (outside === "" || instructs(outside, ruled)) return { instruction: outside, texts }
  return undefined
}

/** "…instruction… Text: …content…", the marker on a line of its own or within the first line. */
function marked(prompt: string, ruled: Task["is"] | undefined): Split | undefined {
  const line = markerLine.exec(prompt)
  if (line) {
    const before = prompt.slice(0, line.index)
    const start = line.index + line[0].length - line[1]!.length
    if (before.length < 3_000 && (before.trim() === "" || instructs(firstLines(before), ruled))) {
      // "Invoice: 4711" as the first line of an invoice is content; a marker with an instruction before it is not.
      if (before.trim() !== "" || line[1] === "")
        return { instruction: before.trim(), texts: [prompt.slice(start).trim()] }
    }
  }
  const first = prompt.slice(0, prompt.indexOf("\n") < 0 ? prompt.length : prompt.indexOf("\n"))
  const inline = markerInline.exec(first)
  if (!inline || !instructs(first.slice(0, inline.index), ruled)) return undefined
  return {
    instruction: first.slice(0, inline.index + 1),
    texts: [prompt.slice(inline.index + inline[0].length).trim()],
  }
}

const firstLines = (text: string): string => text.split("\n").slice(0, 4).join("\n")

const goesOn =
  /^\s*(?:labels?|categories|classes|options|choices|fields?|keys?|topics|departments|rules|answer|reply|respond|return|output|use|only|do not|don't|give|write|format|keep|choose|pick|be|limit|include|exclude|if|sign|your|and)\b/i

/** The instruction is the first lines: the one that names the task, and those that go on from it. */
function headed(prompt: string, ruled: Task["is"] | undefined): Split | undefined {
  const lines = prompt.split("\n")
  const first = lines[0]!
  if (first.length > 1_500 && !/[.:?!]/.test(first.slice(0, 400))) return undefined
  const cut = cutLine(first, ruled)
  if (!cut) return undefined
  let taken = 1
  let inList =
    /:\s*$/.test(first) && labelsIn(`${first}\n${lines.slice(1).filter(isBullet).join("\n")}`).length > 1
  while (cut.rest === "" && taken < lines.length) {
    const line = lines[taken]!
    if (inList && (isBullet(line) || (line.trim() === "" && isBullet(lines[taken + 1] ?? "")))) taken += 1
    else if (
      line.trim() !== "" &&
      line.length < 200 &&
      goesOn.test(line) &&
      !/^\w+ (?:you|us|me)\b/i.test(line)
    ) {
      inList = /:\s*$/.test(line)
      taken += 1
    } else break
  }
  const rest = [cut.rest, ...lines.slice(taken)].join("\n").trim()
  const instruction = [cut.instruction, ...lines.slice(1, taken)].join("\n")
  if (rest === "" && lines.length > 1) return undefined
  return { instruction, texts: [rest.replace(/^(?:-{3,}|={3,})\s*\n/, "")] }
}

const persona = /^(?:you are|you're|act as|imagine you are)\b(?!.{0,80}\b(?:and|who|that)\b)/i

/** Cuts one line into its instruction and the content that may follow on it. */
function cutLine(
  line: string,
  ruled: Task["is"] | undefined,
): { instruction: string; rest: string } | undefined {
  const list = sentences(line)
  const opening = list.find((one) => !persona.test(one)) ?? ""
  if (!instructs(opening, ruled) || !isAddressed(opening)) return undefined
  const colon = colonAfterTask(line)
  if (colon !== undefined)
    return { instruction: line.slice(0, colon + 1), rest: line.slice(colon + 1).trim() }
  let at = 0
  for (const [i, sentence] of list.entries()) {
    if (i > 0 && !goesOn.test(sentence) && !instructs(sentence, ruled)) {
      return { instruction: line.slice(0, at).trim(), rest: line.slice(at).trim() }
    }
    at = line.indexOf(sentence, at) + sentence.length
  }
  return { instruction: line, rest: "" }
}

const askingVerb =
  /(?:summar|tl|shorten|condense|boil|give|write|draft|compose|prepare|suggest|generate|formulate|create|reply|respond|answer|compare|contrast|what|which|detect|identify|determine|recogni|name|tell|find|guess|classif|categori|triage|label|assign|judge|rate|analy|assess|decide|extract|list|pull|collect|get|return|fill|key ?words|key ?points|main ?points|tags|sentiment|language|entit|show|make|produce|provide|choose|pick|route|sort|tag|convert|turn|output|read|is |does |an? (?:short |brief |\w+[- ]sentence )?(?:summary|reply))/iy
/** What may stand before the verb, and where it ends; after the open ones anything may follow up to a bound. */
const courtesies = [
  /(?:please|kindly|now|then|your task(?: is)?(?: to)?:?|task:|instructions?:|(?:can|could|would) you(?: please)?|i (?:want|need|would like) you to|i'd like you to)\s+/iy,
  /(?:your task(?: is)?|(?:can|could|would) you)\s+/iy,
]
const openings: [RegExp, RegExp, number][] = [
  [/you (?:are|must|should|will)\b/iy, /\s+/g, 80],
  [/(?:read|take|look at|here is|given)\b/iy, /(?:and|,|:)\s+/gi, 80],
  [/(?:in|with|using) /iy, /,\s+/g, 40],
]
const longestCourtesy = 300

/** Where a courtesy that begins at a place may end. */
function endsOf(text: string, at: number): number[] {
  const ends: number[] = []
  for (const one of courtesies) {
    one.lastIndex = at
    if (one.test(text)) ends.push(one.lastIndex)
  }
  for (const [opening, end, most] of openings) {
    opening.lastIndex = at
    if (!opening.test(text)) continue
    const from = opening.lastIndex
    for (const found of text.slice(from, from + most + 10).matchAll(end))
      if (found.index <= most) ends.push(from + found.index + found[0].length)
  }
  return ends
}

/** An instruction begins with its verb, a courtesy or a question word; a sentence of prose that has the verb inside does not. */
function isAddressed(sentence: string): boolean {
  const text = sentence.trim().slice(0, longestCourtesy)
  // Each place is looked at once, however many ways lead there.
  const places = new Set([0])
  for (const at of places) {
    askingVerb.lastIndex = at
    if (askingVerb.test(text)) return true
    for (const end of endsOf(text, at)) places.add(end)
  }
  return false
}

/** The colon that ends an instruction; not the one that opens a list of labels or fields. */
function colonAfterTask(line: string): number | undefined {
  for (const { index } of line.slice(0, mostRead).matchAll(/:(?=\s|$)/g)) {
    const before = line.slice(0, index)
    const after = line.slice(index + 1)
    if (!taskNamed(before)) continue
    const opensList =
      /\b(?:labels?|categories|category|classes|options|topics?|one of|into|as|following(?: labels| categories| fields)?|fields?|keys?|properties|values|departments?|teams?|queues?)\s*$/i.test(
        before,
      )
    if (opensList && /[,;|]|\bor\b/.test(after.split(/[.!?](?:\s|$)/)[0] ?? "")) continue
    return index
  }
  return undefined
}

/** The instruction is the last line or the last sentence. */
function tailed(prompt: string, ruled: Task["is"] | undefined): Split | undefined {
  const lines = prompt.split("\n")
  const last = lines.at(-1)!.trim()
  if (lines.length > 1 && last.length < 400) {
    const label = last.replace(/^(?:task|instructions?|question)\s*:\s*/i, "")
    if (instructs(label, ruled) && isAddressed(label))
      return { instruction: label, texts: [lines.slice(0, -1).join("\n").trim()] }
  }
  const list = sentences(last)
  const end = list.at(-1) ?? ""
  if (list.length > 1 && instructs(end, ruled) && isAddressed(end)) {
    const start = prompt.lastIndexOf(end)
    return { instruction: end, texts: [prompt.slice(0, start).trim()] }
  }
  return undefined
}

const pairMarks: [RegExp, RegExp][] = [
  [
    /^[ \t]*(?:(?:text|version|document|draft|contract|offer|option|article|message|mail|quote)[ \t]*)?(?:a|1|one)[ \t]*[:.)][ \t]*/im,
    /^[ \t]*(?:(?:text|version|document|draft|contract|offer|option|article|message|mail|quote)[ \t]*)?(?:b|2|two)[ \t]*[:.)][ \t]*/im,
  ],
  [
    /^[ \t]*(?:the )?(?:first|old|before|left|original|previous|earlier)(?: (?:text|version|document|draft|one))?[ \t]*:[ \t]*/im,
    /^[ \t]*(?:the )?(?:second|new|after|right|revised|current|later)(?: (?:text|version|document|draft|one))?[ \t]*:[ \t]*/im,
  ],
]

/** The two texts of a comparison: two fences, two marked parts, two parts around a rule, or two messages. */
function twoTexts(texts: string[], asked: string[]): [string, string] | undefined {
  if (texts.length === 2) return [texts[0]!, texts[1]!]
  const text = texts.join("\n\n")
  for (const [one, two] of pairMarks) {
    const first = one.exec(text)
    if (!first) continue
    const from = first.index + first[0].length
    const second = two.exec(text.slice(from))
    if (second)
      return [
        text.slice(from, from + second.index).trim(),
        text.slice(from + second.index + second[0].length).trim(),
      ]
  }
  const ruled = text.split(/\n[ \t]*(?:-{3,}|={3,}|\*{3,}|_{3,}|vs\.?|versus)[ \t]*\n/i)
  if (ruled.length === 2) return [ruled[0]!.trim(), ruled[1]!.trim()]
  const earlier = asked.filter((one) => one !== text && !taskNamed(one))
  return earlier.length > 0 && text ? [earlier.at(-1)!, text] : undefined
}
