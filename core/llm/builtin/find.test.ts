import { describe, expect, it } from "vitest"
import * as texts from "#test/kit/llm/texts"
import { findAmounts, findNumbers, mainCurrency, parseNumber } from "./amounts.ts"
import { findDates, findTimes } from "./dates.ts"
import { entitiesAnswer, findEntities } from "./entities.ts"
import { openDocument } from "./document.ts"
import { lineItems } from "./line-items.ts"

describe("numbers", () => {
  it("are read with every kind of mark", () => {
    const cases: [string, number | undefined][] = [
      ["1,234.56", 1234.56],
      ["1.234,56", 1234.56],
      ["1'234.50", 1234.5],
      ["1 234,56", 1234.56],
      ["12,5", 12.5],
      ["0.125", 0.125],
      ["1.234", 1234],
      ["1,234,567", 1234567],
      ["-3.5", -3.5],
      ["−7", -7],
      ["007", 7],
      ["abc", undefined],
      ["", undefined],
    ]
    for (const [text, value] of cases) expect([text, parseNumber(text)]).toEqual([text, value])
  })

  it("are sums of money when a currency stands before or behind", () => {
    const values = (text: string) => findAmounts(text).map(({ value, currency }) => [value, currency])
    expect(values("It costs €1,234.50, not 1.234,50 EUR or $99.")).toEqual([
      [1234.5, "EUR"],
      [1234.5, "EUR"],
      [99, "USD"],
    ])
    expect(values("CHF 1'200.00; 30 £; 5 euros; R$ 12,90; 300 kr; US$5; -€20.00")).toEqual([
      [1200, "CHF"],
      [30, "GBP"],
      [5, "EUR"],
      [12.9, "BRL"],
      [300, "SEK"],
      [5, "USD"],
      [20, "EUR"],
    ])
    expect(values("Room 12 on 2026-03-04 at 10:30")).toEqual([])
    expect(mainCurrency(texts.rechnung)).toBe("EUR")
    expect(mainCurrency("Currency: SEK, total 100")).toBe("SEK")
    expect(mainCurrency("no money here")).toBeUndefined()
  })

  it("stand alone, not inside of dates, codes and times", () => {
    expect(
      findNumbers("We are 12, with 3.5 each, on 2026-03-04, INV-77, 10:30 and 19%").map((one) => one.value),
    ).toEqual([12, 3.5])
  })
})

describe("dates", () => {
  const iso = (text: string) => findDates(text).map((one) => one.iso)

  it("become ISO 8601 from seven languages", () => {
    const cases: [string, string[]][] = [
      ["2026-03-04 and 2026/3/5", ["2026-03-04", "2026-03-05"]],
      ["on 4.3.2026 or 04.03.26", ["2026-03-04", "2026-03-04"]],
      ["March 4, 2026; 4th of March 2026; 4 Mar 2026", ["2026-03-04", "2026-03-04", "2026-03-04"]],
      ["am 4. März 2026", ["2026-03-04"]],
      ["le 1er avril 2026", ["2026-04-01"]],
      ["el 4 de marzo de 2026", ["2026-03-04"]],
      ["il 4 marzo 2026", ["2026-03-04"]],
      ["4 de março de 2026", ["2026-03-04"]],
      ["4 maart 2026", ["2026-03-04"]],
      ["2026-03-04T10:00:00Z", ["2026-03-04"]],
      ["31.02.2026, 2026-13-01, 29.02.2024, 29.02.2026", ["2024-02-29"]],
      ["March 4 without a year, version 1.2.3, 10:30", []],
    ]
    for (const [text, dates] of cases) expect([text, iso(text)]).toEqual([text, dates])
  })

  it("with slashes begin with the day unless the text shows otherwise", () => {
    expect(iso("03/04/2026")).toEqual(["2026-04-03"])
    expect(iso("03/04/2026 and 03/25/2026")).toEqual(["2026-03-04", "2026-03-25"])
    expect(iso("Invoice of 03/04/2026, total $12.00")).toEqual(["2026-03-04"])
    expect(iso("Invoice of 03/04/2026, total £12.00")).toEqual(["2026-04-03"])
  })

  it("have times beside them", () => {
    expect(findTimes("at 9:05, 17:30:10, 5:15 pm and 12:00 am, not 25:00 or 1:2")).toEqual([
      "09:05:00",
      "17:30:10",
      "17:15:00",
      "00:00:00",
    ])
  })
})

