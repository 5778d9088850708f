import * as z from "zod"
import type { Kind } from "./kind.ts"

export const note: Kind = {
  type: "note",
  title: "Note",
  summary: "A text on the canvas, for whoever reads the flow",
  family: "data",
  icon: "sticky-note",
  act: "none",
  data: z.strictObject({
    text: z.string().max(20_000).default("").meta({ title: "Text", description: "Markdown" }),
  }),
  takesInput: false,
  handles: () => [],
  expressions: () => [],
  substance: () => "",
}
