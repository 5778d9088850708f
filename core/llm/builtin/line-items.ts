import { findAmounts, parseNumber } from "./amounts.ts"
import { isBullet, unbulleted } from "./text.ts"

/** One position of an invoice or order. What the line does not say is undefined. */
export type LineItem = {
  description: string
  quantity: number | undefined
  unit_price: number | undefined
  amount: number | undefined
}

const notItem =
  /^(?:sub-? ?total|total|grand total|net|netto|vat|tax|gst|mwst|ust|tva|iva|btw|zwischensumme|gesamt|summe|amount|balance|shipping|versand|discount|rabatt|date|due|invoice|rechnung|facture|factura|iban|bic|phone|tel|fax|page|bank|order|customer|payment|zahlbar|please|thank|sous-total|totale|totaal|montant|importe|rechnungs\w*|bill|from|to|vendor|supplier|description|item|position|pos\b|qty|quantity|menge|article|artikel)(?![\p{L}])/iu
const num = String.raw`-?\d[\d.,']*`
const cur = String.raw`(?:[€$£¥]|[A-Z]{3})?`
const money = String.raw`${cur}\s?${num}\s?${cur}`
const unit = String.raw`(?:pcs?|pieces?|units?|hours?|hrs?|h|days?|months?|licen[sc]es?|seats?|users?|kg|m|stk\.?|stück|std\.?|stunden|tage|monate?|heures?|jours?|unidades|horas)`

/** The ways in which a position is written, most telling first. */
const shapes: [RegExp, (match: RegExpExecArray) => LineItem | undefined][] = [
  // 3 x Widget @ 10.00 = 30.00 · 3 × Widget à 10,00 € · 2x Mouse $25.00
  [
    new RegExp(
      String.raw`^(${num})\s?(?:[x×*]|${unit}(?:\s+of)?)\s+(.+?)(?:\s*(?:@|à|at|each)\s*(${money}))?(?:\s*[=:–-]*\s*(${money}))?$`,
      "iu",
    ),
    ([, quantity, description, price, amount]) => item(description, quantity, price, amount),
  ],
  // Widget, 3 x 10.00 = 30.00 · Consulting: 12 hours at €120.00 = €1,440.00
  [
    new RegExp(
      String.raw`^(.+?)[\s,:;(–-]+(${num})\s?(?:[x×*@]|${unit}\s*(?:[x×*@]|at|à|a)?)\s*(${money})\)?(?:\s*[=:–-]*\s*(${money}))?$`,
      "iu",
    ),
    ([, description, quantity, price, amount]) => item(description, quantity, price, amount),
  ],
]

function item(
  description: string | undefined,
  quantity?: string,
  price?: string,
  amount?: string,
): LineItem | undefined {
  const name = description?.replace(/^[\s|*-]+|(?<![\s|*:,–-])[\s|*:,–-]+$/g, "").trim() ?? ""
  if (!/\p{L}{2}/u.test(name) || notItem.test(name)) return undefined
  const found: LineItem = {
    description: name,
    quantity: value(quantity),
    unit_price: value(price),
    amount: value(amount),
  }
  if (found.unit_price === undefined && found.amount === undefined) return undefined
  return completed(found)
}

const value = (text: string | undefined): number | undefined =>
  text === undefined
    ? undefined
    : (findAmounts(text)[0]?.value ?? parseNumber(text.replace(/[^\d.,'-]/g, "")))

const cents = (value: number): number => Math.round(value * 100) / 100

/** The third of quantity, price and amount follows from the other two. */
function completed(one: LineItem): LineItem {
  const { quantity, unit_price, amount } = one
  if (amount === undefined && quantity !== undefined && unit_price !== undefined)
    return { ...one, amount: cents(quantity * unit_price) }
  if (unit_price === undefined && amount !== undefined && quantity)
    return { ...one, unit_price: cents(amount / quantity) }
  return one
}

export function lineItems(lines: readonly string[]): LineItem[] {
  const columns = tableItems(lines)
  if (columns.length > 0) return columns
  return lines.flatMap((raw) => {
    const line = unbulleted(raw.trim()).replace(/\s+/g, " ")
    if (line.length > 300 || notItem.test(line)) return []
    for (const [shape, make] of shapes) {
      const match = shape.exec(
        /^\d{1,3}[.)]\s/.test(raw.trim())
          ? line
          : raw
              .trim()
              .replace(/^[-*•]\s+/, "")
              .replace(/\s+/g, " "),
      )
      const made = match && make(match)
      if (made) return [made]
    }
    return isBullet(raw) ? bulletItem(line) : []
  })
}

/** "- Hosting (March): $25.00": a bulleted name with one sum. */
function bulletItem(line: string): LineItem[] {
  const match = new RegExp(String.raw`^(.+?)\s*[:–-]\s*(${money})$`, "u").exec(line)
  const made =
    match && findAmounts(match[2]!).length > 0 ? item(match[1], "1", undefined, match[2]) : undefined
  return made ? [made] : []
}

const header = {
  description:
    /^(?:description|item|items|product|service|article|bezeichnung|beschreibung|artikel|leistung|position|désignation|description|producto|concepto|descripción|omschrijving|descrizione)/i,
  quantity: /^(?:qty|quantity|menge|anzahl|quantité|qté|cantidad|cant|aantal|quantità|units|hours|std)/i,
  unit_price: /^(?:unit|price|rate|einzelpreis|preis|e-preis|prix|p\.?u|precio|prijs|prezzo|each)/i,
  amount:
    /^(?:amount|total|line total|sum|gesamt|betrag|summe|montant|importe|totaal|bedrag|totale|gesamtpreis)/i,
}
type Column = keyof typeof header

const cells = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split(line.includes("|") ? "|" : /\s{2,}|\t|;/)
    .map((cell) => cell.trim())

/** Rows under a head of columns; without a head, rows of a name and two or three numbers. */
function tableItems(lines: readonly string[]): LineItem[] {
  const at = lines.findIndex((line) => {
    const names = cells(line).map(columnOf)
    return names.includes("description") && (names.includes("amount") || names.includes("unit_price"))
  })
  const columns = at < 0 ? undefined : cells(lines[at]!).map(columnOf)
  return lines.slice(at + 1).flatMap((line) => {
    if (/^[\s|:+=-]*$/.test(line)) return []
    const row = cells(line)
    const made = columns ? namedRow(columns, row) : bareRow(row)
    return made ? [made] : []
  })
}

const columnOf = (cell: string): Column | undefined =>
  (Object.keys(header) as Column[]).find((name) => header[name].test(cell))

function namedRow(columns: (Column | undefined)[], row: string[]): LineItem | undefined {
  if (row.length < columns.length) return undefined
  const cell = (name: Column) => (columns.includes(name) ? row[columns.indexOf(name)] : undefined)
  return item(cell("description"), cell("quantity"), cell("unit_price"), cell("amount"))
}

function bareRow(row: string[]): LineItem | undefined {
  const own = /^\d{1,3}\.?$/.test(row[0] ?? "") && /\p{L}/u.test(row[1] ?? "") ? row.slice(1) : row
  const [name, ...numbers] = own
  if (
    numbers.length < 2 ||
    numbers.length > 3 ||
    !numbers.every((one) => /^\D{0,4}\d[\d.,' ]*\D{0,5}$/.test(one))
  )
    return undefined
  return numbers.length === 3
    ? item(name, numbers[0], numbers[1], numbers[2])
    : item(name, numbers[0], undefined, numbers[1])
}
