import { at, longText, to } from "./draw.ts"
import { template } from "./template.ts"

export const triageMail = template(
  "triage",
  "Triage a support mail",
  "Sorts a customer's mail by topic and urgency, and says which team should have it.",
  {
    nodes: [
      at(0, 0.5, "mail", "input", "Mail"),
      at(1, 0, "topic", "llm", "Topic", {
        prompt:
          "Classify this support mail as one of: billing, technical problem, delivery, account access, praise.\n\n{{ input.mail }}",
      }),
      at(1, 1, "urgency", "llm", "Urgency", {
        prompt: "Classify the urgency of this mail as one of: urgent, normal, low.\n\n{{ input.mail }}",
      }),
      at(2, 0.5, "is_urgent", "condition", "Urgent?", {
        branches: [{ id: "urgent", when: "$contains($lowercase(nodes.urgency), 'urgent')" }],
      }),
      at(3, 0, "page", "transform", "To the person on call", {
        value: {
          team: "on call",
          reason: "Marked as urgent",
          topic: "{{ nodes.topic }}",
          urgency: "{{ nodes.urgency }}",
        },
      }),
      at(3, 1, "queue", "transform", "To the team's queue", {
        value: {
          team: "{{ $lookup({'billing': 'finance', 'technical problem': 'engineering', 'delivery': 'logistics', 'account access': 'identity', 'praise': 'marketing'}, $lowercase(nodes.topic)) }}",
          reason: "By topic",
          topic: "{{ nodes.topic }}",
          urgency: "{{ nodes.urgency }}",
        },
      }),
      at(4, 0.5, "decision", "output", "Decision"),
    ],
    edges: [
      to("mail", "topic"),
      to("mail", "urgency"),
      to("topic", "is_urgent"),
      to("urgency", "is_urgent"),
      to("is_urgent", "page", "urgent"),
      to("is_urgent", "queue", "else"),
      to("page", "decision"),
      to("queue", "decision"),
    ],
    inputs: { mail: longText("Mail", "The customer's mail as it came") },
  },
  {
    mail: "Hello,\n\nI was charged twice for my subscription this month: invoice INV-20931 of 49.00 EUR shows up two times on my credit card. Please refund the second payment. There is no hurry, but I would like an answer this week.\n\nKind regards,\nMarta Lindqvist",
  },
)