describe("entities", () => {
  it("are found in a mail", () => {
    expect(findEntities(texts.chargedTwice)).toMatchObject({
      names: ["Anna Weber"],
      emails: ["anna.weber@example.com", "support@acme.test"],
      dates: ["2026-03-02"],
      amounts: ["49.00 EUR"],
      invoice_numbers: ["INV-2026-0311"],
      order_numbers: [],
      phones: [],
    })
  })

  it("are found in an invoice", () => {
    expect(findEntities(texts.invoiceTable)).toMatchObject({
      organisations: ["Nordlicht Software GmbH", "Brightwater Ltd"],
      invoice_numbers: ["NL-2026-0142"],
      ibans: ["DE89370400440532013000"],
      emails: ["billing@nordlicht.example"],
      dates: ["2026-03-12", "2026-04-11"],
    })
  })

  it("of each kind have their shape", () => {
    const text =
      "Call +49 40 1234567 or (030) 555-0199 ext. 3. See https://example.com/a?b=c, www.example.org. Order no. 4711-220, ticket #8831, your reference is AB-1234. " +
      "Dr. Maria Schmidt and Peter van Dam met Mr Jones. IBAN GB82 WEST 1234 5698 7654 32, wrong: GB82 WEST 1234 5698 7654 33."
    expect(findEntities(text)).toMatchObject({
      phones: ["+49 40 1234567", "(030) 555-0199"],
      urls: ["https://example.com/a?b=c", "www.example.org"],
      order_numbers: ["4711-220"],
      references: ["8831", "AB-1234"],
      names: ["Maria Schmidt", "Peter van Dam", "Jones"],
      ibans: ["GB82WEST12345698765432"],
    })
  })

  it("are listed by kind, or alone when one kind is asked for", () => {
    expect(entitiesAnswer("Write to a@b.example by 2026-03-04.", [])).toBe(
      "emails: a@b.example\ndates: 2026-03-04",
    )
    expect(entitiesAnswer("Write to a@b.example or c@d.example.", ["emails"])).toBe(
      "a@b.example\nc@d.example",
    )
    expect(entitiesAnswer("Nothing here.", ["emails"])).toBe("none")
  })
})

describe("labels and positions", () => {
  it("are pairs in colons, columns, tables and on the next line", () => {
    const text =
      "Invoice no: 17   Date: 2026-03-04\nBill to:\nBrightwater Ltd\nTotal      €12.00\n| Currency | EUR |\nA sentence that has no pair in it."
    expect(
      openDocument(text)
        .pairs()
        .map(({ label, value }) => [label, value]),
    ).toEqual([
      ["invoice no", "17"],
      ["date", "2026-03-04"],
      ["bill to", "Brightwater Ltd"],
      ["total", "€12.00"],
      ["currency", "EUR"],
    ])
  })

  it("are read from tables, sentences and bullets", () => {
    const item = (description: string, quantity?: number, unit_price?: number, amount?: number) => ({
      description,
      quantity,
      unit_price,
      amount,
    })
    expect(lineItems(texts.invoiceTable.split("\n"))).toEqual([
      item("Team licence (12 months)", 5, 120, 600),
      item("Onboarding workshop", 2, 350, 700),
      item("Support hours", 3, 90, 270),
    ])
    expect(lineItems(texts.rechnung.split("\n"))).toEqual([
      item("Kopierpapier A4", 10, 4.9, 49),
      item("Tonerkartusche", 2, 89.5, 179),
    ])
    expect(
      lineItems([
        "| Item | Qty | Price | Total |",
        "|---|---|---|---|",
        "| Desk | 2 | $150.00 | $300.00 |",
        "| Total | | | $300.00 |",
      ]),
    ).toEqual([item("Desk", 2, 150, 300)])
    expect(lineItems(["- Hosting (March): $25.00", "- Domain: $12.00", "Total: $37.00"])).toEqual([
      item("Hosting (March)", 1, 25, 25),
      item("Domain", 1, 12, 12),
    ])
    expect(lineItems(["Consulting: 12 hours at €120.00 = €1,440.00", "2 x Mouse $25.00"])).toEqual([
      item("Consulting", 12, 120, 1440),
      item("Mouse", 2, 12.5, 25),
    ])
    expect(lineItems(texts.tramArticle.split("\n"))).toEqual([])
  })
})
