import { listLanguage } from "./language.ts"
import { negators } from "./lexicon.ts"
import { readMail } from "./mail.ts"
import { stem, stems } from "./stem.ts"
import type { Language } from "./stop-words.ts"
import { sentences, tally, words } from "./text.ts"

/** A text made ready to be asked how often it says something. */
export type Evidence = {
  language: Language
  /** Stems of the body, then the subject twice, because a subject is chosen with care. */
  line: string
  counts: ReadonlyMap<string, number>
  /** Stems after a negator in the same sentence, within three words. */
  denied: ReadonlyMap<string, number>
  text: string
}

const mostCharacters = 60_000
const negatorSet = new Set(negators.split(" "))
const reach = 3
const clauseEnd = /[,;:–—]|\s(?:but|aber|mais|pero|ma|mas|maar|jedoch|however)\s/i

export function gather(text: string): Evidence {
  const mail = readMail(text.slice(0, mostCharacters))
  const subject = mail.headers.subject ?? ""
  const whole = `${mail.body}\n\n${subject}\n\n${subject}`
  const language = listLanguage(whole)
  const all = stems(words(whole), language)
  return {
    language,
    line: ` ${all.join(" ")} `,
    counts: tally(all),
    denied: deniedStems(whole, language),
    text: whole,
  }
}

function deniedStems(text: string, language: Language): Map<string, number> {
  const found: string[] = []
  // A denial ends with its clause: "not bad, but slow" is slow.
  for (const clause of sentences(text).flatMap((one) => one.split(clauseEnd))) {
    const list = words(clause)
    list.forEach((word, i) => {
      if (negatorSet.has(word)) found.push(...stems(list.slice(i + 1, i + 1 + reach), language))
    })
  }
  return tally(found)
}

/** The stems of a phrase, in the language of the evidence, joined by spaces. */
export const phraseStems = (phrase: string, language: Language): string =>
  stems(words(phrase), language).join(" ")

/** How often a stemmed phrase occurs. In languages that join nouns, a word that begins with it counts too. */
export function occurrences(evidence: Evidence, phrase: string): number {
  if (phrase === "") return 0
  if (phrase.includes(" ")) return evidence.line.split(` ${phrase} `).length - 1
  const exact = evidence.counts.get(phrase) ?? 0
  if (exact > 0 || phrase.length < 5 || !["de", "nl", "sv", "da"].includes(evidence.language)) return exact
  let joined = 0
  for (const [one, n] of evidence.counts) if (one.startsWith(phrase)) joined += n
  return joined * 0.7
}

const listCache = new Map<string, string[]>()

/** A lexicon list ("a, b c, d") as stemmed phrases; the lists are constants, so this is done once for each language. */
export function stemmedList(list: string, language: Language): string[] {
  const key = `${language}:${list}`
  const known = listCache.get(key)
  if (known) return known
  const made = [...new Set(list.split(",").map((one) => phraseStems(one, language)))].filter(Boolean)
  listCache.set(key, made)
  return made
}

/** The first mention counts in full, each further one less. */
export const saturated = (count: number): number => (count <= 0 ? 0 : 2 * (1 - 0.5 ** count))

/** How strongly a text says the words of a list, denied ones taken out (and answered separately). */
export function strength(evidence: Evidence, list: string): { said: number; denied: number } {
  let said = 0
  let denied = 0
  for (const phrase of stemmedList(list, evidence.language)) {
    const count = occurrences(evidence, phrase)
    if (count === 0) continue
    const no = Math.min(count, evidence.denied.get(phrase) ?? 0)
    said += saturated(count - no)
    denied += saturated(no)
  }
  return { said, denied }
}

export const stemWord = (word: string, language: Language): string => stem(word.toLowerCase(), language)
