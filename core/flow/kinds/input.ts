import * as z from "zod"
import { out, type Kind } from "./kind.ts"

export const input: Kind = {
  type: "input",
  title: "Input",
  summary: "Where an execution begins, with its inputs",
  family: "data",
  icon: "log-in",
  act: "input",
  data: z.strictObject({}),
  takesInput: false,
  handles: () => [out],
  expressions: () => [],
  substance: () => "The execution's inputs",
}
