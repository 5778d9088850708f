import * as z from "zod"

export const ModelMessage = z.strictObject({
  role: z.enum(["system", "user", "assistant"]),
  content: z.string().max(2_000_000),
})
export type ModelMessage = z.infer<typeof ModelMessage>

/** One question to a model, in no vendor's words. Providers translate it. */
export const ModelCall = z.strictObject({
  model: z.string().min(1).max(200),
  messages: z.array(ModelMessage).min(1).max(1_000),
  temperature: z.number().min(0).max(2).optional(),
  max_tokens: z.int().min(1).max(1_000_000).optional(),
  /** JSON Schema 2020-12. The answer is then JSON that fits it, or the call fails with `model.bad_output`. */
  output_schema: z.record(z.string(), z.json()).optional(),
})
export type ModelCall = z.infer<typeof ModelCall>
