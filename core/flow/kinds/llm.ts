import * as z from "zod"
import { JsonSchema } from "#core/flow/graph"
import { ProviderId } from "#core/ids"
import { common, errorHandle, firstLine, out, stringsIn, type Kind } from "./kind.ts"

export const LlmData = z.strictObject({
  llm_provider_id: ProviderId.optional().meta({
    title: "Provider",
    description: "Empty: the tenant's default provider",
  }),
  model: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .meta({ title: "Model", description: "Empty: the provider's default model" }),
  system: z.string().max(100_000).optional().meta({ title: "System prompt" }),
  prompt: z.string().min(1, { error: "Write the prompt" }).max(200_000).meta({ title: "Prompt" }),
  output_schema: JsonSchema.optional().meta({
    title: "Output schema",
    description: "JSON Schema; the output is then an object that fits it",
  }),
  temperature: z.number().min(0).max(2).optional().meta({ title: "Temperature" }),
  max_tokens: z.int().min(1).max(200_000).optional().meta({ title: "Most tokens" }),
  ...common,
})
export type LlmData = z.infer<typeof LlmData>

export const llm: Kind = {
  type: "llm",
  title: "Model",
  summary: "Asks a language model",
  family: "models",
  icon: "sparkles",
  act: "model",
  data: LlmData,
  takesInput: true,
  handles: () => [out, errorHandle],
  expressions: (data) => [...stringsIn(data["system"], "system"), ...stringsIn(data["prompt"], "prompt")],
  substance: (data) => firstLine(data["model"]) || firstLine(data["prompt"]) || "Default model",
}
