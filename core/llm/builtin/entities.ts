import { findAmounts } from "./amounts.ts"
import { findDates } from "./dates.ts"
import { findNames, findOrganisations } from "./names.ts"
import { unique } from "./text.ts"

export const entityKinds = [
  "names",
  "organisations",
  "emails",
  "phones",
  "urls",
  "dates",
  "amounts",
  "invoice_numbers",
  "order_numbers",
  "references",
  "ibans",
] as const
export type EntityKind = (typeof entityKinds)[number]

export type Entities = Record<EntityKind, string[]>

export const findEmails = (text: string): string[] =>
  unique(
    text.match(
      /(?<![\p{L}\d])[\p{L}\d](?:[\p{L}\d._%+-]{0,62}[\p{L}\d_+-])?@(?:[\p{L}\d-]{1,63}\.){1,6}\p{L}{2,24}/gu,
    ) ?? [],
  )

export const findUrls = (text: string): string[] =>
  unique(
    (text.match(/\b(?:https?:\/\/|www\.)[^\s<>"'）)\]}]{3,500}/gi) ?? []).map((url) =>
      url.replace(/(?<![.,;:!?])[.,;:!?]+$/, ""),
    ),
  )

/** International numbers, and local ones that begin with 0 or an area code in brackets. */
export const findPhones = (text: string): string[] =>
  unique(
    (
      text.match(
        /(?<![\p{L}\d.,/-])(?:\+\d{1,3}|\(?0\d{1,5}\)?|\(\d{3}\))(?:[ ./-]?\(?\d{1,5}\)?){2,6}(?![\p{L}\d]|[.,/-]\d)/gu,
      ) ?? []
    )
      .map((one) => one.trim())
      .filter((one) => {
        const digits = one.replace(/\D/g, "").length
        return digits >= 7 && digits <= 15 && findDates(one).length === 0
      }),
  )

export const findIbans = (text: string): string[] =>
  unique(
    (text.match(/\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,4})?\b/g) ?? [])
      .map((one) => one.replaceAll(" ", ""))
      .filter(isIban),
  )

/** ISO 13616: the number with its head at its end leaves 1 when divided by 97. */
function isIban(text: string): boolean {
  if (text.length < 15 || text.length > 34) return false
  let rest = 0
  for (const sign of text.slice(4) + text.slice(0, 4)) {
    const value = Number.parseInt(sign, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}

const numberWord = String.raw`(?=[\s:#.])(?:\s*(?:number|num|no|nr|nummer|id|#|n°|nº|número|numero|numéro|code)\b\.?)?(?:\s+(?:is|ist|est|es|was))?\s*[:#.№]{0,2}\s*#?`
const codeShape = String.raw`([A-Z]{0,6}\d[\dA-Z]*(?:[-/_][\dA-Z]+)*|[A-Z]{1,6}[-/_]\d[\dA-Z]*(?:[-/_][\dA-Z]+)*)(?![\p{L}\d])`
const labelled = (names: string) => new RegExp(`(?<!\\p{L})(?:${names})${numberWord}${codeShape}`, "giu")

const invoiceLabel = labelled(
  "invoice|inv|bill|rechnung(?:snummer|s-nr|snr)?|facture|factura|fattura|fatura|factuur(?:nummer)?|belegnummer",
)
const orderLabel = labelled(
  "(?:purchase )?order|po|bestellung|bestell(?:nummer|nr)|auftrag(?:snummer|snr)?|commande|pedido|ordine|encomenda|bestelling|bestelnummer",
)
const referenceLabel = labelled(
  "ticket|case|reference|ref|customer|client|account|tracking|contract|booking|reservation|kunden(?:nummer|nr)|vorgang|aktenzeichen|vertrag(?:snummer)?|dossier|cliente|kenmerk|serial|device|license|policy",
)

const codesBy = (pattern: RegExp, text: string): string[] =>
  unique(
    Array.from(text.matchAll(pattern), ([, code]) => code!).filter(
      (code) => !isDateLike(code) && code.replace(/\D/g, "").length >= 2,
    ),
  )

const isDateLike = (code: string): boolean => /^\d{1,4}[-/]\d{1,2}[-/]\d{1,4}$/.test(code)

export const findInvoiceNumbers = (text: string): string[] =>
  unique([
    ...codesBy(invoiceLabel, text),
    ...(text.match(/\b(?:INV|RE|RG|FAC|FA)[-_/]\d[\dA-Z]*(?:[-/_][\dA-Z]+)*\b/g) ?? []),
  ])

export const findOrderNumbers = (text: string): string[] =>
  unique([
    ...codesBy(orderLabel, text),
    ...(text.match(/\b(?:ORD|ORDER|PO|SO)[-_/]\d[\dA-Z]*(?:[-/_][\dA-Z]+)*\b/g) ?? []),
  ])

export const findReferences = (text: string): string[] =>
  unique([...codesBy(referenceLabel, text), ...(text.match(/\b[A-Z]{2,8}-\d{2,}(?:[-/][\dA-Z]+)*\b/g) ?? [])])

/** Everything in the text that has a known shape, each once, in order of appearance. */
export function findEntities(text: string): Entities {
  const invoices = findInvoiceNumbers(text)
  const orders = findOrderNumbers(text)
  return {
    names: findNames(text),
    organisations: findOrganisations(text),
    emails: findEmails(text),
    phones: findPhones(text),
    urls: findUrls(text),
    dates: unique(findDates(text).map((one) => one.iso)),
    amounts: unique(
      findAmounts(text).map((one) => `${one.value.toFixed(2)}${one.currency ? ` ${one.currency}` : ""}`),
    ),
    invoice_numbers: invoices,
    order_numbers: orders,
    references: findReferences(text).filter((one) => !invoices.includes(one) && !orders.includes(one)),
    ibans: findIbans(text),
  }
}

/** "emails: a@b.c, d@e.f", one kind to a line; kinds that the text does not have are left out. */
export function entitiesAnswer(text: string, kinds: readonly EntityKind[]): string {
  const found = findEntities(text)
  const wanted = kinds.length > 0 ? kinds : entityKinds
  if (kinds.length === 1) return found[kinds[0]!].join("\n") || "none"
  const lines = wanted
    .filter((kind) => found[kind].length > 0)
    .map((kind) => `${kind}: ${found[kind].join(", ")}`)
  return lines.join("\n") || "none"
}
