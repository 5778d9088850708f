import { around, at, longText, to } from "./draw.ts"
import { template } from "./template.ts"

export const moderateComment = template(
  "moderate",
  "Moderate a comment",
  "Has three checks look at a comment at the same time, shows what the quickest one says, and decides as soon as two have spoken.",
  {
    nodes: [
      at(0, 1.4, "comment", "input", "Comment"),
      ...around(at(1, 0, "checks", "group", "Three at the same time"), [
        at(0, 0, "tone", "llm", "Tone", {
          prompt:
            "Determine the mood of this comment. Classify it as one of: positive, neutral, negative.\n\n{{ input.comment }}",
        }),
        at(0, 1, "purpose", "llm", "Purpose", {
          prompt:
            "Classify this comment as one of: advertising (buy, discount, offer, free, link), opinion (think, like, feel), question (how, why, when).\n\n{{ input.comment }}",
        }),
        at(0, 2, "links", "llm", "Links", {
          prompt: "Extract the links and e-mail addresses of this comment.\n\n{{ input.comment }}",
        }),
      ]),
      at(2.25, 0.7, "first", "merge", "The quickest", { mode: "any" }),
      at(2.25, 1.7, "two", "merge", "Any two", { mode: 2 }),
      at(3.25, 1.7, "verdict", "transform", "Verdict", {
        value:
          "($found := incoming; { 'looked_at': $keys($found), 'publish': $not($found.tone = 'negative' or $found.purpose = 'advertising' or $contains($string($found.links), 'http')) })",
      }),
      at(4.25, 0.7, "hint", "output", "First impression"),
      at(4.25, 1.7, "decision", "output", "Decision"),
    ],
    edges: [
      to("comment", "tone"),
      to("comment", "purpose"),
      to("comment", "links"),
      to("tone", "first"),
      to("purpose", "first"),
      to("links", "first"),
      to("tone", "two"),
      to("purpose", "two"),
      to("links", "two"),
      to("first", "hint"),
      to("two", "verdict"),
      to("verdict", "decision"),
    ],
    inputs: { comment: longText("Comment", "What somebody wants to publish under your article") },
  },
  {
    comment:
      "Great article, thank you! I like how clearly you explain why the bridge was closed, and I think the city should publish more of these figures.",
  },
)
