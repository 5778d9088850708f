import { around, at, to } from "./draw.ts"
import { template } from "./template.ts"

export const approveRefunds = template(
  "refunds",
  "Approve refunds",
  "Pays small refunds at once and asks a person about each of the others, all at the same time; who does not answer in time refuses nothing.",
  {
    nodes: [
      at(0, 1.25, "requests", "input", "Requests"),
      ...around(at(1, 0, "each", "map", "For each request", { items: "input.requests", concurrency: 20 }), [
        at(0, 1, "small", "condition", "Small?", {
          branches: [{ id: "small", when: "item.amount <= input.limit" }],
        }),
        at(1, 0, "pays", "transform", "Pay at once", {
          value: { order: "{{ item.order }}", pays: "{{ item.amount }}", by: "rule" },
        }),
        at(1, 2, "ask", "approval", "Ask a person", {
          title: "Refund {{ item.amount }} EUR for order {{ item.order }}?",
          message: "**{{ item.customer }}** writes:\n\n> {{ item.reason }}",
          buttons: [
            { id: "refund", label: "Refund" },
            { id: "refuse", label: "Refuse" },
          ],
          form_schema: {
            type: "object",
            properties: {
              amount: { type: "number", title: "Amount", description: "Empty: all of it", minimum: 0 },
              note: { type: "string", title: "Note to the customer", maxLength: 500 },
            },
          },
          timeout_seconds: 3_600,
        }),
        at(2, 1, "refunds", "transform", "Refund", {
          value: {
            order: "{{ item.order }}",
            pays: "{{ $exists(nodes.ask.form.amount) ? nodes.ask.form.amount : item.amount }}",
            by: "{{ nodes.ask.answered_by }}",
          },
        }),
        at(2, 2, "refuses", "transform", "Refuse", {
          value: {
            order: "{{ item.order }}",
            pays: 0,
            by: "{{ nodes.ask.answered_by }}",
            note: "{{ nodes.ask.form.note }}",
          },
        }),
        at(2, 3, "open", "transform", "Stays open", {
          value: { order: "{{ item.order }}", pays: 0, by: "nobody in time" },
        }),
        at(3, 1, "outcome", "output", "Outcome"),
      ]),
      at(5.25, 1.25, "total", "output", "Refunds", {
        value: { outcomes: "{{ nodes.each }}", paid: "{{ $sum(nodes.each.pays) }}" },
      }),
    ],
    edges: [
      to("requests", "each"),
      to("small", "pays", "small"),
      to("small", "ask", "else"),
      to("ask", "refunds", "refund"),
      to("ask", "refuses", "refuse"),
      to("ask", "open", "timeout"),
      to("pays", "outcome"),
      to("refunds", "outcome"),
      to("refuses", "outcome"),
      to("open", "outcome"),
      to("each", "total"),
    ],
    inputs: {
      requests: {
        type: "array",
        title: "Requests",
        description: "Who wants how much back, and why",
        minItems: 1,
        maxItems: 500,
        items: {
          type: "object",
          properties: {
            order: { type: "string", title: "Order" },
            customer: { type: "string", title: "Customer" },
            amount: { type: "number", title: "Amount", minimum: 0 },
            reason: { type: "string", title: "Reason" },
          },
          required: ["order", "customer", "amount", "reason"],
        },
      },
      limit: {
        type: "number",
        title: "Paid at once up to",
        description: "What is more is decided by a person",
        minimum: 0,
        default: 20,
      },
    },
  },
  {
    limit: 20,
    requests: [
      { order: "A-1001", customer: "Ana Pires", amount: 12.5, reason: "One cup was broken." },
      { order: "A-1002", customer: "Ben Okafor", amount: 240, reason: "The lamp never arrived." },
    ],
  },
)
