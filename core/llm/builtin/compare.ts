import { findNumbers } from "./amounts.ts"
import { listLanguage } from "./language.ts"
import type { Language } from "./stop-words.ts"
import { overlap, topicTerms } from "./summary.ts"
import { sentences, unique, words } from "./text.ts"

export type Comparison = {
  shared: string[]
  only_in_a: string[]
  only_in_b: string[]
  /** Sentences about the same thing that say it with other numbers, or one of them with a "not". */
  changed: { a: string; b: string }[]
  /** From 0, nothing in common, to 1, the same. */
  similarity: number
}

type Part = { text: string; terms: ReadonlySet<string>; facts: string }

const mostParts = 400
const same = 0.72
const related = 0.5

/** What two texts share and what only one of them says, sentence by sentence. */
export function compareTexts(a: string, b: string): Comparison {
  const language = listLanguage(`${a}\n${b}`)
  const [left, right] = [parts(a, language), parts(b, language)]
  const free = new Set(right)
  const result: Comparison = { shared: [], only_in_a: [], only_in_b: [], changed: [], similarity: 0 }
  for (const part of left) {
    const match = closest(part, free)
    if (!match || match.likeness < related) {
      result.only_in_a.push(part.text)
    } else if (match.other.facts !== part.facts) {
      free.delete(match.other)
      result.changed.push({ a: part.text, b: match.other.text })
    } else if (match.likeness >= same) {
      free.delete(match.other)
      result.shared.push(part.text)
    } else {
      result.only_in_a.push(part.text)
    }
  }
  result.only_in_b = [...free].map((part) => part.text)
  const all = left.length + right.length
  const common = 2 * result.shared.length + result.changed.length
  result.similarity = all === 0 ? 1 : Math.round((common / all) * 100) / 100
  return result
}

function parts(text: string, language: Language): Part[] {
  return unique(sentences(text))
    .slice(0, mostParts)
    .map((one) => {
      const terms = new Set(topicTerms(one, language))
      return { text: one, terms: terms.size > 0 ? terms : new Set(words(one)), facts: factsOf(one) }
    })
}

const negation =
  /\b(?:not|no|never|none|without|cannot|nicht|kein\w*|nie|ohne|ne|pas|jamais|sans|nunca|sin|non|mai|não|niet|geen)\b|n['’]t\b/i

const numberWords =
  /\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|hundred|thousand|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|deux|trois|quatre|cinq|sept|huit|neuf|dix|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez)\b/gi

/** What two sentences must agree in to say the same: their numbers, and whether they deny. */
const factsOf = (text: string): string =>
  `${findNumbers(text)
    .map((one) => one.value)
    .sort((a, b) => a - b)
    .join(" ")}|${text.toLowerCase().match(numberWords)?.sort().join(" ") ?? ""}|${negation.test(text)}`

function closest(part: Part, others: Iterable<Part>): { other: Part; likeness: number } | undefined {
  let best: { other: Part; likeness: number } | undefined
  for (const other of others) {
    const likeness = similarity(part.terms, other.terms)
    if (!best || likeness > best.likeness) best = { other, likeness }
  }
  return best
}

/** Between Jaccard and containment, so that a sentence with a short addition still counts as the same. */
function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const contained = overlap(a, b)
  const common = contained * Math.min(a.size, b.size)
  const jaccard = common / (a.size + b.size - common || 1)
  return (contained + jaccard) / 2
}

/** The comparison as four headed lists. */
export function comparisonAnswer(a: string, b: string): string {
  const { shared, only_in_a, only_in_b, changed } = compareTexts(a, b)
  const list = (title: string, items: string[]) =>
    `${title}:\n${items.length > 0 ? items.map((one) => `- ${one}`).join("\n") : "- nothing"}`
  const blocks = [list("Shared", shared), list("Only in A", only_in_a), list("Only in B", only_in_b)]
  if (changed.length > 0)
    blocks.push(
      list(
        "Changed",
        changed.map((one) => `A: ${one.a} | B: ${one.b}`),
      ),
    )
  return blocks.join("\n\n")
}
