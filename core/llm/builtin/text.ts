/** Cuts text into lines, sentences and words. No locale data of the host is used, so results are the same everywhere. */

/** Longer rows of one sign are no language: a rule of signs, an empty column. */
const longestRow = 200
const longRow = new RegExp(String.raw`([\s\S])\1{${longestRow},}`, "gu")

/** One form for line ends, spaces and accents; invisible signs removed, and endless rows of one sign cut short. */
export const tidy = (text: string): string =>
  text
    .normalize("NFC")
    .replace(/\r\n?/g, "\n")
    .replace(/[\u00a0\u2007\u202f]/g, " ")
    .replaceAll("\t", "  ")
    // oxlint-disable-next-line no-control-regex -- control signs are exactly what is taken out
    .replace(/[\u0000-\u0008\u000b-\u001f\u200b-\u200d\u2060\ufeff]/g, "")
    .replace(longRow, (_, sign: string) => sign.repeat(longestRow))

const abbreviations = new Set(
  (
    "mr mrs ms dr prof sr jr st vs etc e.g i.e inc ltd co corp no nos nr fig approx dept est ca cf al p pp vol art tel fax " +
    "jan feb mar apr jun jul aug sep sept oct nov dec z.b d.h u.a usw bzw ggf inkl zzgl str hr fr abs evtl vgl max min " +
    "m mme mlle av env ex p.ej ud uds sra srta dña núm pág gmbh sig dott a.m p.m u.s u.k"
  ).split(" "),
)
const ordinalMonth =
  /^(?:jan|feb|mär|mar|apr|mai|maj|jun|jul|aug|sep|okt|oct|nov|dez|dec|jahrhundert|quartal|etage|stock|klasse|kapitel)/i
const bullet = /^\s*(?:[-*•–‣]|\d{1,3}[.)]|[a-z]\))\s+/

/** A line's text without its bullet or number. */
export const unbulleted = (line: string): string => line.replace(bullet, "")
export const isBullet = (line: string): boolean => bullet.test(line)

/** The sentences in their order. Headings, list items and short lines stand alone; wrapped prose is joined first. */
export function sentences(text: string): string[] {
  return blocks(text)
    .flatMap(splitBlock)
    .map((one) => one.trim())
    .filter((one) => /[\p{L}\p{N}]/u.test(one))
}

const wrapWidth = 45

function blocks(text: string): string[] {
  const found: string[] = []
  let open = ""
  const close = () => {
    if (open) found.push(open)
    open = ""
  }
  for (const raw of text.split("\n")) {
    const line = raw.trim()
    if (line === "" || isBullet(line)) close()
    if (line === "") continue
    const text = unbulleted(line)
    if (open && !continues(open, text)) close()
    open = open ? `${open} ${text}` : text
    if (open.length < wrapWidth && !/[a-z,]$/.test(open)) close()
  }
  close()
  return found
}

/** Whether a line goes on with the line before, as in mails that are wrapped at a column. */
function continues(before: string, line: string): boolean {
  if (/^\p{Ll}/u.test(line)) return true
  if (/[.!?:…]["'”’)]*$/.test(before) || before.length < wrapWidth) return false
  return !/^[\p{L} ]{1,30}:\s/u.test(line)
}

// Bounded, because long rows of dots would otherwise be walked again from each of them.
const sentenceEnd = /(?<![.!?…])[.!?…]{1,9}["'”’»)\]]{0,3}(?=\s{1,9}["'“‘«(¿¡\p{Lu}\p{N}\p{Lo}])|[。！？]/gu
const nearby = 40

function splitBlock(block: string): string[] {
  const found: string[] = []
  let start = 0
  for (const end of block.matchAll(sentenceEnd)) {
    const stop = end.index + end[0].length
    if (
      end[0][0] === "." &&
      isAbbreviation(
        block.slice(Math.max(start, end.index - nearby), end.index),
        block.slice(stop, stop + nearby).trimStart(),
      )
    )
      continue
    found.push(block.slice(start, stop))
    start = stop
  }
  found.push(block.slice(start))
  return found
}

function isAbbreviation(before: string, after: string): boolean {
  const last = /(?<![^\s("“])[^\s("“]+$/.exec(before)?.[0] ?? ""
  if (abbreviations.has(last.toLowerCase()))
    return !/^(?:etc|inc|ltd|usw|a\.m|p\.m)$/i.test(last) || /^\p{Ll}/u.test(after)
  // Initials and "z. B."; a sentence that ends in "I" is left as one.
  if (/^\p{L}$/u.test(last) && last !== "I") return true
  return /^\d{1,2}$/.test(last) && ordinalMonth.test(after)
}

const wordPattern = /[\p{L}\p{M}\p{N}]+(?:['’.-][\p{L}\p{M}\p{N}]+)*/gu
const unspaced = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]/

/** The words in lower case. Scripts without spaces give pairs of signs, which serve as words for counting. */
export function words(text: string): string[] {
  const found: string[] = []
  for (const [word] of text.toLowerCase().matchAll(wordPattern)) {
    if (!unspaced.test(word)) found.push(word.replaceAll("’", "'"))
    else if (word.length < 2) found.push(word)
    else for (let i = 0; i + 1 < word.length; i++) found.push(word.slice(i, i + 2))
  }
  return found
}

/** "two facts, of which" cut after whole words, at most `most` characters, with an ellipsis when something is lost. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  const room = Math.max(most - 1, 0)
  const cut = text.slice(0, room)
  const space = text[room] === " " ? room : cut.lastIndexOf(" ")
  return `${(space > room / 2 ? cut.slice(0, space) : cut).replace(/(?<![\s,;:.–-])[\s,;:.–-]+$/, "")}${most > 0 ? "…" : ""}`
}

/** Counts how often each item occurs, in order of first appearance. */
export function tally<T>(items: Iterable<T>): Map<T, number> {
  const counts = new Map<T, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return counts
}

export const unique = <T>(items: Iterable<T>): T[] => [...new Set(items)]

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
