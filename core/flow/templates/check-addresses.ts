import { around, at, note, to } from "./draw.ts"
import { template } from "./template.ts"

export const checkAddresses = template(
  "addresses",
  "Check that addresses answer",
  "Calls each address of a list and says which answer and why the others do not. Addresses of private networks are refused, and take the error route.",
  {
    nodes: [
      note(
        1,
        -1,
        "hint",
        "**The error route** gets `{ code, message }`. An answer of 400 or more is a failure too; what may pass by itself is tried twice.",
      ),
      at(0, 0.9, "addresses", "input", "Addresses"),
      ...around(at(1, 0, "each", "map", "For each address", { items: "input.addresses", concurrency: 10 }), [
        at(0, 0, "call", "http", "Call it", {
          method: "GET",
          url: "{{ item }}",
          headers: { accept: "application/json, text/html;q=0.5" },
          timeout_ms: 10_000,
          retry: { max_attempts: 2, backoff_ms: 500 },
          on_error: "route",
        }),
        at(1, 0, "up", "transform", "It answers", {
          value: { address: "{{ item }}", answers: true, status: "{{ nodes.call.status }}" },
        }),
        at(1, 1, "down", "transform", "It does not", {
          value: {
            address: "{{ item }}",
            answers: false,
            code: "{{ incoming.code }}",
            why: "{{ incoming.message }}",
          },
        }),
        at(2, 0, "entry", "output", "Entry"),
      ]),
      at(4.25, 0.9, "report", "output", "Report", {
        value: {
          answer: "{{ $count(nodes.each[answers]) }}",
          do_not: "{{ $count(nodes.each[answers = false]) }}",
          addresses: "{{ nodes.each }}",
        },
      }),
    ],
    edges: [
      to("addresses", "each"),
      to("call", "up"),
      to("call", "down", "error"),
      to("up", "entry"),
      to("down", "entry"),
      to("each", "report"),
    ],
    inputs: {
      addresses: {
        type: "array",
        title: "Addresses",
        description: "https://… ; those of private networks are refused",
        items: { type: "string" },
        minItems: 1,
        maxItems: 100,
      },
    },
  },
  { addresses: ["http://127.0.0.1:8787/api/v1/health", "not an address"] },
)
