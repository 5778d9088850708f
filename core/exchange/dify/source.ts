import type { Json, JsonObject } from "#core/json"

/** A variable that steps write into: one of the conversation, or one of a loop. */
export type Written = { holder: string; name: string }

/** What a step of Dify is to those that read it. */
export type Source = {
  id: string
  kind: string
  data: JsonObject
  /** Whether every round of it comes to a list, of which Dify makes one. */
  isOfLists: boolean
  isAround(reader: string): boolean
}

/** What of the app its variables may name. */
export type Surroundings = {
  step(key: string): Source | undefined
  /** Values that are the same in every execution; undefined for those that are secret. */
  constant(name: string): string | number | undefined
  isSecret(name: string): boolean
  /** What a variable of the conversation begins with; undefined when there is none of this name. */
  conversation(name: string): Json | undefined
  /** The nodes that wrote a variable before somebody reads it, the last one first. */
  writers(variable: Written, reader: string): string[]
  /** The node that holds what went wrong in a step, for those after its error route. */
  failure(key: string): string | undefined
}
