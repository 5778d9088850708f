import * as z from "zod"
import { JsonValue } from "../graph.ts"
import { common, errorHandle, firstLine, out, stringsIn, type Kind } from "./kind.ts"

/** Items that one map takes; each leaves a scope in the journal. */
export const mostItems = 10_000

export const MapData = z.strictObject({
  items: JsonValue.meta({
    title: "Items",
    description: `An expression that makes a list, of ${mostItems.toLocaleString("en")} items at most`,
  }).refine((items) => items !== "", { error: "Write what to go through" }),
  concurrency: z
    .int()
    .min(1)
    .max(100)
    .default(10)
    .meta({ title: "At the same time", description: "Items under way at once" }),
  on_item_error: z.enum(["fail", "continue", "skip"]).default("fail").meta({
    title: "When an item fails",
    description: "Fail the map, continue with null in the item's place, or leave the item out",
  }),
  ...common,
})
export type MapData = z.infer<typeof MapData>

export const map: Kind = {
  type: "map",
  title: "Map",
  summary: "Does what is inside for each item of a list, many at once",
  family: "control",
  icon: "layers",
  act: "scope",
  holds: "body",
  data: MapData,
  takesInput: true,
  handles: () => [out, errorHandle],
  expressions: (data) => stringsIn(data["items"], "items", true),
  substance: (data) => firstLine(data["items"]) || "No list yet",
}
