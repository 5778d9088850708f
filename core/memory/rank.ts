/** A memory that holds some of the words, with what FTS5's bm25 says of it: the smaller, the better it fits. */
export type Ranked = { bm25: number; created_at: string; used_at: string | null }

/** After so many days a memory that nobody needed counts half. */
const halfLifeDays = 30
/** What age alone can take from a memory: an old one that fits well stays above a new one that hardly does. */
const weightOfAge = 0.4

const dayMs = 86_400_000

/** How well a memory fits: its place among those found (0 to 1), less what it lost since it was last made or used. */
export function scoreOf({ bm25, created_at, used_at }: Ranked, best: number, now: number): number {
  const fit = best < 0 ? Math.max(0, bm25 / best) : 1
  const last = Date.parse(used_at !== null && used_at > created_at ? used_at : created_at)
  const days = Math.max(0, (now - last) / dayMs)
  return fit * (1 - weightOfAge + weightOfAge * 2 ** (-days / halfLifeDays))
}

/** What fits best, first; of equal ones the order they came in. */
export function rank<T extends Ranked>(found: readonly T[], now: number): T[] {
  const best = Math.min(0, ...found.map((one) => one.bm25))
  const scores = new Map(found.map((one) => [one, scoreOf(one, best, now)]))
  return found.toSorted((a, b) => scores.get(b)! - scores.get(a)!)
}

/** Words that say nothing of what a text is about. */
const small = new Set(
  (
    "a an and are as at be but by for from has have he her his how i if in is it its me my not of on or our she so that the their " +
    "them then they this to us was we were what when where which who will with you your " +
    "aber als am an auch auf aus bei bin bis das dem den der des die du ein eine einem einen einer er es für hat ich ihr im in ist " +
    "mit nach nicht noch nur oder sich sie sind so und uns vom von vor war was wenn wer wie wir zu zum zur"
  ).split(" "),
)

const mostWords = 24

/** The words that a text is about, as they are looked for: each once, the longest first, without those of every sentence. */
export function wordsOf(text: string): string[] {
  const words = [
    ...new Set(
      text
        .slice(0, 10_000)
        .toLowerCase()
        .match(/[\p{L}\p{N}]+/gu) ?? [],
    ),
  ]
  const telling = words.filter((word) => !small.has(word) && (word.length > 1 || /\p{Lo}/u.test(word)))
  return (telling.length > 0 ? telling : words)
    .toSorted((a, b) => b.length - a.length)
    .slice(0, mostWords)
    .map((word) => word.slice(0, 40))
}

/** A text by which two memories are told to say the same: without case, spacing and the full stop. */
export const samenessOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\s+/g, " ")
    .trim()
    .replace(/(?<![.!])[.!]+$/, "")

/** What one memory may hold, and one holder. */
export const mostCharacters = 2_000
export const mostMemories = 10_000
