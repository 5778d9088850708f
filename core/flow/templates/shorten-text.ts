import { around, at, longText, to } from "./draw.ts"
import { template } from "./template.ts"

export const shortenText = template(
  "shorten",
  "Shorten until it fits",
  "Summarises a text again and again, each time in one sentence less, until it has no more characters than allowed.",
  {
    nodes: [
      at(0, 0.5, "text", "input", "Text"),
      ...around(
        at(1, 0, "again", "loop", "Until it fits", {
          state: { text: "{{ input.text }}", sentences: 6 },
          while: "$length(state.text) > input.limit and state.sentences > 1",
          max_iterations: 6,
        }),
        [
          at(0, 0, "shorter", "llm", "Shorter", {
            prompt: "Summarise this text in {{ state.sentences - 1 }} sentences.\n\n{{ state.text }}",
          }),
          at(1, 0, "next", "transform", "Next state", {
            value: { text: "{{ nodes.shorter }}", sentences: "{{ state.sentences - 1 }}" },
          }),
        ],
      ),
      at(3.5, 0.5, "fits", "output", "What is left", {
        value: {
          text: "{{ $substring(nodes.again.text, 0, input.limit) }}",
          characters: "{{ $min([$length(nodes.again.text), input.limit]) }}",
          cut: "{{ $length(nodes.again.text) > input.limit }}",
        },
      }),
    ],
    edges: [to("text", "again"), to("shorter", "next"), to("again", "fits")],
    inputs: {
      text: longText("Text", "What to shorten"),
      limit: {
        type: "integer",
        title: "Most characters",
        description: "How many characters may be left",
        minimum: 40,
        maximum: 10_000,
        default: 280,
      },
    },
  },
  {
    limit: 280,
    text: "The port of Rotterdam handled 438 million tonnes of cargo last year, slightly less than the year before. Container traffic recovered in the second half, after a weak start caused by low consumer demand. The throughput of coal fell sharply, because several power stations were closed. Agribulk rose, helped by good harvests. The port authority expects growth in the coming year, mostly from containers and from the import of renewable fuels. It will invest 700 million euros in shore power and in a new pipeline for hydrogen.",
  },
)
