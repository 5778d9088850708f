import type { Json } from "#core/json"
import { amountIn, valuesOf, type Document } from "./document.ts"
import { compareTexts } from "./compare.ts"
import { mood, urgency } from "./classify.ts"
import { findTimes } from "./dates.ts"
import { findEntities } from "./entities.ts"
import * as invoice from "./invoice.ts"
import { keywords } from "./keywords.ts"
import { languageNames } from "./language.ts"
import { draftReply, questionsIn } from "./reply.ts"
import { keySentences, summarise } from "./summary.ts"
import { sentences, shortened, unique, words } from "./text.ts"

/** What fields are filled from: the text, a second one when two are compared, and what the prompt itself asks for. */
export type Source = {
  document: Document
  second: string | undefined
  /** The answer to the prompt's own task as text, for a field that is named "answer" or "result". */
  answer: () => string
}

type Finder = { name: RegExp; find: (source: Source) => Json[] }

const one = <T extends Json>(value: T | undefined): T[] =>
  value === undefined || value === "" ? [] : [value]

/**
 * What the names of fields mean, first match first. A name is read in words: `invoiceNo` is "invoice no". Each finder
 * gives values in order of preference; lists come as lists.
 */
const finders: Finder[] = [
  {
    name: /\b(?:invoice|bill|receipt) (?:number|no|nr|id|num|ref\w*)\b|^invoice$/,
    find: ({ document }) => [
      ...valuesOf(
        document,
        /^(?:invoice|inv|rechnungs?|facture|factura|fattura|factuur)[ -]*(?:number|no|nr|#|n°|nº|nummer|numéro|número|id)?\.?$/i,
      )
        .map(firstCode)
        .filter(isCode),
      ...document.entities().invoice_numbers,
    ],
  },
  {
    name: /\b(?:order|purchase order|po) (?:number|no|nr|id|num|ref\w*)\b|^order$/,
    find: ({ document }) => [...document.entities().order_numbers],
  },
  { name: /\biban\b|\bbank account\b/, find: ({ document }) => document.entities().ibans },
  { name: /\b(?:vat|tax) (?:id|number|no|nr|reg\w*)\b/, find: ({ document }) => invoice.vatIds(document) },
  {
    name: /\b(?:ticket|case|reference|tracking|customer|contract|booking|account|policy|serial) (?:number|no|nr|id|num|code)\b|^ref(?:erence)?s?$/,
    find: ({ document }) => document.entities().references,
  },
  {
    name: /\be ?mails?\b(?! (?:body|text|subject|type|category))/,
    find: ({ document }) => document.entities().emails,
  },
  {
    name: /\bphones?\b|\btelephone\b|\bmobile\b|\bfax\b/,
    find: ({ document }) => document.entities().phones,
  },
  {
    name: /\burls?\b|\blinks?\b|\bwebsites?\b|\bhomepage\b/,
    find: ({ document }) => document.entities().urls,
  },
  {
    name: /\b(?:due|payable|deadline|pay by)\b/,
    find: ({ document }) => unique([...invoice.dueDates(document)]),
  },
  {
    name: /\b(?:end|expir\w*|until|to|check out|return|departure) date\b|\bvalid until\b/,
    find: ({ document }) => document.dates().slice(-1),
  },
  {
    name: /\b(?:invoice|issue|issued|billing|receipt|order|document) date\b|\bdate of (?:issue|invoice)\b|^date$|\bissued\b/,
    find: ({ document }) => invoice.issueDates(document),
  },
  { name: /\bdates?\b|\bday\b/, find: ({ document }) => document.dates() },
  { name: /\btimes?\b/, find: ({ document }) => findTimes(document.text) },
  { name: /\bcurrency\b/, find: ({ document }) => one(document.currency()) },
  {
    name: /\bsub ?total\b|\bnet (?:amount|total|sum)\b|^net$|\bbefore tax\b/,
    find: ({ document }) => invoice.subtotal(document),
  },
  {
    name: /\b(?:tax|vat|gst) (?:rate|percent\w*)\b/,
    find: ({ document }) => [...invoice.taxRate(document), ...document.percentages()],
  },
  { name: /\btax\b|\bvat\b|\bgst\b/, find: ({ document }) => invoice.tax(document) },
  {
    name: /\bshipping (?:cost|fee|charge|amount)?|\bfreight\b/,
    find: ({ document }) => invoice.shippingCost(document),
  },
  { name: /\bdiscount\b/, find: ({ document }) => invoice.discount(document) },
  {
    name: /\btotals?\b|\bamount due\b|\bgrand\b|\bgross\b|^amount$|\bbalance due\b/,
    find: ({ document }) => invoice.total(document),
  },
  {
    name: /\bamounts\b|\bprices\b|\bsums\b/,
    find: ({ document }) => document.amounts().map((found) => found.value),
  },
  { name: /\bpercent\w*\b|\brate\b/, find: ({ document }) => document.percentages() },
  {
    name: /\bvendors?\b|\bsuppliers?\b|\bsellers?\b|\bmerchant\b|\bissuer\b|\bbiller\b/,
    find: ({ document }) => invoice.vendors(document),
  },
  {
    name: /\bcompan(?:y|ies)\b|\borgani[sz]ations?\b/,
    find: ({ document }) =>
      unique([
        ...valuesOf(document, /^(?:company|firma|organi[sz]ation|société|empresa)$/i),
        ...document.entities().organisations,
      ]),
  },
  {
    name: /\bcustomer\b|\bclient\b|\bbuyer\b|\bbill(?:ed)? to\b|\brecipient\b/,
    find: ({ document }) => [
      ...invoice.customersOf(document),
      ...one(document.mail().sender),
      ...document.entities().names,
    ],
  },
  {
    name: /\bsender\b|\bfrom\b|\bauthor\b|\bsigned by\b|\bcontact(?: name| person)?\b/,
    find: ({ document }) => [...one(document.mail().sender), ...document.entities().names],
  },
  {
    name: /\bnames?\b|\bpeople\b|\bpersons?\b/,
    find: ({ document }) => unique([...one(document.mail().sender), ...document.entities().names]),
  },
  { name: /\btitle\b|\bsubject\b|\bheadline\b/, find: ({ document }) => one(titleOf(document)) },
  { name: /\blanguage name\b/, find: ({ document }) => one(languageNames[document.language().code]) },
  {
    name: /\blanguage\b|\blang\b|\blocale\b/,
    find: ({ document }) => [document.language().code, ...one(languageNames[document.language().code])],
  },
  {
    name: /\bkey ?words?\b|\btags?\b|\bkey ?phrases?\b|\bkey ?terms?\b|\btopics\b|\bthemes\b/,
    find: ({ document }) => keywords(document.text, 10),
  },
  { name: /\bquestions?\b/, find: ({ document }) => questionsIn(document.mail().body) },
  {
    name: /\b(?:action|next|follow ?up) (?:items?|steps?|actions?)\b|\brequests?\b|\bto ?dos?\b|\btasks\b|\bactions\b/,
    find: ({ document }) => requestsIn(document),
  },
  {
    name: /\bkey ?points?\b|\bmain ?points?\b|\bbullets?\b|\bhighlights\b|\btakeaways\b|\bfindings\b/,
    find: ({ document }) => keySentences(document.text, 5),
  },
  { name: /\b(?:reply|response|draft)\b/, find: ({ document }) => one(draftReply(document.text)) },
  { name: /\bshared\b|\bcommon\b|\bboth\b/, find: (source) => compared(source, "shared") },
  {
    name: /\bonly (?:in )?(?:a|first|left|one|old|text a)\b|\bremoved\b/,
    find: (source) => compared(source, "only_in_a"),
  },
  {
    name: /\bonly (?:in )?(?:b|second|right|two|new|text b)\b|\badded\b/,
    find: (source) => compared(source, "only_in_b"),
  },
  { name: /\bchanged\b|\bdifferences?\b|\bchanges\b/, find: (source) => changes(source) },
  {
    name: /\bsimilarity\b/,
    find: ({ document, second }) =>
      second === undefined ? [] : [compareTexts(document.text, second).similarity],
  },
  { name: /\bword count\b|\bwords\b/, find: ({ document }) => [words(document.text).length] },
  { name: /\bsentence count\b/, find: ({ document }) => [document.sentences().length] },
  { name: /\b(?:character|char) count\b|\blength\b/, find: ({ document }) => [document.text.length] },
  {
    name: /\b(?:sentiment|polarity|mood) (?:score|value)\b|\bpolarity\b/,
    find: ({ document }) => [Math.round(mood(document.evidence()).balance * 100) / 100],
  },
  {
    name: /\b(?:urgency|priority) (?:score|level|value)\b|^(?:urgency|priority)$/,
    find: ({ document }) => [Math.min(5, Math.round(urgency(document.evidence())))],
  },
  {
    name: /\breason(?:ing)?\b|\bexplanation\b|\brationale\b|\bevidence\b|\bquote\b|\bjustification\b/,
    find: ({ document }) => one(keySentences(document.text, 1)[0]),
  },
  { name: /\b(?:answer|result|output)\b/, find: ({ answer }) => one(answer()) },
  {
    name: /\bsummary\b|\babstract\b|\bsynopsis\b|\boverview\b|\bgist\b|\bdescription\b|\bissue\b|\bproblem\b|\bmessage\b/,
    find: ({ document }) => one(summarise(document.text)),
  },
  { name: /^(?:text|content|body|original|input)$/, find: ({ document }) => one(document.mail().body) },
]

const firstCode = (value: string): string =>
  /#?[\p{L}\d][\p{L}\d/_.-]*/u.exec(value)?.[0]?.replace(/^#|[.]$/g, "") ?? ""
const isCode = (value: string): boolean => /\d/.test(value)

/** The words of a field's name: "customerEmail", "customer_email" and "Customer e-mail" are the same. */
export const fieldWords = (name: string): string =>
  name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .replace(/e-mail/g, "email")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim()

/** What the text holds for a field of this name; undefined when the name means nothing known. */
export function findForName(name: string, source: Source): Json[] | undefined {
  const wanted = fieldWords(name)
  return finders.find((one) => one.name.test(wanted))?.find(source)
}

function titleOf(document: Document): string | undefined {
  const subject = document.mail().headers.subject
  if (subject) return subject
  const [first, second] = document.lines.map((line) => line.trim()).filter(Boolean)
  if (first && second && first.length < 100 && !/[.:,;]$/.test(first)) return first.replace(/^#+\s*/, "")
  const [best] = keySentences(document.text, 1)
  return best && shortened(best, 80)
}

const asks =
  /\b(?:please|could you|can you|would you|need(?:s)? to|must|have to|has to|should|let me know|make sure|bitte|könnten sie|müssen|veuillez|pourriez|merci de|il faut|por favor|podría|debe|tienen que)\b/i

/** The sentences that ask somebody to do something. */
const requestsIn = (document: Document): string[] =>
  unique(sentences(document.mail().body).filter((one) => asks.test(one))).slice(0, 20)

const compared = ({ document, second }: Source, part: "shared" | "only_in_a" | "only_in_b"): string[] =>
  second === undefined ? [] : compareTexts(document.text, second)[part]

function changes(source: Source): Json[] {
  if (source.second === undefined) return []
  return compareTexts(source.document.text, source.second).changed.map(({ a, b }) => `${a} → ${b}`)
}

/** The value that stands behind a label that says the same as the field's name, best match first. */
export function labelledValues(name: string, document: Document): string[] {
  const wanted = new Set(fieldWords(name).split(" "))
  const rated = document.pairs().flatMap(({ label, value }) => {
    const said = new Set(fieldWords(label).split(" "))
    const common = [...wanted].filter((word) => said.has(word)).length
    const likeness = common / (wanted.size + said.size - common)
    return likeness >= 0.5 ? [{ value, likeness }] : []
  })
  return rated.sort((a, b) => b.likeness - a.likeness).map((one) => one.value)
}

/** Numbers that stand near the words of a field's name, in the same sentence or line. */
export function numbersNear(name: string, document: Document): number[] {
  const wanted = fieldWords(name)
    .split(" ")
    .filter((word) => word.length > 2 && !/^(?:number|count|amount|value|total|of)$/.test(word))
    .map((word) => word.replace(/s$/, ""))
  if (wanted.length === 0) return []
  const places = [...document.lines, ...document.sentences()].filter((place) =>
    wanted.every((word) => place.toLowerCase().includes(word)),
  )
  return places.map(amountIn).filter((value) => value !== undefined)
}

/** What a value of a given format can be taken from. */
export function findForFormat(format: string, document: Document): Json[] {
  const found = findEntities(document.text)
  switch (format) {
    case "email":
      return found.emails
    case "uri":
    case "url":
      return found.urls
    case "date":
      return found.dates
    case "date-time":
      return found.dates.map((date) => `${date}T00:00:00Z`)
    case "time":
      return findTimes(document.text).map((time) => `${time}Z`)
    case "uuid":
      return document.text.match(/\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/gi) ?? []
    case "ipv4":
      return document.text.match(/(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d)/g) ?? []
    default:
      return []
  }
}
