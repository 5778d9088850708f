import { languages, stopWords, type Language } from "./stop-words.ts"
import { tally, words } from "./text.ts"

export const languageNames: Record<string, string> = {
  en: "English",
  de: "German",
  fr: "French",
  es: "Spanish",
  it: "Italian",
  pt: "Portuguese",
  nl: "Dutch",
  sv: "Swedish",
  da: "Danish",
  pl: "Polish",
  ru: "Russian",
  uk: "Ukrainian",
  el: "Greek",
  ar: "Arabic",
  he: "Hebrew",
  zh: "Chinese",
  ja: "Japanese",
  ko: "Korean",
  th: "Thai",
  hi: "Hindi",
}

/** Scripts that (nearly) name their language; the first that makes up a third of the letters decides. */
const scripts: [RegExp, string][] = [
  [/[\u3040-\u30ff]/g, "ja"],
  [/[\uac00-\ud7af]/g, "ko"],
  [/[\u4e00-\u9fff]/g, "zh"],
  [/[\u0370-\u03ff]/g, "el"],
  [/[\u0590-\u05ff]/g, "he"],
  [/[\u0600-\u06ff]/g, "ar"],
  [/[\u0e00-\u0e7f]/g, "th"],
  [/[\u0900-\u097f]/g, "hi"],
  [/[\u0400-\u04ff]/g, "ru"],
]

/** Letters that hardly another of the languages uses. */
const signs: Record<Language, RegExp | undefined> = {
  en: undefined,
  de: /[ßäü]/g,
  fr: /[çèêëîœûù]/g,
  es: /[ñ¿¡]|ción|iones\b/g,
  it: /[òìù]|zion[ei]|gli/g,
  pt: /[ãõ]|nh[ao]/g,
  nl: /ij|(?<=[^e])ee[nr]/g,
  sv: /[å]|(?<=\p{L})ö/gu,
  da: /[æøå]/g,
  pl: /[ąęłńśźż]/g,
}

export type Detected = { code: string; confidence: number }

const sampleSize = 20_000

/** The language of a text as an ISO 639-1 code, with how surely; `und` when there are no words. */
export function detectLanguage(text: string): Detected {
  const sample = text.slice(0, sampleSize)
  const letters = sample.match(/\p{L}/gu)?.length ?? 0
  if (letters === 0) return { code: "und", confidence: 0 }
  for (const [script, code] of scripts) {
    const share = (sample.match(script)?.length ?? 0) / letters
    if (share < (code === "ja" ? 0.1 : 0.34)) continue
    return {
      code: code === "ru" && /[іїєґ]/i.test(sample) ? "uk" : code,
      confidence: Math.min(1, share + 0.3),
    }
  }
  return latinLanguage(sample)
}

function latinLanguage(sample: string): Detected {
  const lower = sample.toLowerCase()
  const counts = tally(words(lower))
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0)
  const owners = (word: string) => languages.filter((code) => stopWords(code).has(word)).length
  const scores = languages.map((code) => {
    let score = (signs[code] ? (lower.match(signs[code])?.length ?? 0) : 0) * 0.5
    for (const [word, n] of counts) {
      // A word of several languages says less, and the hundredth "the" says no more than the tenth.
      if (stopWords(code).has(word)) score += Math.min(n, 10) / owners(word) ** 1.5
    }
    return { code, score }
  })
  scores.sort((a, b) => b.score - a.score)
  const [best, next] = scores
  if (!best || best.score === 0) return { code: "en", confidence: 0 }
  const margin = (best.score - (next?.score ?? 0)) / best.score
  return { code: best.code, confidence: Math.min(1, margin * 0.7 + Math.min(best.score / total, 0.3)) }
}

/** The language for stop words: what was detected, or English when there is no list for it. */
export const listLanguage = (text: string): Language => {
  const { code } = detectLanguage(text)
  return languages.find((one) => one === code) ?? "en"
}
