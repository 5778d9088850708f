import type { JsonObject } from "#core/json"
import type { Made } from "../drawing.ts"
import type { N8nNode } from "./workflow.ts"
import type { Words } from "./words.ts"

/** What is known when a step is put into our words. */
export type StepView = {
  node: N8nNode
  id: string
  p: JsonObject
  words: Words
  /** Steps that are plugged into this one: its model, its tools, its memory. */
  plugged: N8nNode[]
  /** A secret that the step wants. */
  missing: (name: string, kind: string) => void
  /** What the code of a step may ask for by a step's name. */
  idOf: (name: string) => string | undefined
}

/** What a step becomes, and by which handle each of its outputs leaves. */
export type Mapped = { made: Made; handles?: string[] }

export type Maker = (step: StepView) => Mapped

export const opaque = (why: string): Mapped => ({ made: { opaque: why } })

export const made = (type: string, data: JsonObject, notes: string[] = [], handles?: string[]): Mapped => ({
  made: { type, data, notes },
  ...(handles ? { handles } : {}),
})
