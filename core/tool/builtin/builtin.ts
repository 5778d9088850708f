import type { Json, JsonObject } from "#core/json"
import type { ToolDefinition } from "../tool.ts"

type BuiltinDefinition = Extract<ToolDefinition, { kind: "builtin" }>

/** The page that a tool wants to read; whoever calls it sends the request through the egress guard. */
export type PageRequest = { url: string; headers: Record<string, string>; most_bytes: number }

/** Who a tool is used by, and when. */
export type BuiltinContext = { now: string }

/**
 * What a builtin tool does: computed from its arguments, read from an address, or asked of what the agent remembers. None is
 * code of a user's, and none reaches further than this says.
 */
export type BuiltinDeed =
  | { is: "computed"; run(args: JsonObject, context: BuiltinContext): Promise<Json> }
  | { is: "page"; request(args: JsonObject): PageRequest; read(body: Json, contentType: string): Json }
  | { is: "recall"; query(args: JsonObject): { text: string; most: number } }
  | { is: "remember"; text(args: JsonObject): string }

export type Builtin = { definition: BuiltinDefinition; deed: BuiltinDeed }

type Said = Pick<BuiltinDefinition, "description" | "input_schema"> & Partial<Pick<BuiltinDefinition, "risk">>

export const builtin = (name: string, said: Said, deed: BuiltinDeed): Builtin => ({
  definition: {
    id: `builtin:${name}`,
    kind: "builtin",
    name,
    risk: "read",
    needs_approval: false,
    ...said,
  },
  deed,
})

/** The schema of arguments that are all named and nothing else. */
export const argumentsOf = (
  properties: JsonObject,
  required: string[] = Object.keys(properties),
): JsonObject => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
})

/** A text among the arguments; what the schema has let through is one. */
export const textIn = (args: JsonObject, name: string): string => {
  const value = args[name]
  return typeof value === "string" ? value : ""
}
