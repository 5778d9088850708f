import { around, at, to } from "./draw.ts"
import { template } from "./template.ts"

export const digestTexts = template(
  "digest",
  "Digest of many texts",
  "Summarises each text of a list, several at once, leaves out those that say nothing, and makes one digest.",
  {
    nodes: [
      at(0, 0.75, "texts", "input", "Texts"),
      ...around(
        at(1, 0, "each", "map", "For each text", {
          items: "input.texts",
          concurrency: 4,
          on_item_error: "skip",
        }),
        [
          at(0, 0, "text", "transform", "Long enough?", {
            value: "$length($trim(item)) < 20 ? $error('Too short to be summarised') : $trim(item)",
          }),
          at(1, 0, "gist", "llm", "Gist", {
            prompt: "Summarise this text in 1 sentence.\n\n{{ nodes.text }}",
          }),
          at(2, 0, "entry", "transform", "Entry", {
            value: "'- ' & nodes.gist & ' (text ' & (index + 1) & ')'",
          }),
        ],
      ),
      at(4.25, 0.75, "digest", "output", "Digest", {
        value: {
          digest: "{{ $join(nodes.each, '\\n') }}",
          summarised: "{{ $count(nodes.each) }}",
          left_out: "{{ $count(input.texts) - $count(nodes.each) }}",
        },
      }),
    ],
    edges: [to("texts", "each"), to("text", "gist"), to("gist", "entry"), to("each", "digest")],
    inputs: {
      texts: {
        type: "array",
        title: "Texts",
        description: "Reports, mails or articles; those of a few words are left out",
        items: { type: "string" },
        minItems: 1,
        maxItems: 200,
      },
    },
  },
  {
    texts: [
      "The harbour handled 438 million tonnes of cargo last year, slightly less than the year before. Container traffic recovered in the second half. The throughput of coal fell sharply, because several power stations were closed.",
      "See attachment.",
      "The board decided to invest 700 million euros in shore power and in a pipeline for hydrogen. Shipping lines welcomed the plans, but warned that congestion in the hinterland must be solved first.",
      "Agribulk rose by four percent, helped by good harvests in the north. Storage costs fell, since two new silos were opened in spring. Prices are expected to stay where they are.",
    ],
  },
)
