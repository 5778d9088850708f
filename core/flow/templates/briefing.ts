import { exampleRef } from "./callees.ts"
import { around, at, note, to } from "./draw.ts"
import { template } from "./template.ts"

export const briefing = template(
  "briefing",
  "Morning briefing",
  "Calls the flow 'Summarise a text' for each article and makes one page of what comes back.",
  {
    nodes: [
      note(
        1,
        -1,
        "hint",
        "**A flow that calls another.** What the other returns is the node's output; change it there, and it changes here.",
      ),
      at(0, 0.75, "articles", "input", "Articles"),
      ...around(at(1, 0, "each", "map", "For each article", { items: "input.articles", concurrency: 3 }), [
        at(0, 0, "summary", "subflow", "Summarise a text", {
          flow_id: exampleRef("summarise"),
          inputs: { text: "{{ item.text }}", sentences: 1 },
        }),
        at(1, 0, "paragraph", "transform", "Paragraph", {
          value:
            "'## ' & item.title & '\\n\\n' & nodes.summary.summary & '\\n\\nAbout: ' & $join(nodes.summary.keywords, ', ')",
        }),
      ]),
      at(3.5, 0.75, "page", "output", "Briefing", {
        value: "# Briefing\n\n{{ $join(nodes.each, '\\n\\n') }}",
      }),
    ],
    edges: [to("articles", "each"), to("summary", "paragraph"), to("each", "page")],
    inputs: {
      articles: {
        type: "array",
        title: "Articles",
        description: "Each with a title and a text",
        minItems: 1,
        maxItems: 50,
        items: {
          type: "object",
          properties: {
            title: { type: "string", title: "Title" },
            text: { type: "string", title: "Text", minLength: 1, format: "textarea" },
          },
          required: ["title", "text"],
        },
      },
    },
  },
  {
    articles: [
      {
        title: "Harbour",
        text: "The harbour handled 438 million tonnes of cargo last year, slightly less than the year before. Container traffic recovered in the second half. The throughput of coal fell sharply, because several power stations were closed.",
      },
      {
        title: "Harvest",
        text: "Agribulk rose by four percent, helped by good harvests in the north. Storage costs fell, since two new silos were opened in spring. Prices are expected to stay where they are.",
      },
    ],
  },
)
