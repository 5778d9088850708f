import * as z from "zod"
import { JsonValue } from "../graph.ts"
import { common, errorHandle, firstLine, out, stringsIn, type Kind } from "./kind.ts"

export const mostIterations = 10_000

const Condition = z.string().max(16_384)

export const LoopData = z.strictObject({
  state: JsonValue.default(null).meta({
    title: "First state",
    description: "What the first iteration begins with; each iteration's result is the next one's state",
  }),
  while: Condition.optional().meta({
    title: "While",
    description: "An expression over state and index, asked before each iteration",
  }),
  until: Condition.optional().meta({
    title: "Until",
    description: "An expression over state and index, asked after each iteration",
  }),
  max_iterations: z
    .int({ error: "Say how many iterations there may be at most" })
    .min(1)
    .max(mostIterations)
    .meta({ title: "Most iterations", description: "It ends after so many, whatever the conditions say" }),
  ...common,
})
export type LoopData = z.infer<typeof LoopData>

export const loop: Kind = {
  type: "loop",
  title: "Loop",
  summary: "Repeats what is inside while or until something holds",
  family: "control",
  icon: "repeat",
  act: "scope",
  holds: "body",
  data: LoopData,
  takesInput: true,
  handles: () => [out, errorHandle],
  expressions: (data) => [
    ...stringsIn(data["state"], "state", true),
    ...stringsIn(data["while"], "while", true),
    ...stringsIn(data["until"], "until", true),
  ],
  substance: (data) => {
    if (firstLine(data["until"])) return firstLine(`until ${firstLine(data["until"])}`)
    if (firstLine(data["while"])) return firstLine(`while ${firstLine(data["while"])}`)
    return typeof data["max_iterations"] === "number" ? `${data["max_iterations"]} times` : "No end yet"
  },
}
