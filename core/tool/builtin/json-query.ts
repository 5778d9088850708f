import { evaluateExpression } from "#core/flow/expression/evaluate"
import { argumentsOf, builtin, textIn } from "./builtin.ts"

/** Questions to data in JSONata, by the bounded evaluator. */
export const jsonQuery = builtin(
  "json_query",
  {
    description:
      "Answers a question about JSON data with a JSONata expression: picks, filters, groups, sums and sorts. The data is seen as `data`.",
    input_schema: argumentsOf({
      data: { description: "The JSON data" },
      query: {
        type: "string",
        minLength: 1,
        maxLength: 4_000,
        description: "A JSONata expression such as data.orders[total > 100].customer",
      },
    }),
  },
  {
    is: "computed",
    run: async (args, { now }) => {
      const scope = { input: null, nodes: {}, execution: { now }, vars: {}, data: args["data"] ?? null }
      return { result: (await evaluateExpression(textIn(args, "query"), scope)) ?? null }
    },
  },
)
