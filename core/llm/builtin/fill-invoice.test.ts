import { describe, expect, it } from "vitest"
import { date, fill, list, number, object, orNull, string } from "#test/kit/llm/fill"
import * as texts from "#test/kit/llm/texts"

const invoice = object(
  {
    vendor: string,
    customer: orNull,
    invoice_number: string,
    invoice_date: date,
    due_date: date,
    currency: { type: "string", enum: ["EUR", "USD", "GBP"] },
    subtotal: number,
    tax: number,
    tax_rate: number,
    total: number,
    iban: orNull,
    vat_id: orNull,
    line_items: list(
      object({ description: string, quantity: number, unit_price: number, amount: number }, [
        "description",
        "amount",
      ]),
    ),
  },
  ["vendor", "invoice_number", "total", "currency", "line_items"],
)

describe("an invoice", () => {
  it("is read from a table", () => {
    expect(fill(texts.invoiceTable, invoice)).toEqual({
      vendor: "Nordlicht Software GmbH",
      customer: "Brightwater Ltd",
      invoice_number: "NL-2026-0142",
      invoice_date: "2026-03-12",
      due_date: "2026-04-11",
      currency: "EUR",
      subtotal: 1570,
      tax: 298.3,
      tax_rate: 19,
      total: 1868.3,
      iban: "DE89370400440532013000",
      vat_id: "DE123456789",
      line_items: [
        { description: "Team licence (12 months)", quantity: 5, unit_price: 120, amount: 600 },
        { description: "Onboarding workshop", quantity: 2, unit_price: 350, amount: 700 },
        { description: "Support hours", quantity: 3, unit_price: 90, amount: 270 },
      ],
    })
  })

  it("is read from German", () => {
    expect(fill(texts.rechnung, invoice)).toEqual({
      vendor: "Müller Bürobedarf KG",
      customer: null,
      invoice_number: "RE-2026-118",
      invoice_date: "2026-02-03",
      due_date: "2026-02-17",
      currency: "EUR",
      subtotal: 228,
      tax: 43.32,
      tax_rate: 19,
      total: 271.32,
      iban: null,
      vat_id: null,
      line_items: [
        { description: "Kopierpapier A4", quantity: 10, unit_price: 4.9, amount: 49 },
        { description: "Tonerkartusche", quantity: 2, unit_price: 89.5, amount: 179 },
      ],
    })
  })

  it("is read from prose", () => {
    const text =
      "Hi, please find attached invoice INV-88 from Acme Tools Ltd dated 3 May 2026. The total is $1,240.00, payable by 2 June 2026."
    expect(
      fill(
        text,
        object({
          vendor: string,
          invoice_number: string,
          invoice_date: date,
          due_date: date,
          total: number,
          currency: string,
        }),
      ),
    ).toEqual({
      vendor: "Acme Tools Ltd",
      invoice_number: "INV-88",
      invoice_date: "2026-05-03",
      due_date: "2026-06-02",
      total: 1240,
      currency: "USD",
    })
  })
})
