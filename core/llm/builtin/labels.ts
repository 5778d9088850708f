import type { Label } from "./classify.ts"
import { isBullet, unbulleted } from "./text.ts"

/** Reads lists out of instructions: "into billing, bug (errors) or other", bulleted labels, fields to extract. */

const mostItems = 50
const longestItem = 60
/** With its description. */
const longestLabelled = 400

/** Splits at commas, semicolons, bars and "or"/"and", but not inside brackets or quotes. */
function itemsOf(list: string): string[] {
  const items: string[] = []
  let open = 0
  let quoted = false
  let item = ""
  for (const piece of list.split(/([()[\]"“”`,;|/]|\s(?:or|and|und|oder)\s)/i)) {
    if (piece === "(" || piece === "[") open += 1
    if (piece === ")" || piece === "]") open = Math.max(0, open - 1)
    if (piece === '"' || piece === "“" || piece === "”" || piece === "`") quoted = !quoted
    const parts = open === 0 && !quoted && /^(?:[,;|/]|\s(?:or|and|und|oder)\s)$/i.test(piece)
    if (parts) {
      items.push(item)
      item = ""
    } else {
      item += piece
    }
  }
  items.push(item)
  return items
    .map((one) => one.replace(/^\s*(?:or|and|und|oder|either)\s+/i, "").trim())
    .filter(Boolean)
    .slice(0, mostItems)
}

const bare = (text: string): string =>
  text.replace(/^[\s"'“”`*([]+|(?<![\s"'“”`*)\].:])[\s"'“”`*)\].:]+$/g, "").trim()

/** "bug (errors and crashes)" or "bug: errors" or "bug - errors" as a label with its description. */
function labelOf(item: string): Label | undefined {
  if (item.length > longestLabelled) return undefined
  const match = /^["“`']?\*{0,2}([^:(=–—]+?)\*{0,2}["”`']?\s*(?:(?:[:=–—]|\s-\s)\s*(.+)|\((.+)\))$/.exec(
    item.trim(),
  )
  const id = bare(match?.[1] ?? item)
  const description = bare(match?.[2] ?? match?.[3] ?? "")
  if (id === "" || id.length > longestItem || id.split(/\s+/).length > 6) return undefined
  return description ? { id, description } : { id }
}

const labelled = (items: string[]): Label[] => {
  const labels = items.map(labelOf).filter((one) => one !== undefined)
  const ids = new Set<string>()
  return labels.filter(({ id }) => !ids.has(id) && ids.add(id))
}

const listIntro =
  /\b(?:labels?|categor(?:y|ies)|class(?:es)?|options?|topics?|types?|queues?|teams?|departments?|choices?|values?|following|one of|either|into|as|priorit(?:y|ies)|urgency|sentiment|from|are)\b[^:.\n]{0,40}:[ \t]*([^\n]+)/i
const inlineIntro =
  /\b(?:into|as|between|among|either|one of|which of)\s+(?:exactly )?(?:one of )?(?:the |these |either )?(?:following )?(?:(?:labels?|categories|classes|options|topics|departments|teams|queues|values) )?([^\n]+)/gi

/** The first sentence of a list; what follows it is instruction again. */
const firstSentence = (text: string): string =>
  text.split(
    /[.!?](?=\s|$)|\s(?:based on|depending on|according to|and (?:answer|reply|return|respond|give|output|nothing)|only\b)/i,
  )[0] ?? text

/** The labels that an instruction names, in its order; empty when it names fewer than two. */
export function labelsIn(instruction: string): Label[] {
  const bullets = labelled(instruction.split("\n").filter(isBullet).map(unbulleted))
  if (bullets.length > 1) return bullets
  const listed = listIntro.exec(instruction)
  if (listed) {
    const labels = labelled(itemsOf(firstSentence(listed[1]!)))
    if (labels.length > 1) return labels
  }
  for (const match of instruction.matchAll(inlineIntro)) {
    const items = itemsOf(firstSentence(match[1]!))
    const labels = labelled(items)
    if (labels.length > 1 && labels.length === items.length) return labels
  }
  const quoted = labelled(
    Array.from(instruction.matchAll(/["“`']([\p{L}\d][^"”`'\n]{0,40})["”`']/gu), ([, id]) => id!),
  )
  if (quoted.length > 1) return quoted
  return yesOrNo(instruction)
}

function yesOrNo(instruction: string): Label[] {
  if (!/\byes["”]? or ["“]?no\b/i.test(instruction)) return []
  const question =
    /(?<![^.!?:\n])[^.!?:\n]*\?/.exec(instruction)?.[0] ??
    instruction.replace(/(?<![^.\n])[^.\n]*\byes["”]? or ["“]?no\b[^.:\n]*[.:]?/i, "")
  return [{ id: "yes", description: question.trim() }, { id: "no" }]
}

/** What is meant when an instruction names a scale but not its steps. */
export function defaultLabels(instruction: string): Label[] {
  if (/\bsentiment|\bmood|\btone\b/i.test(instruction))
    return [{ id: "positive" }, { id: "negative" }, { id: "neutral" }]
  if (/\burgen|\bpriorit/i.test(instruction)) return [{ id: "low" }, { id: "normal" }, { id: "high" }]
  return [
    "billing",
    "refund",
    "technical",
    "account",
    "shipping",
    "cancellation",
    "sales",
    "feature",
    "complaint",
    "other",
  ].map((id) => ({ id }))
}

const fieldIntros = [
  /\b(?:fields?|keys?|properties|values?|details|information)\b[^:.\n]{0,30}:[ \t]*([^\n]+)/i,
  /\b(?:with|containing|having) (?:the )?(?:fields?|keys?|properties)\s+([^\n]+)/i,
  /\b(?:extract|pull out|find|list|get|return|collect|identify)\s+(?:me )?(?:all )?(?:of )?(?:the |these |following )?([^\n:]+)/i,
]

/** The names of the things that an instruction wants taken out of a text. */
export function fieldsIn(instruction: string): string[] {
  for (const intro of fieldIntros) {
    const found = intro.exec(instruction)
    if (!found) continue
    const list = firstSentence(found[1]!).replace(
      /\s(?:from|in|of|out of|as|within|into|to|and (?:return|answer|give|write))\s.*$/i,
      "",
    )
    const names = itemsOf(list)
      .map((item) => bare(item.replace(/\([^()]*\)/g, "")).replace(/^(?:the|a|an|its|all|any|each)\s+/i, ""))
      .filter((name) => /^[\p{L}][\p{L}\d _-]{1,40}$/u.test(name) && name.split(/\s+/).length <= 4)
    if (
      names.length > 0 &&
      !/^(?:data|json|information|it|this|everything|structured data)$/i.test(names.join(" "))
    )
      return names
  }
  return []
}
