import type { Label } from "./classify.ts"
import { entityKinds, type EntityKind } from "./entities.ts"
import { languageNames } from "./language.ts"
import { defaultLabels, fieldsIn, labelsIn } from "./labels.ts"
import type { ReplyWish } from "./reply.ts"
import type { SummaryWish } from "./summary.ts"

/** What the builtin model can be asked to do. */
export type Task =
  | { is: "summary"; wish: SummaryWish }
  | { is: "keywords"; count: number; lines: boolean }
  | { is: "entities"; kinds: EntityKind[] }
  | { is: "fields"; names: string[]; json: boolean }
  | { is: "classify"; labels: Label[]; many: boolean }
  | { is: "language"; named: boolean }
  | { is: "compare" }
  | { is: "reply"; wish: ReplyWish }
  /** Tools or members have done it; what they answered is told. */
  | { is: "report" }
  /** It is asked what it is. */
  | { is: "self" }

const entityWords =
  "(?:named )?entit(?:y|ies)|e-?mail addresses|e-?mails|dates|amounts|prices|urls|links|phone numbers|names|people|persons|organi[sz]ations|companies|invoice numbers|order numbers|references|ibans"

/** The wording by which each task is recognised. The one that is mentioned first is meant. */
const wordings: [Task["is"], RegExp][] = [
  [
    "self",
    /^\s*(?:(?:hi|hello)[,!.]?\s+)?(?:who|what) are you\b|^\s*(?:which|what) (?:model|llm|ai) (?:are you|is this)\b/i,
  ],
  [
    "reply",
    /\b(?:draft|write|compose|prepare|suggest|generate|formulate|create)\w*\b.{0,40}\b(?:reply|replies|response|answer|e-?mail back)\b|\b(?:reply|respond) to\b|\banswer (?:this|the) (?:customer|mail|e-?mail|message|letter|ticket|complaint)/i,
  ],
  [
    "compare",
    /\bcompar(?:e|es|ing|ison)\b|\bdifferences? between\b|\bcontrast\b|\bwhat (?:has |have )?changed between\b|\bin common\b|\bdiff\b/i,
  ],
  [
    "language",
    /\b(?:which|what) language\b|\b(?:detect|identify|determine|recogni[sz]e|name|tell|find|guess)\w*\b.{0,20}\blanguage\b|\blanguage (?:of|detection)\b/i,
  ],
  [
    "classify",
    /\bclassif(?:y|ies|ying|ication)\b|\bcategori[sz](?:e|es|ing)\b|\btriage\b|\blabel(?:s|led)? (?:this|the|it|each|as|with)\b|\bassign (?:it |this |the \w+ )?(?:to )?(?:a|an|one|the|exactly)\b.{0,30}\b(?:label|category|class|topic|department|team|queue|priority)\b|\bwhich (?:category|label|class|topic|department|team|queue|of (?:the|these))\b|\b(?:what|which) (?:is|are) (?:the |its |their )?(?:sentiment|urgency|priority|topic|mood|tone|category|department)\b|\b(?:choose|pick|select) (?:the |a |one )?(?:best |right |matching |most \w+ )?(?:category|label|class|topic|department|team|queue)\b|\b(?:sentiment|urgency|priority) of\b|\b(?:determine|detect|judge|rate|analy[sz]e|assess|decide)\w*\b.{0,25}\b(?:sentiment|urgency|priority|topic|mood|tone|category)\b|\b(?:answer|reply|respond) (?:only )?(?:with )?["“]?yes["”]? or ["“]?no\b/i,
  ],
  [
    "keywords",
    /\bkey ?words?\b|\bkey ?(?:phrases|terms)\b|\b(?:suggest|generate|extract|give|list|find)\w* .{0,20}\btags\b/i,
  ],
  [
    "entities",
    new RegExp(
      `\\b(?:extract|find|list|pull out|identify|collect|get|return)\\w*\\b.{0,30}\\b(?:${entityWords})\\b|\\bentity extraction\\b`,
      "i",
    ),
  ],
  [
    "fields",
    /\bextract\w*\b|\bpull out\b|\bfill (?:in )?(?:the|these|this)\b.{0,20}\bfields?\b|\b(?:as|in|return|into) (?:a )?(?:valid )?json\b/i,
  ],
  [
    "summary",
    /\bsummar(?:y|i[sz]e|i[sz]es|i[sz]ing|ies)\b|\btl;?dr\b|\bshorten\b|\bcondense\b|\bkey points\b|\bmain points\b|\bgist\b|\babstract of\b|\bboil (?:it|this) down\b|\bin a nutshell\b/i,
  ],
]

/** The task that a wording names, with where it is named; undefined when none is. */
export function taskNamed(instruction: string): Task["is"] | undefined {
  let best: { is: Task["is"]; at: number } | undefined
  for (const [is, wording] of wordings) {
    const at = wording.exec(instruction)?.index
    // "Extract the keywords" asks for keywords; bare extraction is what remains when nothing else is named.
    if (is === "fields" && best !== undefined) continue
    if (at !== undefined && (best === undefined || best.is === "fields" || at < best.at)) best = { is, at }
  }
  if (best?.is === "fields" && fieldsIn(instruction).length === 0) return undefined
  return best?.is
}

/** The task with everything that its wording says about how to do it. */
export function taskOf(is: Task["is"], instruction: string): Task {
  switch (is) {
    case "summary":
      return { is, wish: summaryWish(instruction) }
    case "keywords":
      return { is, count: keywordCount(instruction), lines: wantsLines(instruction) }
    case "entities":
      return entityTask(instruction)
    case "fields":
      return { is, names: fieldsIn(instruction), json: /\bjson\b/i.test(instruction) }
    case "classify": {
      const labels = labelsIn(instruction)
      const many =
        /\ball (?:that|which) appl(?:y|ies)\b|\bmulti-?label\b|\bone or more\b|\ball matching\b/i.test(
          instruction,
        )
      return { is, labels: labels.length > 1 ? labels : defaultLabels(instruction), many }
    }
    case "language":
      return {
        is,
        named:
          /\bnames? of the language\b|\blanguage(?:'s)? name\b|\b(?:full|english) name\b|\bname the language\b/i.test(
            instruction,
          ),
      }
    case "compare":
    case "report":
    case "self":
      return { is }
    case "reply":
      return { is, wish: replyWish(instruction) }
    default:
      return is satisfies never
  }
}

const smallNumbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
const count = String.raw`(\d{1,3}|${smallNumbers.slice(1).join("|")}|a single|a couple of|a few)`

const numberOf = (text: string): number =>
  /^\d/.test(text)
    ? Number(text)
    : text === "a single"
      ? 1
      : text === "a couple of"
        ? 2
        : text === "a few"
          ? 3
          : smallNumbers.indexOf(text)

function counted(instruction: string, what: string): number | undefined {
  const found = new RegExp(
    `\\b${count}\\b(?:[ -](?:short|brief|main|most|key|important|relevant|concise|single|bullet|good|best))*[ -](?:${what})\\b`,
    "i",
  ).exec(instruction)
  const value = found ? numberOf(found[1]!.toLowerCase()) : undefined
  return value !== undefined && value > 0 ? value : undefined
}

const wantsLines = (instruction: string): boolean =>
  /\bbullet|\bone per line\b|\beach on (?:a|its own) (?:new )?line\b|\bas a list\b/i.test(instruction)

function summaryWish(instruction: string): SummaryWish {
  const limit = (unit: string) => {
    const found = new RegExp(`\\b(\\d{1,5})[ -](?:${unit})\\b`, "i").exec(instruction)
    return found ? Number(found[1]) : undefined
  }
  const points = counted(instruction, "bullets?|bullet points?|points?")
  const bullets =
    points !== undefined || wantsLines(instruction) || /\b(?:key|main) points\b/i.test(instruction)
  const wish: SummaryWish = {
    sentences: counted(instruction, "sentences?|lines?") ?? points,
    most_words: limit("words?"),
    most_characters: limit("characters?|chars?|letters?"),
    bullets,
  }
  if (wish.sentences !== undefined || bullets) return wish
  if (/\btl;?dr\b|\bone[- ]liner\b|\bheadline\b/i.test(instruction)) return { ...wish, sentences: 1 }
  if (wish.most_words !== undefined)
    return { ...wish, sentences: Math.max(1, Math.ceil(wish.most_words / 8)) }
  if (/\b(?:short|brief|briefly|concise|concisely)\b/i.test(instruction)) return { ...wish, sentences: 2 }
  if (/\b(?:detailed|long|thorough)\b/i.test(instruction)) return { ...wish, sentences: 10 }
  return wish
}

const keywordCount = (instruction: string): number =>
  Math.min(
    50,
    counted(instruction, "key ?words?|key ?phrases?|key ?terms?|tags?|phrases|terms") ??
      (Number(/\btop (\d{1,2})\b/i.exec(instruction)?.[1] ?? 0) || 8),
  )

const kindWords: [RegExp, EntityKind][] = [
  [/\be-?mails?\b(?! (?:below|above|and (?:list|extract)))/i, "emails"],
  [/\bdates?\b/i, "dates"],
  [/\bamounts?\b|\bprices?\b|\bsums?\b/i, "amounts"],
  [/\burls?\b|\blinks?\b/i, "urls"],
  [/\bphones?\b/i, "phones"],
  [/\bnames\b|\bpeople\b|\bpersons\b/i, "names"],
  [/\borgani[sz]ations?\b|\bcompan(?:y|ies)\b/i, "organisations"],
  [/\binvoice numbers?\b/i, "invoice_numbers"],
  [/\border numbers?\b/i, "order_numbers"],
  [/\breferences?\b/i, "references"],
  [/\bibans?\b/i, "ibans"],
]

function entityTask(instruction: string): Task {
  const names = fieldsIn(instruction)
  const known = (name: string) => kindWords.some(([word]) => word.test(name)) || /entit/i.test(name)
  if (names.length > 1 && !names.every(known))
    return { is: "fields", names, json: /\bjson\b/i.test(instruction) }
  // "all entities in this email" asks for all of them, not for addresses.
  const object =
    /\b(?:extract|find|list|pull out|identify|collect|get|return)\w*\b(.{0,120})/i.exec(instruction)?.[1] ??
    instruction
  const asked = object.replace(/\b(?:from|in|of|within) (?:this|the|that|my|a|an|each|following)\b.*$/i, "")
  if (/\bentit/i.test(asked)) return { is: "entities", kinds: [] }
  const kinds = kindWords.filter(([word]) => word.test(asked)).map(([, kind]) => kind)
  return { is: "entities", kinds: entityKinds.filter((kind) => kinds.includes(kind)) }
}

function replyWish(instruction: string): ReplyWish {
  const spoken = Object.entries(languageNames).find(([, name]) =>
    new RegExp(`\\bin ${name}\\b`, "i").test(instruction),
  )?.[0]
  const signature =
    /\bsign(?:ed)?(?: it| off)? (?:as|with|by)\s+["“]?([^"”.,;\n]{2,60})/i.exec(instruction)?.[1] ??
    /\b[Yy]ou are (\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+)?),? (?:from|at|of) /u.exec(instruction)?.[1]
  return { language: spoken, signature: signature?.trim() }
}
