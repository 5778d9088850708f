import type { JsonObject } from "#core/json"
import type { Made } from "../drawing.ts"
import type { Variables } from "./variables.ts"

/** What is known when a step is put into our words. */
export type StepView = {
  data: JsonObject
  words: Variables
  isChat: boolean
  missing: (name: string, kind: string) => void
  /** Makes a tool of a program that steps cannot run, and tells its id; undefined where none is made. */
  program: (source: string, inputs: string[]) => string | undefined
}

/** What a step becomes, and by which handle each of its routes leaves. */
export type Mapped = { made: Made; handles?: Record<string, string> }
