import * as z from "zod"
import { JsonValue } from "#core/flow/graph"
import { common, errorHandle, firstLine, out, stringsIn, type Kind } from "./kind.ts"

export const transform: Kind = {
  type: "transform",
  title: "Transform",
  summary: "Makes a value out of others with an expression",
  family: "data",
  icon: "braces",
  act: "pure",
  data: z.strictObject({
    value: JsonValue.meta({
      title: "Value",
      description: "A JSONata expression, a template, or JSON with templates inside",
    }),
    ...common,
  }),
  takesInput: true,
  handles: () => [out, errorHandle],
  expressions: (data) => stringsIn(data["value"], "value", true),
  substance: (data) => firstLine(data["value"]) || "JSON",
}
