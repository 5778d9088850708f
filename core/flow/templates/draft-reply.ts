import { at, field, longText, to } from "./draw.ts"
import { template } from "./template.ts"

export const draftReply = template(
  "reply",
  "Draft a reply",
  "Writes a first draft of an answer to a customer's mail, and marks complaints for a second pair of eyes.",
  {
    nodes: [
      at(0, 0.5, "mail", "input", "Mail"),
      at(1, 0, "tone", "llm", "Mood", {
        prompt:
          "Classify the sentiment of this mail as one of: positive, neutral, negative.\n\n{{ input.mail }}",
      }),
      at(1, 1, "draft", "llm", "Draft the reply", {
        prompt: "Draft a reply to this mail. Sign as {{ input.signature }}.\n\n{{ input.mail }}",
      }),
      at(2, 0.5, "is_unhappy", "condition", "Unhappy?", {
        branches: [{ id: "unhappy", when: "$contains($lowercase(nodes.tone), 'negative')" }],
      }),
      at(3, 0, "careful", "transform", "Second pair of eyes", {
        value: {
          draft: "{{ nodes.draft }}",
          mood: "{{ nodes.tone }}",
          review: "by a team lead, before it is sent",
        },
      }),
      at(3, 1, "simple", "transform", "Ready to send", {
        value: { draft: "{{ nodes.draft }}", mood: "{{ nodes.tone }}", review: "none" },
      }),
      at(4, 0.5, "reply", "output", "Reply"),
    ],
    edges: [
      to("mail", "tone"),
      to("mail", "draft"),
      to("tone", "is_unhappy"),
      to("draft", "is_unhappy"),
      to("is_unhappy", "careful", "unhappy"),
      to("is_unhappy", "simple", "else"),
      to("careful", "reply"),
      to("simple", "reply"),
    ],
    inputs: {
      mail: longText("Mail", "The mail to answer"),
      signature: field("Signature", "Who signs the reply", { default: "Your support team", maxLength: 80 }),
    },
  },
  {
    signature: "Lena, customer care",
    mail: "Dear team,\n\nmy order 77812 arrived on Monday, but the glass of the lamp is broken and the box was damaged. I am quite disappointed. Can you send me a replacement? And do I have to send the broken one back?\n\nBest regards,\nTomás Ferreira",
  },
)
