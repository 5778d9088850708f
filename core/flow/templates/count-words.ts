import { exampleRef } from "./callees.ts"
import { at, longText, note, to } from "./draw.ts"
import { template } from "./template.ts"

export const countWords = template(
  "count-words",
  "Count words with Python",
  "Calls a tool of yours that is a Python program: it runs in a sandbox, its log streams, and the table that it writes is kept as a file.",
  {
    nodes: [
      note(
        1,
        -1.25,
        "hint",
        "**A tool** is there for agents too. Open it under *Tools* to change its program; executions keep the version that they began with.",
      ),
      at(0, 0, "text", "input", "Text"),
      at(1, 0, "count", "tool", "Count words", {
        tool_id: exampleRef("word_statistics"),
        inputs: { text: "{{ input.text }}", most: 3 },
        retry: { max_attempts: 2, backoff_ms: 1_000, factor: 2 },
      }),
      at(2, 0, "report", "output", "Report", {
        value: {
          words: "{{ nodes.count.words }}",
          most_frequent: "{{ nodes.count.most_frequent }}",
          table: "{{ nodes.count.artifacts }}",
        },
      }),
    ],
    edges: [to("text", "count"), to("count", "report")],
    inputs: { text: longText("Text", "Whose words are counted") },
  },
  {
    text: "The harbour opened at five, and the first ship of the day left the harbour at six. The second ship waited for the tide.",
  },
)
