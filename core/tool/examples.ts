import { ToolDraft } from "./tool.ts"

/** A tool that comes with example flows: it is created with the first of them. */
export type ToolExample = { id: string; tool: ToolDraft }

const wordStatistics = `import collections
import csv
import json
import os
import re
import sys

arguments = json.load(sys.stdin)
text = arguments["text"]

words = re.findall(r"\\w+", text.lower())
print(f"found {len(words)} words", flush=True)
counted = collections.Counter(words).most_common()

# What lies in out/ when the program ends is kept with the execution.
os.makedirs("out", exist_ok=True)
with open("out/words.csv", "w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["word", "count"])
    writer.writerows(counted)
print(f"wrote {len(counted)} rows to words.csv", flush=True)

# The last line is the answer: one JSON object.
most = [{"word": word, "count": count} for word, count in counted[: arguments["most"]]]
print(json.dumps({"words": len(words), "different": len(counted), "most_frequent": most}))
`

export const toolExamples: readonly ToolExample[] = [
  {
    id: "word_statistics",
    tool: ToolDraft.parse({
      name: "word_statistics",
      description:
        "Counts the words of a text and how often each one comes, in Python. Leaves a table of all of them as a file.",
      kind: "container",
      input_schema: {
        type: "object",
        properties: {
          text: {
            type: "string",
            description: "The text",
            format: "textarea",
            examples: ["to be or not to be"],
          },
          most: {
            type: "integer",
            description: "How many of the most frequent words are answered",
            minimum: 1,
            maximum: 100,
            default: 5,
          },
        },
        required: ["text"],
        additionalProperties: false,
      },
      output_schema: {
        type: "object",
        properties: {
          words: { type: "integer" },
          different: { type: "integer" },
          most_frequent: {
            type: "array",
            items: {
              type: "object",
              properties: { word: { type: "string" }, count: { type: "integer" } },
              required: ["word", "count"],
            },
          },
        },
        required: ["words", "different", "most_frequent"],
      },
      execution_config: { runtime: "python", source: wordStatistics, timeout_seconds: 10, may_repeat: true },
    }),
  },
]
