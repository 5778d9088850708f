import * as z from "zod"
import { JsonValue } from "#core/flow/graph"
import { common, firstLine, stringsIn, type Kind } from "./kind.ts"

export const output: Kind = {
  type: "output",
  title: "Output",
  summary: "A result of the execution",
  family: "data",
  icon: "log-out",
  act: "pure",
  data: z.strictObject({
    value: JsonValue.optional().meta({
      title: "Value",
      description: "An expression or template; empty passes the incoming value on",
    }),
    ...common,
  }),
  takesInput: true,
  handles: () => [],
  expressions: (data) => stringsIn(data["value"], "value"),
  substance: (data) =>
    data["value"] === undefined || data["value"] === ""
      ? "The incoming value"
      : firstLine(data["value"]) || "JSON",
}
