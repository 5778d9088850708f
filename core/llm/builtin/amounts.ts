/** Numbers and sums of money as people write them: 1,234.50 and 1.234,50 and 1'234.50 and 1 234,50. */

export type FoundAmount = { value: number; currency: string | undefined; raw: string; at: number }

const currencyOf: Record<string, string> = {
  "€": "EUR",
  $: "USD",
  us$: "USD",
  "£": "GBP",
  "¥": "JPY",
  "₹": "INR",
  "₽": "RUB",
  "₩": "KRW",
  r$: "BRL",
  a$: "AUD",
  c$: "CAD",
  kr: "SEK",
  zł: "PLN",
  "fr.": "CHF",
  euro: "EUR",
  euros: "EUR",
  dollar: "USD",
  dollars: "USD",
  pounds: "GBP",
  francs: "CHF",
  franken: "CHF",
}
const codes =
  "EUR USD GBP CHF JPY SEK NOK DKK PLN CZK HUF RON BGN CAD AUD NZD CNY INR BRL MXN ZAR TRY ILS AED SGD HKD KRW RUB UAH".split(
    " ",
  )

const number = String.raw`(?:\d{1,3}(?:[.,'’ ]\d{3}){1,6}(?!\d)(?:[.,]\d{1,4})?|\d{1,30}(?:[.,]\d{1,4})?)(?![\d])`
const before = String.raw`(?:US\$|R\$|A\$|C\$|[€$£¥₹₽₩]|Fr\.|\b(?:${codes.join("|")})\b)`
const after = String.raw`(?:[€$£¥₹₽₩]|(?:${codes.join("|")}|kr|zł|euros?|dollars?|pounds|francs|franken)\b)`
const money = new RegExp(
  String.raw`(?:(?<pre>${before})\s?(?<minus1>[-−])?(?<n1>${number}))|(?:(?<![\d.,])(?<minus2>[-−])?(?<n2>${number})\s?(?<post>${after}))`,
  "gi",
)

/** The value of a number, whichever marks it uses; undefined when the text is none. */
export function parseNumber(text: string): number | undefined {
  const bare = text
    .trim()
    .replace(/[\s'’]/g, "")
    .replace(/−/, "-")
  if (!/^-?\d[\d.,]*$/.test(bare)) return undefined
  const last = Math.max(bare.lastIndexOf("."), bare.lastIndexOf(","))
  if (last < 0) return Number(bare)
  const mark = bare[last]!
  const marks = bare.split(mark).length - 1
  const both = bare.includes(".") && bare.includes(",")
  const digitsAfter = bare.length - last - 1
  // "1.234" and "1,234" are a thousand and more; "1.2345" and "0.500" are not.
  const grouped = !both && (marks > 1 || (digitsAfter === 3 && !/^-?0/.test(bare)))
  const plain = grouped
    ? bare.replace(/[.,]/g, "")
    : `${bare.slice(0, last).replace(/[.,]/g, "")}.${bare.slice(last + 1)}`
  const value = Number(plain)
  return Number.isFinite(value) ? value : undefined
}

const currencyName = (mark: string): string | undefined =>
  currencyOf[mark.toLowerCase()] ?? (codes.includes(mark.toUpperCase()) ? mark.toUpperCase() : undefined)

/** Every sum of money with its currency. */
export function findAmounts(text: string): FoundAmount[] {
  const found: FoundAmount[] = []
  for (const match of text.matchAll(money)) {
    const { pre, n1, n2, post, minus1, minus2 } = match.groups!
    const value = parseNumber(n1 ?? n2 ?? "")
    if (value === undefined) continue
    found.push({
      value: minus1 || minus2 ? -value : value,
      currency: currencyName(pre ?? post ?? ""),
      raw: match[0],
      at: match.index,
    })
  }
  return found
}

const plainNumber = new RegExp(String.raw`(?<![\p{L}\d.,/:#-])[-−]?${number}(?![\d%]|[/:-]\d|\.\d)`, "gu")

/** Every number that stands alone, also those without a currency. */
export function findNumbers(text: string): { value: number; at: number; raw: string }[] {
  return Array.from(text.matchAll(plainNumber), (match) => ({
    value: parseNumber(match[0]) ?? Number.NaN,
    at: match.index,
    raw: match[0],
  })).filter((one) => !Number.isNaN(one.value))
}

/** "19 %" as 19. */
export const findPercentages = (text: string): number[] =>
  Array.from(
    text.matchAll(/(?<![\d.,])(\d{1,3}(?:[.,]\d{1,3})?)\s?%/g),
    ([, n]) => parseNumber(n!.replace(",", ".")) ?? 0,
  )

/** The currency that most amounts are in. */
export function mainCurrency(text: string): string | undefined {
  const counts = new Map<string, number>()
  for (const { currency } of findAmounts(text))
    if (currency) counts.set(currency, (counts.get(currency) ?? 0) + 1)
  const named = /\b(?:currency|währung|devise|moneda|valuta)\b\W{1,3}([A-Z]{3})\b/i
    .exec(text)?.[1]
    ?.toUpperCase()
  if (named && codes.includes(named)) return named
  const best = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
  return best ?? new RegExp(`\\b(?:${codes.join("|")})\\b`).exec(text)?.[0]
}
