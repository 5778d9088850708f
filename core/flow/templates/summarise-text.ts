import { at, longText, to } from "./draw.ts"
import { template } from "./template.ts"

export const summariseText = template(
  "summarise",
  "Summarise a text",
  "Gives the gist in as many sentences as you ask for, with its keywords and how much shorter it became.",
  {
    nodes: [
      at(0, 0.5, "text", "input", "Text"),
      at(1, 0, "summary", "llm", "Summarise", {
        prompt: "Summarise this text in {{ input.sentences }} sentences.\n\n{{ input.text }}",
      }),
      at(1, 1, "keywords", "llm", "Find keywords", {
        prompt: "Extract the 6 most important keywords of this text.\n\n{{ input.text }}",
      }),
      at(2, 0.5, "both", "merge", "Both", { mode: "all" }),
      at(3, 0.5, "result", "output", "Result", {
        value: {
          summary: "{{ nodes.summary }}",
          keywords: "{{ $split(nodes.keywords, /\\s*[,\\n]\\s*/) }}",
          shortened_to_percent: "{{ $round($length(nodes.summary) / $length(input.text) * 100) }}",
        },
      }),
    ],
    edges: [
      to("text", "summary"),
      to("text", "keywords"),
      to("summary", "both"),
      to("keywords", "both"),
      to("both", "result"),
    ],
    inputs: {
      text: longText("Text", "What to summarise"),
      sentences: {
        type: "integer",
        title: "Sentences",
        description: "How long the summary may be",
        minimum: 1,
        maximum: 10,
        default: 2,
      },
    },
  },
  {
    sentences: 2,
    text: "The port of Rotterdam handled 438 million tonnes of cargo last year, slightly less than the year before. Container traffic recovered in the second half, after a weak start caused by low consumer demand. The throughput of coal fell sharply, because several power stations were closed. Agribulk rose, helped by good harvests. The port authority expects growth in the coming year, mostly from containers and from the import of renewable fuels. It will invest 700 million euros in shore power and in a new pipeline for hydrogen. Shipping lines welcomed the plans, but warned that congestion in the hinterland must be solved first.",
  },
)
