import * as z from "zod"

/** A tool that a model wants called. Its arguments are what the model said, parsed, and not yet checked by the tool's schema. */
export const ToolCall = z.strictObject({
  id: z.string().min(1).max(200),
  name: z.string().min(1).max(64),
  arguments: z.json(),
  /** The vendor's own word on how it came to this call. It goes back with the call, unread. */
  signature: z.string().max(200_000).exactOptional(),
})
export type ToolCall = z.infer<typeof ToolCall>

/** An image that is sent along, as base64. */
export const ModelImage = z.strictObject({
  media_type: z.enum(["image/png", "image/jpeg", "image/webp", "image/gif"]),
  data: z.base64().max(20_000_000),
})
export type ModelImage = z.infer<typeof ModelImage>

const content = z.string().max(2_000_000)

export const ModelMessage = z.discriminatedUnion("role", [
  z.strictObject({ role: z.literal("system"), content }),
  z.strictObject({ role: z.literal("user"), content, images: z.array(ModelImage).max(20).optional() }),
  z.strictObject({
    role: z.literal("assistant"),
    content,
    tool_calls: z.array(ToolCall).max(128).optional(),
  }),
  /** What a tool answered. */
  z.strictObject({
    role: z.literal("tool"),
    content,
    tool_call_id: z.string().min(1).max(200),
    name: z.string().min(1).max(64),
    is_error: z.boolean().optional(),
  }),
])
export type ModelMessage = z.infer<typeof ModelMessage>

/** A tool as a model is told of it. */
export const ToolSpec = z.strictObject({
  name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/),
  description: z.string().max(10_000),
  input_schema: z.record(z.string(), z.json()),
})
export type ToolSpec = z.infer<typeof ToolSpec>

/** One question to a model, in no vendor's words. Providers translate it. */
export const ModelCall = z.strictObject({
  model: z.string().min(1).max(200),
  messages: z.array(ModelMessage).min(1).max(1_000),
  temperature: z.number().min(0).max(2).optional(),
  max_tokens: z.int().min(1).max(1_000_000).optional(),
  /** JSON Schema 2020-12. The answer is then JSON that fits it, or the call fails with `model.bad_output`. */
  output_schema: z.record(z.string(), z.json()).optional(),
  tools: z.array(ToolSpec).max(128).optional(),
  tool_choice: z.enum(["auto", "none", "required"]).optional(),
})
export type ModelCall = z.infer<typeof ModelCall>
