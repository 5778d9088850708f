import type { JsonObject } from "#core/json"
import { ToolDraft } from "./tool.ts"

/** A tool to begin with: it works as it is, and shows how a program gets its arguments and gives its answer. */
export type Scaffold = { id: string; title: string; tool: ToolDraft; sample_input: JsonObject }

const input_schema = {
  type: "object",
  properties: { text: { type: "string", description: "What is counted", examples: ["two words"] } },
  required: ["text"],
  additionalProperties: false,
}
const output_schema = {
  type: "object",
  properties: { words: { type: "integer" } },
  required: ["words"],
}

const python = `import json
import sys

# The arguments are one JSON object on standard input.
arguments = json.load(sys.stdin)

# What is printed before the last line is the log, as it is written.
print("counting", flush=True)

# The last line is the answer: one JSON object.
print(json.dumps({"words": len(arguments["text"].split())}))
`

const node = `let text = ""
// The arguments are one JSON object on standard input.
for await (const part of process.stdin) text += part
const { text: said } = JSON.parse(text)

// What is printed before the last line is the log, as it is written.
console.log("counting")

// The last line is the answer: one JSON object.
console.log(JSON.stringify({ words: said.split(/\\s+/).filter(Boolean).length }))
`

const bash = `# The arguments are one JSON object on standard input; this counts the words of all of it but its braces.
words=$(tr -d '{}":,' | sed 's/text//' | wc -w)

# What goes to standard error is the log.
echo "counting" >&2

# The last line of standard output is the answer: one JSON object.
echo "{\\"words\\": $words}"
`

const isolate = `// A function without files, processes or network; it may be async.
export default (input, context) => ({
  words: input.text.split(/\\s+/).filter(Boolean).length,
})
`

const made = (id: string, title: string, more: object): Scaffold => ({
  id,
  title,
  tool: ToolDraft.parse({
    name: "count_words",
    description: "Counts the words of a text.",
    input_schema,
    output_schema,
    ...more,
  }),
  sample_input: { text: "two words" },
})

const container = (runtime: "python" | "node" | "bash", source: string) => ({
  kind: "container",
  execution_config: { runtime, source, timeout_seconds: 10 },
})

export const scaffolds: readonly Scaffold[] = [
  made("isolate", "JavaScript function", { kind: "isolate", execution_config: { source: isolate } }),
  made("python", "Python program", container("python", python)),
  made("node", "Node program", container("node", node)),
  made("bash", "Shell program", container("bash", bash)),
]
