import {
  findAmounts,
  findNumbers,
  findPercentages,
  mainCurrency,
  parseNumber,
  type FoundAmount,
} from "./amounts.ts"
import { findDates } from "./dates.ts"
import { findEntities, type Entities } from "./entities.ts"
import { gather, type Evidence } from "./evidence.ts"
import { detectLanguage } from "./language.ts"
import { readMail, type Mail } from "./mail.ts"
import { isBullet, sentences, unbulleted } from "./text.ts"

/** "Label: value" as it stands in a text. */
export type Pair = { label: string; value: string; line: number }

/** A text with what is found in it, each found once and only when asked for. */
export type Document = {
  text: string
  lines: string[]
  pairs: () => Pair[]
  sentences: () => string[]
  mail: () => Mail
  entities: () => Entities
  evidence: () => Evidence
  language: () => { code: string; confidence: number }
  dates: () => string[]
  amounts: () => FoundAmount[]
  numbers: () => number[]
  percentages: () => number[]
  currency: () => string | undefined
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}

export function openDocument(text: string): Document {
  const lines = text.split("\n")
  return {
    text,
    lines,
    pairs: once(() => findPairs(lines)),
    sentences: once(() => sentences(text)),
    mail: once(() => readMail(text)),
    entities: once(() => findEntities(text)),
    evidence: once(() => gather(text)),
    language: once(() => detectLanguage(text)),
    dates: once(() => findDates(text).map((one) => one.iso)),
    amounts: once(() => findAmounts(text)),
    numbers: once(() => findNumbers(text).map((one) => one.value)),
    percentages: once(() => findPercentages(text)),
    currency: once(() => mainCurrency(text)),
  }
}

const mostPairs = 500
const labelShape = String.raw`\*{0,2}(\p{L}[\p{L}\p{N} .#/()%'&_-]{0,48}?)\*{0,2}`
const colonPair = new RegExp(String.raw`^\|?\s*${labelShape}\s*[:=|]\**\s+(\S.*?)\s*\|?$`, "u")
const labelAlone = new RegExp(String.raw`^${labelShape}\s*:\**$`, "u")
const columnPair = new RegExp(String.raw`^\|?\s*${labelShape}(?:\s{2,}|\.{3,}|\s*\|)\s*(\S.*?)\s*\|?$`, "u")
const endsInAmount =
  /^(\p{L}[\p{L} .()%\d,-]{1,40}?)\s+((?:[A-Z]{3}|[€$£¥])?\s?-?\d[\d.,' ]*(?:\s?(?:[A-Z]{3}|[€$£¥]))?)$/u

function findPairs(lines: string[]): Pair[] {
  const pairs: Pair[] = []
  const add = (label: string, value: string, line: number) => {
    if (label.trim() && value.trim())
      pairs.push({ label: label.trim().toLowerCase(), value: value.trim(), line })
  }
  for (const [i, raw] of lines.entries()) {
    if (pairs.length >= mostPairs) break
    const line = unbulleted(raw.trim())
      .slice(0, 2_000)
      .replace(/\s{3,}/g, "  ")
      .slice(0, 400)
    const alone = labelAlone.exec(line)
    const colon = colonPair.exec(line)
    if (alone) {
      const next = lines.slice(i + 1, i + 3).find((one) => one.trim() !== "")
      if (next && !labelAlone.test(next.trim()) && !isBullet(next)) add(alone[1]!, next, i)
    } else if (colon) {
      // "Invoice no: 17   Date: 2026-03-04" holds two.
      const inner = /^(.*?)\s{2,}(\p{L}[\p{L} .]{1,30}):\s+(.+)$/u.exec(colon[2]!)
      add(colon[1]!, inner ? inner[1]! : colon[2]!, i)
      if (inner) add(inner[2]!, inner[3]!, i)
    } else {
      const column = columnPair.exec(line) ?? endsInAmount.exec(line)
      if (column) add(column[1]!, column[2]!, i)
    }
  }
  return pairs
}

/** The values whose label matches, in order. */
export const valuesOf = (document: Document, label: RegExp, not?: RegExp): string[] =>
  document
    .pairs()
    .filter((pair) => label.test(pair.label) && !not?.test(pair.label))
    .map((pair) => pair.value)

/** The sum of money in a value, or its number when it names no currency. */
export function amountIn(value: string): number | undefined {
  const amounts = findAmounts(value)
  if (amounts.length > 0) return amounts.at(-1)!.value
  const numbers = findNumbers(value)
  return numbers.at(-1)?.value ?? parseNumber(value)
}
