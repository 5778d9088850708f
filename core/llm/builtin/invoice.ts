import { amountIn, valuesOf, type Document } from "./document.ts"
import { findDates } from "./dates.ts"
import { findOrganisations } from "./names.ts"

/** What an invoice, receipt or order says, read from its labels in six languages. */

const labels = {
  total:
    /^(?:grand )?total(?: (?:due|amount|payable|to pay|incl.*|ttc|gross))?(?: \(.*\))?$|^(?:amount|balance|total amount)(?: \w+)? (?:due|payable)$|^amount due|^(?:gesamt|rechnungs|end|zahl)betrag|^gesamtsumme|^gesamt$|^(?:zu zahlen|brutto)|^(?:montant|total) (?:ttc|à payer|dû)|^(?:importe )?total(?: a pagar| factura)?|^totale|^totaal|^valor total|^net à payer/i,
  plainTotal: /\btotal\b|\bsumme\b|\bbetrag\b|^amount$|^montant$|^importe$|^charge[ds]?$/i,
  subtotal:
    /^sub-? ?total|^net(?: amount| total)?$|^zwischensumme|^netto|^nettobetrag|^(?:total|montant) ht|^sous-total|^base imponible|^subtotaal|^imponibile|^total (?:excl|before)/i,
  tax: /\b(?:vat|gst|hst|sales tax|tax)\b(?!.*\b(?:id|no|number|reg)\b)|\bmwst\b|\bust\b|\bumsatzsteuer|\bmehrwertsteuer|\btva\b(?!.*intra)|\biva\b|\bbtw\b(?!-?n)/i,
  shipping:
    /\bshipping\b|\bdelivery (?:fee|cost|charge)|\bfreight\b|\bversand|\bfrais de port|\bgastos de envío|\bverzend|\bpostage\b/i,
  discount: /\bdiscount\b|\brabatt\b|\bremise\b|\bdescuento\b|\bsconto\b|\bkorting\b|\bskonto\b/i,
  dueDate:
    /\bdue(?: date| by| on)?$|^due\b|\bpay(?:able|ment)? (?:due|by|before|until)|\bfällig|\bzahlbar|\bzahlungsziel|\béchéance|\bvencimiento|\bscadenza|\bvervaldatum|\bdeadline/i,
  issueDate:
    /^(?:invoice |issue |order |billing |receipt )?date(?: of (?:issue|invoice))?$|^(?:issued|dated|invoiced)(?: on)?$|^(?:rechnungs|ausstellungs|beleg)?datum$|^date (?:de )?(?:la )?(?:facture|facturation|d'émission)|^fecha(?: de (?:la )?(?:factura|emisión))?$|^data(?: (?:della )?fattura)?$|^factuurdatum/i,
  vendor:
    /^(?:vendor|supplier|seller|merchant|from|company|issued by|billed by|bill from|provider|sold by|lieferant|verkäufer|rechnungssteller|von|aussteller|fournisseur|vendeur|émetteur|proveedor|emisor|vendedor|fornitore|leverancier)$/i,
  customer:
    /^(?:bill(?:ed)? to|customer|client|buyer|to|sold to|ship to|invoice to|recipient|attn|kunde|käufer|rechnung an|rechnungsempfänger|an|acheteur|facturé à|destinataire|cliente|comprador|facturar a|klant|aan)(?: name)?$/i,
  vatId:
    /\b(?:vat|tax|ust)[ .-]*(?:id|no|number|nr|reg|idnr)|\bust-?id|\bsteuernummer|\btva intra|\bnif\b|\bcif\b|\bpartita iva|\bbtw-?n/i,
} as const

const amounts = (document: Document, label: RegExp, not?: RegExp): number[] =>
  valuesOf(document, label, not)
    .map(amountIn)
    .filter((one) => one !== undefined)

const notTotal = /\bsub|zwischen|netto?\b|\bht\b|\btax\b|\bvat\b|\bitems?\b|\bqty\b|\bhours\b/i

/** The sum to pay: what is labelled so, the last of them; in prose the sum after "total", or the largest one. */
export function total(document: Document): number[] {
  const named = amounts(document, labels.total, notTotal)
  if (named.length > 0) return [named.at(-1)!]
  const plain = amounts(document, labels.plainTotal, notTotal)
  if (plain.length > 0) return [Math.max(...plain)]
  const all = document.amounts()
  const near =
    /\b(?:total|sum|amount|charged|altogether|in all|insgesamt|gesamt\w*|au total|en total|totale)\b/i.exec(
      document.text,
    )
  const after = near && all.find((one) => one.at > near.index && one.at - near.index < 60)
  if (after) return [after.value]
  return all.length > 0 ? [Math.max(...all.map((one) => one.value))] : []
}

export const subtotal = (document: Document): number[] => amounts(document, labels.subtotal)

/** The sum of tax, not its rate: "VAT 19 %: 19.00" and "VAT: 19 % of 100.00 = 19.00" are 19. */
export const tax = (document: Document): number[] =>
  valuesOf(document, labels.tax, labels.vatId)
    .map((value) => amountIn(value.replace(/(?<!\d)\d+(?:[.,]\d+)?\s?%/g, "")))
    .filter((one) => one !== undefined)

export const taxRate = (document: Document): number[] => {
  const line = document.lines.find((one) => labels.tax.test(one) && /\d\s?%/.test(one))
  const rate = line && /(\d{1,2}(?:[.,]\d{1,2})?)\s?%/.exec(line)?.[1]
  return rate ? [Number(rate.replace(",", "."))] : []
}

export const shippingCost = (document: Document): number[] => amounts(document, labels.shipping)
export const discount = (document: Document): number[] => amounts(document, labels.discount).map(Math.abs)

const datesOf = (document: Document, label: RegExp): string[] =>
  valuesOf(document, label).flatMap((value) => findDates(value).map((one) => one.iso))

/** The day by which to pay, also when a sentence says so. */
export function dueDates(document: Document): string[] {
  const named = datesOf(document, labels.dueDate)
  if (named.length > 0) return named
  const said = document
    .sentences()
    .find(
      (one) =>
        /\b(?:due|payable|deadline|pay(?:ment)? (?:by|before|until)|no later than|fällig|zahlbar|échéance|vencimiento|until|by)\b/i.test(
          one,
        ) && findDates(one).length > 0,
    )
  return said
    ? findDates(said)
        .map((one) => one.iso)
        .slice(-1)
    : []
}

/** The day of issue; else the first date that is not the due date. */
export function issueDates(document: Document): string[] {
  const named = datesOf(document, labels.issueDate)
  if (named.length > 0) return named
  const due = new Set(datesOf(document, labels.dueDate))
  return document.dates().filter((one) => !due.has(one))
}

const plainName = (value: string): string =>
  (value.split(/\s{2,}|[,;|]\s|\s-\s|<|\(/)[0] ?? "").replace(/[,;.]$/, "").trim()

/** Who sells: the label, a company's name, or the first line of a letterhead. */
export function vendors(document: Document): string[] {
  const named = valuesOf(document, labels.vendor).map(plainName)
  const customers = new Set(customersOf(document))
  const companies = findOrganisations(document.text).filter((one) => !customers.has(one))
  const head = document.lines.map((one) => one.trim()).find((one) => one !== "")
  const letterhead =
    head &&
    head.length < 60 &&
    !/[:?]/.test(head) &&
    !/^(?:invoice|rechnung|facture|factura|fattura|receipt|factuur|bill|dear|hello|hi)\b/i.test(head) &&
    document.pairs().length > 2
      ? [plainName(head.replace(/(?<!\s)\s+(?:invoice|rechnung|facture)$/i, ""))]
      : []
  return [...named, ...companies, ...letterhead].filter((one) => /\p{L}/u.test(one))
}

/** Who buys. The head of a mail says who reads it, which is somebody else. */
export const customersOf = (document: Document): string[] =>
  valuesOf(document, labels.customer, document.mail().headers.to ? /^(?:to|an|à|a|para|aan)$/i : undefined)
    .map(plainName)
    .filter((one) => /\p{L}/u.test(one) && !one.includes("@"))

export const vatIds = (document: Document): string[] => [
  ...valuesOf(document, labels.vatId),
  ...(document.text.match(
    /\b(?:DE\d{9}|ATU\d{8}|FR[A-Z\d]{2}\d{9}|NL\d{9}B\d{2}|ES[A-Z\d]\d{7}[A-Z\d]|IT\d{11}|GB\d{9})\b/g,
  ) ?? []),
]
