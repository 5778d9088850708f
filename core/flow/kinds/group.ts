import * as z from "zod"
import type { Kind } from "./kind.ts"

export const group: Kind = {
  type: "group",
  title: "Group",
  summary: "A frame around nodes that belong together",
  family: "data",
  icon: "group",
  act: "none",
  holds: "drawing",
  data: z.strictObject({}),
  takesInput: false,
  handles: () => [],
  expressions: () => [],
  substance: () => "",
}
