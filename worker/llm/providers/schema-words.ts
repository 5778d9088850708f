import type { JsonObject } from "#core/json"
import type { ModelCall } from "#core/llm/call"

/** The call with its schema put into words, for servers that take none. */
export const schemaInWords = (call: ModelCall, schema: JsonObject): ModelCall => ({
  ...call,
  messages: [
    {
      role: "system",
      content: `Answer with JSON only, no other words. It must fit this JSON Schema:\n${JSON.stringify(schema)}`,
    },
    ...call.messages,
  ],
})
