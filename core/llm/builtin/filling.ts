import type { Json, JsonObject } from "#core/json"
import { ModelFailure } from "#core/llm/failure"
import { outputFaults } from "#core/llm/output"
import type { Label } from "./classify.ts"
import type { Source } from "./fields.ts"
import { definitionsOf } from "./schema-parts.ts"

/** One field to fill: what it is called, where it stands, and what it may hold. */
export type Field = { name: string; path: string; schema: JsonObject; required: boolean; depth: number }

/** What filling needs beside the field. `labels` are those that the prompt describes in words. */
export type Filling = {
  source: Source
  root: JsonObject
  labels: readonly Label[]
  confidence: { last: number }
  filled: { fields: number }
}

export const unfilled = (field: Field): ModelFailure =>
  new ModelFailure("model.bad_output", {
    retry: false,
    message: `“${field.path || "the answer"}”: the text holds no value that fits. Make the field optional or let it be null.`,
  })

export const fits = (field: Field, filling: Filling, value: Json): boolean =>
  outputFaults({ ...field.schema, ...definitionsOf(filling.root) }, value).length === 0
