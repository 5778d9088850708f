/** Dates as people write them in seven languages, as ISO 8601. A date without its year is none. */

export type FoundDate = { iso: string; raw: string; at: number }

const monthNames: string[] = [
  "january jan januar janvier enero gennaio janeiro januari jänner janv ene gen styczeń",
  "february feb februar février febrero febbraio fevereiro februari févr fev",
  "march mar märz mars marzo março maart mär mrz mrt",
  "april apr avril abril aprile avr abr",
  "may mai mayo maggio maio mei mag",
  "june jun juni juin junio giugno junho giu",
  "july jul juli juillet julio luglio julho juil lug",
  "august aug août agosto augustus ago",
  "september sep sept septembre septiembre settembre setembro set",
  "october oct oktober okt octobre octubre ottobre outubro ott out",
  "november nov novembre noviembre novembro",
  "december dec dezember dez décembre diciembre dicembre dezembro déc dic",
]
const monthOf = new Map(
  monthNames.flatMap((names, i) => names.split(" ").map((name) => [name, i + 1] as const)),
)
const month = `(${[...monthOf.keys()].sort((a, b) => b.length - a.length).join("|")})\\.?`
const edge = "(?<![\\p{L}\\d/.-])"
const end = "(?![\\p{L}\\d]|[./-]\\d)"

const patterns = {
  iso: new RegExp(`${edge}(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})(?=T\\d|${end})`, "gu"),
  numeric: new RegExp(`${edge}(\\d{1,2})([./-])(\\d{1,2})\\2(\\d{4}|\\d{2})${end}`, "gu"),
  dayFirst: new RegExp(
    `${edge}(\\d{1,2})(?:st|nd|rd|th|er|º|\\.)?\\s+(?:(?:of|de|di)\\s+)?${month},?\\s+(?:(?:de|del|di)\\s+)?(\\d{4})${end}`,
    "giu",
  ),
  monthFirst: new RegExp(`${edge}${month}\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})${end}`, "giu"),
}

const daysIn = (year: number, month: number): number =>
  month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31

function isoDate(year: number, month: number, day: number): string | undefined {
  if (year < 1000 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`
}

const fullYear = (digits: string): number =>
  digits.length === 4 ? Number(digits) : Number(digits) + (Number(digits) < 70 ? 2000 : 1900)

/** Whether 03/04/2026 is the fourth of March here: another date or the dollar tells, the day comes first otherwise. */
export function isMonthFirst(text: string): boolean {
  let dayFirst = 0
  let monthFirst = 0
  for (const [, a, separator, b] of text.matchAll(patterns.numeric)) {
    if (separator !== "/") continue
    if (Number(a) > 12) dayFirst += 1
    if (Number(b) > 12) monthFirst += 1
  }
  if (dayFirst !== monthFirst) return monthFirst > dayFirst
  return /(?<!\p{L})(?:US)?\$|\bUSD\b/u.test(text) && !/[€£]|\b(?:EUR|GBP|AUD|NZD)\b|A\$/.test(text)
}

/** Every full date of the text in its order, each place once. */
export function findDates(text: string, monthFirst = isMonthFirst(text)): FoundDate[] {
  const found: FoundDate[] = []
  const add = (iso: string | undefined, match: RegExpExecArray) => {
    if (iso) found.push({ iso, raw: match[0], at: match.index })
  }
  for (const match of text.matchAll(patterns.iso)) {
    add(isoDate(Number(match[1]), Number(match[2]), Number(match[3])), match)
  }
  for (const match of text.matchAll(patterns.numeric)) {
    const [first, second, year] = [Number(match[1]), Number(match[3]), fullYear(match[4]!)]
    const swap = match[2] === "/" && (monthFirst ? second <= 31 && first <= 12 : second > 12)
    add(swap ? isoDate(year, first, second) : isoDate(year, second, first), match)
  }
  for (const match of text.matchAll(patterns.dayFirst)) {
    add(isoDate(Number(match[3]), monthOf.get(match[2]!.toLowerCase())!, Number(match[1])), match)
  }
  for (const match of text.matchAll(patterns.monthFirst)) {
    add(isoDate(Number(match[3]), monthOf.get(match[1]!.toLowerCase())!, Number(match[2])), match)
  }
  return found.sort((a, b) => a.at - b.at)
}

/** The times of day, as HH:MM:SS. */
export function findTimes(text: string): string[] {
  const found: string[] = []
  for (const [, hour, minute, second, half] of text.matchAll(
    /(?<![\d:.])(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([ap])\.?m\b)?(?![\d:])/gi,
  )) {
    const past = half?.toLowerCase() === "p" && Number(hour) < 12 ? 12 : 0
    const hours = half?.toLowerCase() === "a" && hour === "12" ? 0 : Number(hour) + past
    if (hours > 23 || Number(minute) > 59 || Number(second ?? 0) > 59) continue
    found.push(`${String(hours).padStart(2, "0")}:${minute}:${second ?? "00"}`)
  }
  return found
}
