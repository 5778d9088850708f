import { at, longText, note, to } from "./draw.ts"
import { template } from "./template.ts"

export const answerByClass = template(
  "support",
  "Route a support mail",
  "Lets the model choose what a mail is about, and takes that route: a reply is drafted, or a team is told.",
  {
    nodes: [
      note(
        1,
        -1.1,
        "hint",
        "**Each class is a route.** Its description is what the model reads; what fits none of them takes *Else*.",
      ),
      at(0, 1, "mail", "input", "Mail"),
      at(1, 1, "about", "classify", "What is it about?", {
        text: "{{ input.mail }}",
        classes: [
          { id: "refund", description: "Money back: a refund, a wrong charge, a double payment" },
          { id: "broken", description: "Something does not work: an error, a crash, a defect" },
          { id: "delivery", description: "Where a parcel or an order is, late or lost deliveries" },
        ],
      }),
      at(2, 0, "reply", "llm", "Draft a reply", {
        prompt: "Draft a reply to this mail. Sign as Team Billing.\n\n{{ input.mail }}",
      }),
      at(2, 1, "ticket", "llm", "Short title", {
        prompt: "Summarise this mail in 1 sentence.\n\n{{ input.mail }}",
      }),
      at(2, 2, "parcels", "llm", "Find the order", {
        prompt: "Extract the order number and the date.\n\n{{ input.mail }}",
      }),
      at(3, 0, "billing", "transform", "To billing", {
        value: { team: "billing", draft: "{{ nodes.reply }}" },
      }),
      at(3, 1, "engineering", "transform", "To engineering", {
        value: { team: "engineering", title: "{{ nodes.ticket }}" },
      }),
      at(3, 2, "logistics", "transform", "To logistics", {
        value: { team: "logistics", order: "{{ nodes.parcels }}" },
      }),
      at(3, 3, "reception", "transform", "To the reception", { value: { team: "reception" } }),
      at(4, 1, "done", "output", "Where it went"),
    ],
    edges: [
      to("mail", "about"),
      to("about", "reply", "refund"),
      to("about", "ticket", "broken"),
      to("about", "parcels", "delivery"),
      to("about", "reception", "else"),
      to("reply", "billing"),
      to("ticket", "engineering"),
      to("parcels", "logistics"),
      to("billing", "done"),
      to("engineering", "done"),
      to("logistics", "done"),
      to("reception", "done"),
    ],
    inputs: { mail: longText("Mail", "What a customer wrote") },
  },
  {
    mail: "Hello,\n\nI was charged twice for order 4711 on 12 November. Could you please refund the second payment of 49.00 EUR?\n\nKind regards,\nMarta Lindqvist",
  },
)
