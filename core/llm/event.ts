import * as z from "zod"
import { ToolCall } from "./call.ts"

/** Tokens of one call. Cache reads and writes are part of the input, reasoning is part of the output. */
export const ModelUsage = z.object({
  input_tokens: z.int().min(0),
  output_tokens: z.int().min(0),
  cache_read_tokens: z.int().min(0).optional(),
  cache_write_tokens: z.int().min(0).optional(),
  reasoning_tokens: z.int().min(0).optional(),
  /** Counted by us in whole or in part, because the vendor reported nothing that can be true. */
  estimated: z.boolean(),
})
export type ModelUsage = z.infer<typeof ModelUsage>

export const FinishReason = z.enum(["stop", "length", "content_filter", "tool_calls", "other"])
export type FinishReason = z.infer<typeof FinishReason>

/** What a model says while it answers: once `started`, any number of `delta`, once `finished`. A failure is thrown. */
export const ModelEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("started"), model: z.string() }),
  z.object({ type: z.literal("delta"), text: z.string() }),
  z.object({
    type: z.literal("finished"),
    /** All deltas together. */
    text: z.string(),
    /** The parsed answer, when the call had an `output_schema`. */
    object: z.json().optional(),
    /** Tools that the model wants called before it goes on; whole ones only, never of a broken stream. */
    tool_calls: z.array(ToolCall).optional(),
    finish_reason: FinishReason,
    usage: ModelUsage,
  }),
])
export type ModelEvent = z.infer<typeof ModelEvent>
