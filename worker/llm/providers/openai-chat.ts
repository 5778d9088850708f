import { createOpenAICompatible } from "@ai-sdk/openai-compatible"
import type { ModelCall } from "#core/llm/call"
import type { ProviderIo, ProviderPart } from "../provider.ts"
import type { OpenAiAccess } from "../target.ts"
import { bearer, checkedBase, type Account } from "./account.ts"
import { fetchOfCall, keptModel, type CallOptions, type LanguageModel } from "./library.ts"
import { toOptions } from "./prompt.ts"
import { schemaInWords } from "./schema-words.ts"
import { streamLibrary } from "./stream.ts"
import { isStrictSchema } from "./strict-schema.ts"

/** Chat completions as OpenAI defined them, by the AI SDK's translation. */

/** In what a vendor differs from the others. */
export type ChatDialect = {
  name: string
  transformBody?: (body: Record<string, unknown>) => Record<string, unknown>
}

type ChatAccount = Account & OpenAiAccess & { model: string }

export function streamChat(
  dialect: ChatDialect,
  account: ChatAccount,
  call: ModelCall,
  io: ProviderIo,
): AsyncGenerator<ProviderPart, void, undefined> {
  const structured = account.structured_output ?? "json_schema"
  const model = chatModel(dialect, checkedBase(account), account.model, structured)
  return streamLibrary(model, optionsOf(dialect, structured, call), account, bearer(account), io)
}

type Structured = NonNullable<OpenAiAccess["structured_output"]>

const chatModel = (
  { name, transformBody }: ChatDialect,
  baseURL: string,
  model: string,
  structured: Structured,
): LanguageModel =>
  keptModel([name, baseURL, model, structured], () =>
    createOpenAICompatible({
      name,
      baseURL,
      fetch: fetchOfCall,
      includeUsage: true,
      supportsStructuredOutputs: structured === "json_schema",
      ...(transformBody ? { transformRequestBody: transformBody } : {}),
    }).chatModel(model),
  )

function optionsOf({ name }: ChatDialect, structured: Structured, call: ModelCall): CallOptions {
  const { output_schema: schema } = call
  if (!schema) return toOptions(call)
  const told = structured === "json_schema" ? call : schemaInWords(call, schema)
  if (structured === "words") return toOptions(told)
  return {
    ...toOptions(told),
    responseFormat: { type: "json", schema, name: "answer" },
    providerOptions: { [name]: { strictJsonSchema: isStrictSchema(schema) } },
  }
}
