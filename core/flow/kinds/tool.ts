import * as z from "zod"
import { ToolId } from "#core/ids"
import { JsonValue } from "../graph.ts"
import { common, errorHandle, out, stringsIn, type Kind } from "./kind.ts"

export const ToolData = z.strictObject({
  tool_id: z
    .union([ToolId, z.string().regex(/^builtin:[a-z][a-z0-9_]{0,62}$/, { error: "Choose a tool" })])
    .meta({ title: "Tool" }),
  inputs: z
    .union([z.record(z.string().min(1).max(200), JsonValue), z.string().max(16_384)])
    .default({})
    .meta({
      title: "Inputs",
      description: "The tool's arguments by name, or one expression that makes them; may hold expressions",
    }),
  ...common,
})
export type ToolData = z.infer<typeof ToolData>

export const tool: Kind = {
  type: "tool",
  title: "Tool",
  summary: "Calls one of the tools, as an agent would",
  family: "tools",
  icon: "wrench",
  act: "tool",
  data: ToolData,
  takesInput: true,
  handles: () => [out, errorHandle],
  expressions: (data) => stringsIn(data["inputs"], "inputs"),
  substance: (data) => {
    const id = data["tool_id"]
    if (typeof id !== "string" || id === "") return "No tool yet"
    return id.startsWith("builtin:") ? id.slice("builtin:".length) : "A tool"
  },
}
