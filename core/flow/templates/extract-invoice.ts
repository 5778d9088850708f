import { at, longText, to } from "./draw.ts"
import { template } from "./template.ts"

export const extractInvoice = template(
  "invoice",
  "Extract an invoice",
  "Reads number, vendor, date and amounts out of an invoice's text, and checks that they add up.",
  {
    nodes: [
      at(0, 0.5, "invoice", "input", "Invoice"),
      at(1, 0.5, "fields", "llm", "Read the fields", {
        prompt: "Extract the fields of this invoice.\n\n{{ input.invoice }}",
        output_schema: {
          type: "object",
          properties: {
            invoice_number: { type: "string", description: "The invoice's number" },
            vendor: { type: "string", description: "The company that sends the invoice" },
            invoice_date: { type: "string", format: "date", description: "When it was issued" },
            due_date: { type: "string", format: "date", description: "When it must be paid" },
            currency: { type: "string", description: "Three-letter currency code" },
            net_amount: { type: "number", description: "Subtotal without tax" },
            tax_amount: { type: "number", description: "VAT or tax" },
            total_amount: { type: "number", description: "The total to pay" },
          },
          required: ["invoice_number", "vendor", "total_amount"],
        },
      }),
      at(2, 0.5, "adds_up", "condition", "Adds up?", {
        branches: [
          {
            id: "yes",
            when: "$abs(nodes.fields.net_amount + nodes.fields.tax_amount - nodes.fields.total_amount) < 0.01",
          },
        ],
      }),
      at(3, 0, "clean", "transform", "Ready to book", {
        value: "$merge([nodes.fields, {'status': 'ready to book'}])",
      }),
      at(3, 1, "doubtful", "transform", "For a person to check", {
        value:
          "$merge([nodes.fields, {'status': 'check by hand', 'why': 'Net and tax do not add up to the total, or one of them is missing'}])",
      }),
      at(4, 0.5, "booking", "output", "Booking"),
    ],
    edges: [
      to("invoice", "fields"),
      to("fields", "adds_up"),
      to("adds_up", "clean", "yes"),
      to("adds_up", "doubtful", "else"),
      to("clean", "booking"),
      to("doubtful", "booking"),
    ],
    inputs: { invoice: longText("Invoice", "The text of the invoice, as copied from a mail or a PDF") },
  },
  {
    invoice:
      "Nordwind Papier GmbH\nHafenstrasse 12, 20457 Hamburg\n\nINVOICE\nInvoice number: NW-2026-1187\nInvoice date: 2026-11-03\nDue date: 2026-12-03\n\nBill to: Atelier Brandt\n\n40 x Recycled paper A4, 500 sheets   3.90   156.00\n2 x Cardboard boxes, pack of 25   22.00   44.00\n\nSubtotal: 200.00 EUR\nVAT 19 %: 38.00 EUR\nTotal: 238.00 EUR",
  },
)
