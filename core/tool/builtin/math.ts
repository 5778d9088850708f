import { evaluateExpression } from "#core/flow/expression/evaluate"
import { argumentsOf, builtin, textIn } from "./builtin.ts"

/** Arithmetic by the bounded evaluator of expressions: exact where a model guesses. */
export const math = builtin(
  "math",
  {
    description:
      "Calculates. Use it for every calculation instead of working it out yourself. Takes + - * / %, brackets, and functions such as $sqrt(x), $power(x, n), $round(x, digits), $sum([..]), $average([..]), $min([..]), $max([..]).",
    input_schema: argumentsOf({
      expression: { type: "string", minLength: 1, maxLength: 2_000, description: "Such as (12.5 * 8) / 3" },
    }),
  },
  {
    is: "computed",
    run: async (args, { now }) => {
      const scope = { input: null, nodes: {}, execution: { now }, vars: {} }
      return { result: (await evaluateExpression(textIn(args, "expression"), scope)) ?? null }
    },
  },
)
