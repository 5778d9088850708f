import { listLanguage } from "./language.ts"
import { readMail } from "./mail.ts"
import { stem } from "./stem.ts"
import { isStopWord, type Language } from "./stop-words.ts"
import { sentences, tally } from "./text.ts"

type Word = { shown: string; stem: string; opensSentence: boolean }
type Phrase = { key: string; words: Word[]; count: number; first: number }

const longestPhrase = 3
const mostRuns = 20_000

/**
 * The words and phrases that a text is about, most telling first: stretches between stop words (as RAKE has it), weighed
 * by how often their words occur and how early.
 */
export function keywords(text: string, count = 8): string[] {
  const mail = readMail(text)
  const whole = mail.headers.subject ? `${mail.headers.subject}.\n\n${mail.body}` : mail.body
  const language = listLanguage(whole)
  const runs = contentRuns(whole, language).slice(0, mostRuns)
  const frequency = tally(runs.flat().map((word) => word.stem))
  const phrases = [...countPhrases(runs).values()]
  const last = Math.max(1, runs.length)
  const rated = phrases.map((phrase) => ({ phrase, score: rate(phrase, frequency, last) }))
  rated.sort((a, b) => b.score - a.score || a.phrase.first - b.phrase.first)
  const chosen: Phrase[] = []
  for (const { phrase } of rated) {
    if (chosen.length >= count) break
    if (!isSaid(phrase, chosen)) chosen.push(phrase)
  }
  return chosen.map((phrase) => shownForm(phrase, runs))
}

/** Stretches of words with no stop word, mark or number between them. */
function contentRuns(text: string, language: Language): Word[][] {
  const runs: Word[][] = []
  for (const sentence of sentences(text)) {
    let opensSentence = true
    for (const stretch of sentence
      .replaceAll("’", "'")
      .split(/[^\p{L}\p{M}\p{N}\s'+#.-]+|[.-](?=\s|$)|(?<=\s)[.-]/u)) {
      let run: Word[] = []
      for (const token of stretch.split(/\s+/)) {
        const bare = token.replace(/^[^\p{L}\p{N}]+|(?<![^\p{L}\p{N}+#])[^\p{L}\p{N}+#]+$/gu, "")
        const lower = bare.toLowerCase()
        if (bare.length < 2 || isStopWord(lower, language) || !/\p{L}/u.test(bare) || /^\d/.test(bare)) {
          if (run.length > 0) runs.push(run)
          run = []
        } else {
          run.push({ shown: bare.replace(/'s$/, ""), stem: stem(lower, language), opensSentence })
        }
        if (bare) opensSentence = false
      }
      if (run.length > 0) runs.push(run)
    }
  }
  return runs
}

function countPhrases(runs: Word[][]): Map<string, Phrase> {
  const phrases = new Map<string, Phrase>()
  runs.forEach((run, first) => {
    for (let from = 0; from < run.length; from++) {
      for (let size = 1; size <= longestPhrase && from + size <= run.length; size++) {
        const words = run.slice(from, from + size)
        const key = words.map((word) => word.stem).join(" ")
        const known = phrases.get(key)
        if (known) known.count += 1
        else phrases.set(key, { key, words, count: 1, first })
      }
    }
  })
  return phrases
}

function rate(phrase: Phrase, frequency: ReadonlyMap<string, number>, last: number): number {
  const size = phrase.words.length
  const sum = phrase.words.reduce((total, word) => total + frequency.get(word.stem)!, 0)
  const together = size === 1 ? 1 : phrase.count > 1 ? 1.4 : 0.55
  const early = 1 + 0.5 * (1 - phrase.first / last)
  const named = phrase.words.every((word) => /^\p{Lu}/u.test(word.shown) && !word.opensSentence) ? 1.25 : 1
  const short =
    size === 1 && phrase.words[0]!.shown.length < 4 && !/^\p{Lu}{2,}/u.test(phrase.words[0]!.shown) ? 0.5 : 1
  return (sum / size ** 0.6) * together * early * named * short
}

/** Whether half of a phrase's words or more stand in one that was chosen before. */
const isSaid = (phrase: Phrase, chosen: Phrase[]): boolean =>
  chosen.some((one) => {
    const common = phrase.words.filter((word) => one.words.some((other) => other.stem === word.stem)).length
    return common * 2 >= Math.min(phrase.words.length, one.words.length) && common > 0
  })

/** As written inside a sentence; a word seen at sentence starts only loses its capital there. */
function shownForm(phrase: Phrase, runs: Word[][]): string {
  return phrase.words
    .map((word) => {
      if (!word.opensSentence || /^\p{Lu}{2,}/u.test(word.shown)) return word.shown
      const elsewhere = runs.flat().find((other) => other.stem === word.stem && !other.opensSentence)
      return elsewhere?.shown ?? word.shown.toLowerCase()
    })
    .join(" ")
}
