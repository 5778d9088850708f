import { listLanguage } from "./language.ts"
import { readMail } from "./mail.ts"
import { stems } from "./stem.ts"
import { isStopWord, type Language } from "./stop-words.ts"
import { capitalised, sentences, shortened, tally, unique, words } from "./text.ts"

export type SummaryWish = {
  /** How many sentences; a quarter of the text, five at most, when not said. */
  sentences?: number | undefined
  most_words?: number | undefined
  most_characters?: number | undefined
  bullets?: boolean | undefined
}

type Scored = { text: string; at: number; terms: ReadonlySet<string>; score: number }

const mostSentences = 5_000
const cue =
  /\b(?:conclu|in summary|overall|therefore|as a result|importantly|key (?:finding|point)|we (?:found|propose|decided|agreed|need|request)|must|deadline|please|because|however|significant|insgesamt|deshalb|wichtig|bitte|en résumé|donc|important|en conclusión|por lo tanto)/i
const small =
  /^(?:thanks?|thank you|vielen dank|merci|gracias|grazie|i hope|hope (?:you|this)|let me know|looking forward|ich hoffe)\b/i

/**
 * An extractive summary: the sentences that hold most of what the text speaks about, said only once, in the text's own
 * order and words.
 */
export function summarise(text: string, wish: SummaryWish = {}): string {
  const mail = readMail(text)
  const all = unique(sentences(mail.body)).slice(0, mostSentences)
  if (all.length === 0) return text.trim()
  const chosen = choose(score(all, mail.headers.subject ?? ""), wishedCount(wish, all.length), wish)
  const picked = chosen.sort((a, b) => a.at - b.at).map((one) => one.text)
  const joined = wish.bullets ? picked.map((one) => `- ${one}`).join("\n") : picked.map(closed).join(" ")
  return limited(joined, wish)
}

/** The `count` most telling sentences in order, for those who build on them. */
export function keySentences(text: string, count: number): string[] {
  const all = unique(sentences(readMail(text).body)).slice(0, mostSentences)
  return choose(score(all, ""), Math.min(count, all.length), {})
    .sort((a, b) => a.at - b.at)
    .map((one) => one.text)
}

const wishedCount = (wish: SummaryWish, all: number): number =>
  Math.min(
    all,
    wish.sentences ?? (wish.bullets ? Math.min(5, all) : Math.min(5, Math.max(1, Math.ceil(all / 4)))),
  )

function score(all: string[], title: string): Scored[] {
  const language = listLanguage(all.join(" "))
  const termLists = all.map((one) => topicTerms(one, language))
  const frequency = tally(termLists.flat())
  const spread = tally(termLists.flatMap((list) => unique(list)))
  const titleTerms = new Set(topicTerms(title, language))
  const weight = (term: string) =>
    Math.log(1 + frequency.get(term)!) *
    Math.log(1 + all.length / spread.get(term)!) *
    (titleTerms.has(term) ? 1.5 : 1)
  return all.map((text, at) => {
    const terms = new Set(termLists[at])
    const sum = [...terms].reduce((total, term) => total + weight(term), 0)
    return { text, at, terms, score: (sum / (terms.size + 4) ** 0.6) * shape(text, at, all.length) }
  })
}

/** What place, length and manner of a sentence say about its weight. */
function shape(text: string, at: number, all: number): number {
  const length = text.split(/\s+/).length
  let factor = at === 0 ? 1.35 : at < 3 ? 1.12 : at === all - 1 ? 1.08 : 1
  if (length < 4) factor *= 0.35
  else if (length < 7) factor *= 0.8
  else if (length > 45) factor *= 0.75
  if (cue.test(text)) factor *= 1.15
  if (/\d/.test(text)) factor *= 1.05
  if (small.test(text)) factor *= 0.4
  return factor
}

/** Takes the best sentence again and again, each time counting down what resembles those already taken. */
function choose(all: Scored[], count: number, wish: SummaryWish): Scored[] {
  const rest = new Map(all.map((one) => [one, 0]))
  const taken: Scored[] = []
  let used = 0
  while (taken.length < count && rest.size > 0) {
    let best: Scored | undefined
    let bestScore = -1
    for (const [one, likeness] of rest) {
      const value = one.score * (1 - 0.85 * likeness)
      if (value > bestScore) [best, bestScore] = [one, value]
    }
    if (!best) break
    rest.delete(best)
    const length = best.text.split(/\s+/).length
    const tooLong = wish.most_words !== undefined && used + length > wish.most_words
    if (tooLong && taken.length > 0) continue
    taken.push(best)
    used += length
    for (const [one, likeness] of rest) rest.set(one, Math.max(likeness, overlap(one.terms, best.terms)))
  }
  return taken
}

/** The share of the smaller set that both have. */
export function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [small, large] = a.size < b.size ? [a, b] : [b, a]
  if (small.size === 0) return 0
  let common = 0
  for (const term of small) if (large.has(term)) common += 1
  return common / small.size
}

/** The stems of a sentence that carry its topic. */
export const topicTerms = (text: string, language: Language): string[] =>
  stems(
    words(text).filter((word) => !isStopWord(word, language)),
    language,
  )

const closed = (sentence: string): string =>
  capitalised(/[.!?…:;。！？"”»)]$/.test(sentence) ? sentence : `${sentence}.`)

function limited(text: string, wish: SummaryWish): string {
  const list = text.split(/(?<=\s)/)
  const byWords =
    wish.most_words !== undefined && list.length > wish.most_words
      ? `${list
          .slice(0, wish.most_words)
          .join("")
          .replace(/(?<![\s,;:.–-])[\s,;:.–-]+$/, "")}…`
      : text
  return wish.most_characters === undefined ? byWords : shortened(byWords, wish.most_characters)
}
