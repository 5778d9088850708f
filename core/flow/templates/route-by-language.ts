import { at, longText, to } from "./draw.ts"
import { template } from "./template.ts"

export const routeByLanguage = template(
  "language",
  "Route by language",
  "Finds out in which language a message is written and sends it to the team that speaks it.",
  {
    nodes: [
      at(0, 1, "message", "input", "Message"),
      at(1, 1, "language", "llm", "Which language?", {
        prompt:
          "Detect the language of this message. Answer with the ISO 639-1 code only.\n\n{{ input.message }}",
      }),
      at(2, 1, "route", "condition", "By language", {
        branches: [
          { id: "german", when: "$lowercase($trim(nodes.language)) = 'de'" },
          { id: "french", when: "$lowercase($trim(nodes.language)) = 'fr'" },
          { id: "english", when: "$lowercase($trim(nodes.language)) = 'en'" },
        ],
      }),
      at(3, 0, "berlin", "transform", "Berlin", {
        value: { team: "Berlin", language: "{{ nodes.language }}", greeting: "Guten Tag" },
      }),
      at(3, 1, "paris", "transform", "Paris", {
        value: { team: "Paris", language: "{{ nodes.language }}", greeting: "Bonjour" },
      }),
      at(3, 2, "dublin", "transform", "Dublin", {
        value: { team: "Dublin", language: "{{ nodes.language }}", greeting: "Hello" },
      }),
      at(3, 3, "translators", "transform", "Translators first", {
        value: { team: "Translators", language: "{{ nodes.language }}", greeting: "Hello" },
      }),
      at(4, 1, "destination", "output", "Destination"),
    ],
    edges: [
      to("message", "language"),
      to("language", "route"),
      to("route", "berlin", "german"),
      to("route", "paris", "french"),
      to("route", "dublin", "english"),
      to("route", "translators", "else"),
      to("berlin", "destination"),
      to("paris", "destination"),
      to("dublin", "destination"),
      to("translators", "destination"),
    ],
    inputs: { message: longText("Message", "A message in any language") },
  },
  {
    message:
      "Guten Tag, ich habe vor zwei Wochen eine Lampe bei Ihnen bestellt, aber sie ist noch nicht angekommen. Können Sie mir bitte sagen, wann ich mit der Lieferung rechnen kann? Vielen Dank und freundliche Grüße, Jonas Weber",
  },
)
