import { mostCharacters } from "#core/memory/rank"
import { argumentsOf, builtin, textIn } from "./builtin.ts"

/** Looks something up in what the agent, or its crew, has remembered. */
export const recall = builtin(
  "recall",
  {
    description:
      "Looks up what you have remembered from earlier work. Use it at the beginning of a task that may have come before.",
    input_schema: argumentsOf(
      {
        query: { type: "string", minLength: 1, maxLength: 1_000, description: "What it is about" },
        most: { type: "integer", minimum: 1, maximum: 20, description: "How many; 5 unless said" },
      },
      ["query"],
    ),
  },
  {
    is: "recall",
    query: (args) => ({
      text: textIn(args, "query"),
      most: typeof args["most"] === "number" ? args["most"] : 5,
    }),
  },
)

/** Keeps something for later executions. */
export const remember = builtin(
  "remember",
  {
    description:
      "Keeps a fact for later work: something that will still be true and useful another time. One fact in one sentence.",
    input_schema: argumentsOf({
      text: { type: "string", minLength: 1, maxLength: mostCharacters, description: "The fact" },
    }),
    risk: "write",
  },
  { is: "remember", text: (args) => textIn(args, "text") },
)
